// http and https URLs in one canonical form, and the policy for where requests may go.
//
//   HTTPS://Example.COM:443/a?b#c   is   https://example.com/a?b
//   http://0x7f.1/                  is   http://127.0.0.1/
//
// The host is canonicalised as browsers do, because the policy must judge what the platform's
// fetch will connect to and not how it was spelled.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "codec/address.h"

namespace sluice::codec {

inline constexpr std::size_t kUrlMax = 8192;

struct Url {
  bool secure = true;                                // https.
  std::string host;                                  // Canonical; IPv6 in brackets.
  std::variant<std::monostate, Ipv4, Ipv6> address;  // When the host is a literal.
  std::uint16_t port = 443;                          // Effective.
  std::string userinfo;                              // As written, without the '@'.
  bool has_userinfo = false;
  std::string path = "/";            // Begins with a slash.
  std::optional<std::string> query;  // Without the '?'.
};

// Refuses other schemes, relative references, control bytes, spaces and non-ASCII bytes anywhere,
// a backslash, a host that is empty or holds forbidden bytes (also after percent-decoding), a port
// that is none. A fragment is dropped.
[[nodiscard]] Result<Url> parse_url(std::string_view text);

// The one spelling. Without userinfo, and without the port where it is the scheme's own.
[[nodiscard]] std::string canonical(const Url& url);
// "host" or "host:port", as a Host header carries it.
[[nodiscard]] std::string authority(const Url& url);
// "https://host:port", without anything behind it: what an admin may see of a URL with secrets.
[[nodiscard]] std::string origin(const Url& url);

// Every byte outside A-Z a-z 0-9 - . _ ~ as %XX.
[[nodiscard]] std::string percent_encode(std::string_view text);
// Strict: a '%' without two hex digits is refused.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);

// Appends name=value to the query, both percent-encoded.
void append_query(Url& url, std::string_view name, std::string_view value);

struct UrlPolicy {
  // Exactly these hosts, "host" (any port) or "host:port", may be private, plain http, and on any
  // port. For development.
  std::vector<std::string> private_hosts;
  std::vector<std::uint16_t> ports = {80, 443, 8080, 8443};
};

// Whether requests may go there: https to a public name or address on a usual port, or a listed
// private host. The error is kBlocked and its context says which rule.
[[nodiscard]] Result<void> check_public(const Url& url, const UrlPolicy& policy);

}  // namespace sluice::codec
