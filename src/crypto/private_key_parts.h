// Private keys from their numbers, whatever form these came in. For the parsers of forms.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/private_key.h"

namespace sluice::crypto {

// Big-endian magnitudes; leading zeros are dropped.
struct RsaNumbers {
  ByteView n;
  ByteView e;
  ByteView p;
  ByteView q;
  ByteView dp;
  ByteView dq;
  ByteView iq;
};

[[nodiscard]] Result<PrivateKey> rsa_private_key(const RsaNumbers& numbers);
[[nodiscard]] Result<PrivateKey> ec_private_key(KeyKind curve, ByteView scalar);
// The seed of 32 bytes, or seed || public key.
[[nodiscard]] Result<PrivateKey> ed25519_private_key(ByteView bytes);

// The content of a SEQUENCE: PKCS#8, PKCS#1 or SEC 1.
[[nodiscard]] Result<PrivateKey> private_key_of_der(ByteView content);

}  // namespace sluice::crypto
