#include "host/http.h"

namespace sluice::inline host {

std::string_view name(HttpFault fault) {
  switch (fault) {
    case HttpFault::kDns: return "dns";
    case HttpFault::kConnect: return "connect";
    case HttpFault::kTls: return "tls";
    case HttpFault::kTimeout: return "timeout";
    case HttpFault::kAborted: return "aborted";
    case HttpFault::kTooLarge: return "too_large";
    case HttpFault::kBlocked: return "blocked";
  }
  return "unknown";
}

}  // namespace sluice::inline host
