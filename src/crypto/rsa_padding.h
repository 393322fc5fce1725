// The blocks that RSA signs (RFC 8017, section 9): a digest, dressed up to the modulus's length.
#pragma once

#include <optional>

#include "base/bytes.h"
#include "crypto/hash.h"

namespace sluice::crypto {

// EMSA-PKCS1-v1_5: 00 01 ff..ff 00 DigestInfo, `size` bytes; at least 256.
[[nodiscard]] Bytes pkcs1_block(HashKind kind, ByteView digest, std::size_t size);

// EMSA-PSS for a modulus of `bits` bits, as long as the modulus; the salt is the digest's length.
[[nodiscard]] Bytes pss_block(HashKind kind, ByteView digest, ByteView salt, std::size_t bits);
[[nodiscard]] bool is_pss_block(HashKind kind, ByteView digest, ByteView block, std::size_t bits);

}  // namespace sluice::crypto
