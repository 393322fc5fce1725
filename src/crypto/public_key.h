// Public keys, as people paste them: whatever form a provider's page shows is taken.
//
//   -----BEGIN PUBLIC KEY-----        X.509 SubjectPublicKeyInfo (RFC 5280, 8410, 5480)
//   -----BEGIN RSA PUBLIC KEY-----    PKCS#1 (RFC 8017)
//   -----BEGIN CERTIFICATE-----       X.509; the key of its subject, with its validity
//   MIIBIjANBgkqhki...                base64 of the DER of any of these, or the DER itself
//   {"kty":"RSA","n":...}             JWK (RFC 7517, 7518, 8037)
//   whpk_..., 64 hex digits, base64   Ed25519, 32 bytes
//
// White space, a byte order mark, lost line breaks of a PEM and its "\n" in two characters are
// forgiven; what the bytes say is not: DER is read strictly, a point has to lie on its curve, and
// RSA has 2048 to 4096 bits and an odd exponent of at least 3.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"

namespace sluice::crypto {

enum class KeyKind : std::uint8_t { kRsa = 1, kP256 = 2, kP384 = 3, kEd25519 = 4 };

struct PublicKey {
  KeyKind kind = KeyKind::kRsa;
  Bytes a;  // RSA: the modulus; P-256, P-384: 04 || X || Y; Ed25519: the 32 bytes.
  Bytes b;  // RSA: the exponent. Both without leading zeros.
  // Of the certificate that the key came in.
  std::optional<Instant> not_before;
  std::optional<Instant> not_after;

  friend bool operator==(const PublicKey&, const PublicKey&) = default;
};

inline constexpr std::uint32_t kKeyTextMax = 64 * 1024;

// The error says what is wrong with the text. A private key is refused: it should not be here.
[[nodiscard]] Result<PublicKey> parse_public_key(ByteView text);

}  // namespace sluice::crypto
