// Signatures by public key, as providers sign webhooks: Ed25519, RSA and ECDSA.
//
// Verifying answers yes or no: a malformed signature, one of another length, and a key of another
// kind are all no. Ed25519 (RFC 8032) refuses keys and points of small order and encodings that
// are not canonical; ECDSA takes strict DER, or r || s of fixed length as JWS has it.
#pragma once

#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/hash.h"
#include "crypto/private_key.h"
#include "crypto/public_key.h"

namespace sluice::crypto {

enum class PublicAlgorithm : std::uint8_t {
  kEd25519 = 1,
  kRsaPkcs1Md5 = 2,
  kRsaPkcs1Sha1 = 3,
  kRsaPkcs1Sha256 = 4,
  kRsaPkcs1Sha384 = 5,
  kRsaPkcs1Sha512 = 6,
  kRsaPssSha256 = 7,
  kRsaPssSha384 = 8,
  kRsaPssSha512 = 9,
  kEcdsaP256Sha256 = 10,
  kEcdsaP384Sha384 = 11,
};

// How r and s of ECDSA are written; without meaning for the others.
enum class EcdsaForm : std::uint8_t { kDer = 1, kRaw = 2 };

// The kind of key that an algorithm takes.
[[nodiscard]] KeyKind key_kind(PublicAlgorithm algorithm);

// What an algorithm hashes with; SHA-512 for Ed25519.
[[nodiscard]] HashKind hash_kind(PublicAlgorithm algorithm);

// The message is its parts one after another.
[[nodiscard]] bool verify(PublicAlgorithm algorithm, EcdsaForm form, const PublicKey& key,
                          std::span<const ByteView> message, ByteView signature);

// `random` is for PSS alone, which takes as many bytes as its digest has: 64 serve every algorithm.
// The others are deterministic, ECDSA by RFC 6979. An error for a key of another kind.
[[nodiscard]] Result<Bytes> sign(PublicAlgorithm algorithm, EcdsaForm form, const PrivateKey& key,
                                 std::span<const ByteView> message,
                                 std::span<const std::uint8_t> random);

// What `sign` does for Ed25519, for a caller that signs with nothing else.
[[nodiscard]] Result<Bytes> sign_ed25519(const PrivateKey& key, std::span<const ByteView> message);

}  // namespace sluice::crypto
