// The public operation of RSA (RFC 8017, 5.2.2): a block, to the power of a public exponent, modulo
// the modulus.
#pragma once

#include "base/bytes.h"

namespace sluice::crypto {

// In words of 31 bits, for machines that do not multiply 64 bits by 64. `modulus` is odd and has no
// leading zeros, at most 4096 bits; `exponent` is odd. False where they are not, or where the block
// is not as long as the modulus and below it.
[[nodiscard]] bool rsa_public_31(ByteView modulus, ByteView exponent, Bytes& block);

// The fastest that this machine has, under the same conditions.
[[nodiscard]] bool rsa_public(ByteView modulus, ByteView exponent, Bytes& block);

}  // namespace sluice::crypto
