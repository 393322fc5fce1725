// SHA-256 (FIPS 180-4) as a plain value: copying it forks the stream.
//
// Written out here, where everything else is a library's, because every webhook pays for it several
// times: libsodium's keeps its state in memory and its schedule in single words, which takes 1.75
// times as long in wasm, and knows no SHA instructions, which make it five times as fast natively.
// Tests hold it against libsodium's and the vectors of NIST and Wycheproof.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "crypto/sha256_blocks.h"

namespace sluice::crypto {

struct Sha256State {
  static constexpr std::size_t kBlock = kSha256Block;

  Sha256Words words{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::uint64_t size = 0;                   // Bytes so far.
  std::array<std::uint8_t, kBlock> held{};  // The `size % kBlock` bytes that are no block yet.

  void update(ByteView bytes);
  // Writes 32 bytes; the state is used up.
  void finish(std::uint8_t* out);
};

}  // namespace sluice::crypto
