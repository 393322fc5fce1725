// RSA signatures (RFC 8017) over a digest: PKCS#1 v1.5 and PSS.
//
// Verifying PKCS#1 v1.5 builds the one block that the digest allows and compares it whole, so
// there is nothing to parse; a DigestInfo without its NULL, which few signers ever made, is
// refused. PSS takes its digest's hash for MGF1 and a salt of the digest's length, which is what
// JWS (RFC 7518) and TLS fix and what providers send.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/hash.h"
#include "crypto/private_key.h"
#include "crypto/public_key.h"

namespace sluice::crypto {

enum class RsaPadding : std::uint8_t { kPkcs1, kPss };

[[nodiscard]] bool rsa_verify(const PublicKey& key, RsaPadding padding, HashKind kind,
                              ByteView digest, ByteView signature);

// `salt` is for PSS, and as long as the digest. What comes out is checked with the public half, so
// a key whose numbers do not belong together signs nothing, and no fault gives a prime away.
[[nodiscard]] Result<Bytes> rsa_sign(const PrivateKey& key, RsaPadding padding, HashKind kind,
                                     ByteView digest, ByteView salt);

}  // namespace sluice::crypto
