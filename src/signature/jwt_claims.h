// The claims of a token, held against a scheme.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/time.h"
#include "codec/json.h"
#include "signature/verify.h"

namespace sluice::signature {

// None: `payload` is no JSON object, repeats a member, or is too deep.
[[nodiscard]] std::optional<codec::Json> parse_claims(ByteView payload);

// A text or number; a name that begins with a slash is a JSON pointer, others name a member.
// Empty where there is none.
[[nodiscard]] Bytes claim_text(const codec::Json& claims, std::string_view name);

// The scheme's own time, then `exp` and `nbf` where they are given.
[[nodiscard]] std::optional<Refusal> check_claimed_times(const TimeSite& site,
                                                         const codec::Json& claims, Instant now,
                                                         std::optional<Instant>& signed_at);

// `iss` and `aud`, where the scheme names them.
[[nodiscard]] std::optional<Refusal> check_parties(const JwtRule& rule, const codec::Json& claims);

// The digest of the body that a claim holds.
[[nodiscard]] std::optional<Refusal> check_claimed_digest(const BodyDigest& digest,
                                                          const codec::Json& claims,
                                                          const Request& request);

// The text that such a claim has for `body`.
[[nodiscard]] std::string digest_text(const BodyDigest& digest, ByteView body);

}  // namespace sluice::signature
