// Private keys, for signing what we send: the same forms as public keys (public_key.h).
//
//   -----BEGIN PRIVATE KEY-----       PKCS#8 (RFC 5958), not encrypted
//   -----BEGIN RSA PRIVATE KEY-----   PKCS#1 (RFC 8017), with its primes
//   -----BEGIN EC PRIVATE KEY-----    SEC 1 (RFC 5915), with its curve
//   base64 of their DER, or the DER   {"kty":...,"d":...}, a JWK
//   whsk_..., hex or base64           Ed25519: the seed of 32 bytes, or seed and public key
//
// A private key cannot be copied, and wipes itself.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/public_key.h"

namespace sluice::crypto {

struct PrivateKey {
  KeyKind kind = KeyKind::kRsa;
  PublicKey public_half;
  Bytes secret;  // P-256, P-384: the scalar, as long as the field; Ed25519: seed || public key.
  // RSA, in the names of RFC 8017.
  Bytes p;
  Bytes q;
  Bytes dp;
  Bytes dq;
  Bytes iq;

  PrivateKey() = default;
  PrivateKey(const PrivateKey&) = delete;
  PrivateKey& operator=(const PrivateKey&) = delete;
  PrivateKey(PrivateKey&&) = default;
  PrivateKey& operator=(PrivateKey&& other) noexcept;
  ~PrivateKey();
};

// Where the text also holds the public half, the two have to belong together.
[[nodiscard]] Result<PrivateKey> parse_private_key(ByteView text);

// Ed25519 in its bare forms alone (whsk_, hex, base64): for a caller that signs with nothing else,
// so that no other kind of key is linked into it.
[[nodiscard]] Result<PrivateKey> parse_ed25519_seed(ByteView text);

[[nodiscard]] PublicKey public_of(const PrivateKey& key);

}  // namespace sluice::crypto
