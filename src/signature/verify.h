// Is this request really from whom it says, and fresh?
//
// Checks run from cheap to dear, and none tells the sender anything: the reason is for the
// operator.
//
//   secrets -> headers there, once, well-formed -> time -> signature, every secret against every
//   candidate without stopping -> identity
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "crypto/hash.h"
#include "signature/fetched.h"
#include "signature/keys.h"
#include "signature/request.h"
#include "signature/scheme.h"

namespace sluice::signature {

// Numbered by hand and never renumbered: they are stored with refusals.
enum class Reason : std::uint8_t {
  kNoSecret = 1,
  kHeaderMissing = 2,
  kHeaderDuplicate = 3,
  kHeaderMalformed = 4,
  kTimestampMalformed = 5,
  kTimestampTooOld = 6,
  kTimestampTooNew = 7,
  kSignatureMalformed = 8,
  kSignatureMismatch = 9,
  kKeyExpired = 10,
  kSchemeUnknown = 11,
  kKeyUnknown = 12,      // The provider publishes no key of this id.
  kKeyUnavailable = 13,  // What the provider publishes could not be fetched.
};

// As logs, admin and the command line spell it: "timestamp_too_old".
[[nodiscard]] std::string_view name(Reason reason);

struct Accepted {
  std::size_t secret = 0;  // Which of the secrets matched.
  // Which of the scheme's rules named the delivery; none: the digest did, in hex.
  std::optional<std::size_t> identity_rule = std::nullopt;
  Bytes identity;
  bool identity_signed = true;
  // SHA-256 of the signed bytes, where the identity alone does not suffice: there is none, or it is
  // unsigned, and the request wants it.
  std::optional<crypto::Digest256> digest = std::nullopt;
  std::optional<Instant> signed_at;
};

struct Refusal {
  Reason reason{};
  std::string detail;  // For the operator: "clock skew 412 s". No bytes of the request.
};

// KeyWanted: there is no verdict before that document was fetched and put into the FetchedKeys.
using Verdict = std::variant<Accepted, Refusal, KeyWanted>;

[[nodiscard]] Verdict verify(const Scheme& scheme, const Keys& keys, const FetchedKeys& fetched,
                             const Request& request, Instant now);
// For schemes without published keys.
[[nodiscard]] Verdict verify(const Scheme& scheme, const Keys& keys, const Request& request,
                             Instant now);
[[nodiscard]] Verdict verify(const Scheme& scheme, const std::vector<Secret>& secrets,
                             const Request& request, Instant now);

// By the keys at hand, for the families that sign a message of parts: hmac, asymmetric, token, and
// a fetched key. `algorithm` is the scheme's, or the choice of a request that the scheme lets
// choose.
[[nodiscard]] Verdict verify_signed(const Scheme& scheme, Algorithm algorithm, const Keys& keys,
                                    const Request& request, Instant now);

}  // namespace sluice::signature
