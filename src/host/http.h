// HTTP as the core sees it: whole messages, capped, under one deadline.
//
// The host follows no redirect, counts the body against the deadline and the cap, and says of a
// failed request why it failed and whether the peer may have seen it. A request that the peer may
// have seen is a possible duplicate when it is sent again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

#include "base/bytes.h"
#include "base/headers.h"
#include "base/result.h"
#include "base/time.h"
#include "task/task.h"

namespace sluice::inline host {

struct HttpRequest {
  std::string method;
  std::string url;  // Canonical, and allowed by codec/url's policy.
  Headers headers;
  Bytes body;
  Duration timeout;                // Total: connecting, sending, and reading the body.
  std::uint32_t response_max = 0;  // Bytes of the response body kept.
  bool private_allowed = false;    // The manifest names this host as private, for development.
};

struct HttpResponse {
  std::uint16_t status = 0;
  Headers headers;  // Names in lower case.
  Bytes body;
  bool truncated = false;  // The body went on past `response_max`.
};

enum class HttpFault : std::uint8_t {
  kDns = 1,
  kConnect = 2,
  kTls = 3,
  kTimeout = 4,
  kAborted = 5,  // The peer closed, or answered what is not HTTP.
  kTooLarge = 6,
  kBlocked = 7,  // The host refuses the resolved address.
};

// The stable lower-case name of a fault.
[[nodiscard]] std::string_view name(HttpFault fault);

struct HttpFailure {
  HttpFault fault{};
  bool maybe_seen = false;  // The peer may have got the request.
};

using HttpOutcome = std::variant<HttpResponse, HttpFailure>;

class Http {
 public:
  Http() = default;
  Http(const Http&) = delete;
  Http& operator=(const Http&) = delete;
  virtual ~Http() = default;

  // Errors: kOverloaded, kBudget, kNoCapability (nothing was sent), kCancelled (may be seen).
  virtual Task<Result<HttpOutcome>> fetch(HttpRequest request) = 0;
};

}  // namespace sluice::inline host
