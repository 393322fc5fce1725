// The algorithms that schemes name, and what follows from the name.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice::signature {

enum class Family : std::uint8_t {
  kHmac = 1,
  kAsymmetric = 2,        // Public keys that the operator configures.
  kToken = 3,             // A shared text sent as it is: it proves the sender, and nothing else.
  kJwt = 4,               // A JSON Web Token, with a digest of the body among its claims.
  kX509Url = 5,           // A public key or certificate fetched from the provider.
  kMessageSignature = 6,  // RFC 9421.
};

enum class Algorithm : std::uint8_t {
  kHmacSha1 = 1,
  kHmacSha256 = 2,
  kHmacSha384 = 3,
  kHmacSha512 = 4,
  kSha256SecretFirst = 5,  // SHA-256(secret, message): its length can be extended. Legacy.
  kHmacMd5 = 6,            // Legacy.
  kEd25519 = 10,
  kRsaPkcs1Md5 = 11,  // Legacy.
  kRsaPkcs1Sha1 = 12,
  kRsaPkcs1Sha256 = 13,
  kRsaPkcs1Sha384 = 14,
  kRsaPkcs1Sha512 = 15,
  kRsaPssSha256 = 16,
  kRsaPssSha384 = 17,
  kRsaPssSha512 = 18,
  kEcdsaP256Sha256 = 19,
  kEcdsaP384Sha384 = 20,
};

// "hmac", "asymmetric", "token", "jwt", "x509-url", "message-signature".
[[nodiscard]] std::string_view name(Family family);
[[nodiscard]] std::optional<Family> parse_family(std::string_view text);

// "hmac-sha256", "rsa-pkcs1-sha256", "ecdsa-p256-sha256".
[[nodiscard]] std::string_view name(Algorithm algorithm);
[[nodiscard]] std::optional<Algorithm> parse_algorithm(std::string_view text);

// Keyed by a secret that both sides hold.
[[nodiscard]] bool is_symmetric(Algorithm algorithm);

// Broken enough that a scheme has to say that it is meant.
[[nodiscard]] bool is_legacy(Algorithm algorithm);

}  // namespace sluice::signature
