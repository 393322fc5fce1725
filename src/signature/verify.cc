#include "signature/verify.h"

#include "signature/certificate_signature.h"
#include "signature/jwt.h"
#include "signature/message_signature.h"

namespace sluice::signature {

std::string_view name(Reason reason) {
  switch (reason) {
    case Reason::kNoSecret: return "no_secret";
    case Reason::kHeaderMissing: return "header_missing";
    case Reason::kHeaderDuplicate: return "header_duplicate";
    case Reason::kHeaderMalformed: return "header_malformed";
    case Reason::kTimestampMalformed: return "timestamp_malformed";
    case Reason::kTimestampTooOld: return "timestamp_too_old";
    case Reason::kTimestampTooNew: return "timestamp_too_new";
    case Reason::kSignatureMalformed: return "signature_malformed";
    case Reason::kSignatureMismatch: return "signature_mismatch";
    case Reason::kKeyExpired: return "key_expired";
    case Reason::kSchemeUnknown: return "scheme_unknown";
    case Reason::kKeyUnknown: return "key_unknown";
    case Reason::kKeyUnavailable: return "key_unavailable";
  }
  return "signature_mismatch";
}

Verdict verify(const Scheme& scheme, const Keys& keys, const Request& request, Instant now) {
  return verify(scheme, keys, FetchedKeys(), request, now);
}

Verdict verify(const Scheme& scheme, const Keys& keys, const FetchedKeys& fetched,
               const Request& request, Instant now) {
  if (scheme.family == Family::kJwt) return verify_jwt(scheme, keys, fetched, request, now);
  if (scheme.family == Family::kMessageSignature) {
    return verify_message_signature(scheme, keys, fetched, request, now);
  }
  if (scheme.family == Family::kX509Url) {
    return verify_certificate_signature(scheme, fetched, request, now);
  }
  return verify_signed(scheme, scheme.algorithm, keys, request, now);
}

Verdict verify(const Scheme& scheme, const std::vector<Secret>& secrets, const Request& request,
               Instant now) {
  return verify(scheme, prepare(scheme, secrets), request, now);
}

}  // namespace sluice::signature
