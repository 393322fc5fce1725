// JSON Web Tokens (RFC 7519) as webhooks carry them: beside the body, with a digest of it among
// the claims, or as the body itself.
//
//   authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJpYXQiOjE1MzE0MjA2MTgsInNoYTI1NiI6Ii4uLiJ9.dBjf...
//                  prefix                      {"iat":1531420618,"sha256":"..."}
//                                               time: claim:iat   body_digest: claim:sha256
//
// A token is for one scheme: the algorithms that the scheme lists are all keyed by a shared secret
// or all by public keys, so that the text of a public key can never be taken for a secret. `exp`
// and `nbf` are obeyed wherever they are given, and off by as much as the scheme's future limit.
#pragma once

#include "base/result.h"
#include "signature/fetched.h"
#include "signature/sign.h"
#include "signature/verify.h"

namespace sluice::signature {

[[nodiscard]] Verdict verify_jwt(const Scheme& scheme, const Keys& keys, const FetchedKeys& fetched,
                                 const Request& request, Instant now);

// Makes a token by the first algorithm of the scheme and the first key that is valid, with the
// claims that the scheme asks for: time, issuer, audience, digest of the body, identity. A token
// that is the whole body cannot be made.
[[nodiscard]] Result<Signed> sign_jwt(const Scheme& scheme, const Keys& keys,
                                      const SignInput& input);

// Of a scheme of this family.
[[nodiscard]] Result<void> check_jwt(const Scheme& scheme);

}  // namespace sluice::signature
