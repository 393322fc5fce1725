#include "base/result.h"

namespace sluice::inline base {

Disposition disposition(Errc code) {
  switch (code) {
    case Errc::kOverloaded:
    case Errc::kIo:
    case Errc::kUnknownOutcome:
    case Errc::kTimeout:
    case Errc::kCancelled:
    case Errc::kBudget:
    case Errc::kConflict:
    case Errc::kFull:
    case Errc::kNotOwner: return Disposition::kRetry;
    case Errc::kBadArgument:
    case Errc::kTooBig:
    case Errc::kBlocked:
    case Errc::kMalformed:
    case Errc::kNotFound:
    case Errc::kUnauthorized: return Disposition::kRefuse;
    case Errc::kNoCapability:
    case Errc::kCorrupt:
    case Errc::kUnknownFormat: return Disposition::kReport;
  }
  return Disposition::kReport;
}

std::string_view name(Errc code) {
  switch (code) {
    case Errc::kBadArgument: return "bad_argument";
    case Errc::kTooBig: return "too_big";
    case Errc::kNoCapability: return "no_capability";
    case Errc::kOverloaded: return "overloaded";
    case Errc::kIo: return "io";
    case Errc::kUnknownOutcome: return "unknown_outcome";
    case Errc::kBlocked: return "blocked";
    case Errc::kTimeout: return "timeout";
    case Errc::kCancelled: return "cancelled";
    case Errc::kBudget: return "budget";
    case Errc::kConflict: return "conflict";
    case Errc::kMalformed: return "malformed";
    case Errc::kCorrupt: return "corrupt";
    case Errc::kUnknownFormat: return "unknown_format";
    case Errc::kFull: return "full";
    case Errc::kNotOwner: return "not_owner";
    case Errc::kNotFound: return "not_found";
    case Errc::kUnauthorized: return "unauthorized";
  }
  return "unknown";
}

}  // namespace sluice::inline base
