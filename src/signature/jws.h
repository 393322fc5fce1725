// JSON Web Signatures in compact form (RFC 7515).
//
//   eyJhbGciOi...  .  eyJpc3MiOi...  .  dBjftJeZ4CVP...
//   header            payload           signature          each in base64url without padding
//   |<------- what is signed ------>|
//
// The header says which algorithm made the signature, and is not believed: it only picks one of
// those that the scheme allows. Keys that a header brings along (jwk, jku, x5c, x5u) are never
// looked at.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "signature/algorithm.h"

namespace sluice::signature {

inline constexpr std::size_t kJwsMax = 256 * 1024;
inline constexpr std::size_t kJwsHeaderMax = 4096;  // Decoded.
inline constexpr std::size_t kKeyIdMax = 256;

struct Jws {
  std::string algorithm;  // As the header has it: "RS256".
  std::string key_id;     // Empty where the header names none.
  Bytes payload;
  Bytes signature;
  std::string_view signed_text;  // Header and payload as they stand in the text that was parsed.
};

// Errors: kMalformed, kTooBig. A header that repeats a member, or that names extensions which have
// to be understood ("crit"), is malformed: none is understood here.
[[nodiscard]] Result<Jws> parse_jws(std::string_view text);

// "HS256", "RS256", "PS256", "ES256", "EdDSA"; empty for an algorithm that JWS has no name for.
[[nodiscard]] std::string_view jose_name(Algorithm algorithm);
// Also by the newer name "Ed25519" (RFC 9864). None for "none" and everything else.
[[nodiscard]] std::optional<Algorithm> parse_jose_name(std::string_view text);

// The text that is signed: header and payload in base64url, and the dot between.
[[nodiscard]] std::string jws_signed_text(ByteView header, ByteView payload);

}  // namespace sluice::signature
