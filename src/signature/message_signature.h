// HTTP message signatures (RFC 9421), with the body under a content-digest (RFC 9530).
//
//   content-digest:  sha-256=:X48E9q...=:
//   signature-input: sig1=("@method" "@target-uri" "content-digest");created=1618884473;keyid="k"
//   signature:       sig1=:MEUC...=:
//
// The sender lists what its signature covers, so the scheme says what it has to cover; by default
// that is the method, the target, and the digest of the body. The algorithm is the scheme's: a
// signature that claims another one is none. Of several signatures one that satisfies the scheme
// is enough; all others are passed over.
//
// The scheme's time is `field:created`, and `field:nonce` may name the delivery.
#pragma once

#include "base/result.h"
#include "signature/fetched.h"
#include "signature/sign.h"
#include "signature/verify.h"

namespace sluice::signature {

inline constexpr std::size_t kMessageSignaturesMax = 4;

// The name that RFC 9421 has for it: "rsa-pss-sha512"; empty where it has none.
[[nodiscard]] std::string_view message_signature_name(Algorithm algorithm);

[[nodiscard]] Verdict verify_message_signature(const Scheme& scheme, const Keys& keys,
                                               const FetchedKeys& fetched, const Request& request,
                                               Instant now);

// Adds content-digest, signature-input and signature; the first key that is valid signs.
[[nodiscard]] Result<Signed> sign_message(const Scheme& scheme, const Keys& keys,
                                          const SignInput& input);

// Of a scheme of this family.
[[nodiscard]] Result<void> check_message_signature(const Scheme& scheme);

}  // namespace sluice::signature
