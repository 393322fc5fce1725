// sluice.json as types: the integration as data.
//
// Everything here is checked: names have their form, references resolve, URLs are canonical and
// allowed, `env:NAME` is resolved. So the flows need not look twice. The text format with its
// JSON Schema is docs/manifest.schema.json; manifest/parse.h reads it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/headers.h"
#include "base/time.h"
#include "signature/scheme.h"
#include "signature/verify.h"

namespace sluice::manifest {

struct Source {
  std::string name;
  signature::Scheme scheme;
  std::vector<signature::Secret> secrets;
  std::vector<std::string> secret_names;  // As many: "env:NAME", for the operator.
  Duration dedupe = days(5);  // How long a delivery is recognised again: the provider's retries.
  std::uint32_t body_max = 1024 * 1024;
  std::string verify_token;  // What a provider sends to a handshake; empty for none.
  std::string public_url;    // As the provider knows it; empty: as the request says.
};

// The URL that the provider of a request was given, and may have signed. With `public_url`
// "https://a.example/" or "https://a.example/hooks/" the path and query of the request follow it;
// without the slash at its end it is the URL itself, and the query alone follows.
[[nodiscard]] std::string public_url(const Source& source, std::string_view origin,
                                     std::string_view target);

// How long a delivery of the source is recognised: at least as long as its signature is fresh.
[[nodiscard]] Duration recognised_for(const Source& source);

// One condition of a route: alternatives for one key; all conditions of a route must hold.
struct Condition {
  enum class From : std::uint8_t { kHeader, kBody };
  From from = From::kHeader;
  std::string key;  // A lower-case header name, or a JSON pointer.
  std::vector<std::string> any_of;
};

struct Route {
  std::string from;
  std::vector<Condition> when;
  std::vector<std::string> to;
  std::string order_by;  // A JSON pointer or `header:NAME`; empty for none.
};

enum class Order : std::uint8_t { kNone = 0, kKey = 1 };

struct Endpoint {
  std::string name;
  std::string url;  // Canonical.
  bool private_allowed = false;
  signature::Scheme scheme;
  std::vector<signature::Secret> secrets;
  Headers headers;
  Duration timeout = seconds(15);
  Order order = Order::kNone;
  bool strict = false;             // A dead head blocks its key.
  std::vector<Duration> schedule;  // Delay before attempt n + 1.
};

struct Step {
  enum class Paging : std::uint8_t { kNone, kNumber, kNext };
  std::string name;
  std::string url;  // Canonical, without the query parameters below.
  bool private_allowed = false;
  Headers headers;
  std::vector<std::pair<std::string, std::string>> query;  // With {begin}, {end} placeholders.
  std::string items;                                       // JSON pointers.
  std::string id;
  std::string time;
  Paging paging = Paging::kNone;
  std::string page;  // Query parameter, or JSON pointer to the next URL.
  Duration every = minutes(1);
  Duration overlap = minutes(1);
  Duration settle = seconds(5);
  Duration span_max = days(1);
  Duration backfill = days(365);  // How far back the first window begins.
  Duration timeout = seconds(30);
  std::vector<std::string> to;
};

struct Link {
  std::string name;
  std::string installation;  // Whose cell pulls.
  std::string url;           // Of the peer, canonical, no path.
  bool private_allowed = false;
  std::string peer_installation;
  std::string token;  // Bearer token at the peer.
  std::string stream;
  Duration every = seconds(30);
  Duration timeout = seconds(30);
};

struct Limits {
  std::uint32_t body_max = 1024 * 1024;
  Duration body_retention = days(7);
  Duration envelope_retention = days(90);
  std::uint64_t cell_bytes_max = 8ULL * 1024 * 1024 * 1024;
};

struct Manifest {
  std::string slug;
  std::string hash;  // 32 hex digits over the manifest's text; cells roll it out when it changes.
  std::vector<Source> sources;
  std::vector<Route> routes;
  std::vector<Endpoint> endpoints;
  std::vector<std::string> installations;  // `main` first, always.
  std::vector<Step> steps;
  std::vector<Link> links;
  Limits limits;
  std::vector<std::string> admin_tokens;  // Empty: admin is off.
  std::vector<std::string> private_hosts;

  [[nodiscard]] const Source* source(std::string_view name) const;
  [[nodiscard]] const Endpoint* endpoint(std::string_view name) const;
  [[nodiscard]] const Step* step(std::string_view name) const;
  [[nodiscard]] const Link* link(std::string_view name) const;
  [[nodiscard]] bool has_installation(std::string_view name) const;
};

}  // namespace sluice::manifest
