#include "crypto/sha256_blocks.h"

#include <sodium.h>

#include <bit>
#include <cstring>

#if defined(__clang__)
#define SLUICE_UNROLL _Pragma("unroll")
#else
#define SLUICE_UNROLL _Pragma("GCC unroll 16")
#endif

namespace sluice::crypto {
namespace {

std::uint32_t read_word(const std::uint8_t* bytes) {
  std::uint32_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return std::endian::native == std::endian::little ? __builtin_bswap32(word) : word;
}

// std::rotr takes an int or an unsigned, as the library's version has it.
std::uint32_t rotated(std::uint32_t word, int by) { return word >> by | word << (32 - by); }

std::uint32_t small_sigma(std::uint32_t word, int first, int second, int shift) {
  return rotated(word, first) ^ rotated(word, second) ^ word >> shift;
}

// The three rotations one inside the other, which takes fewer copies of the word.
std::uint32_t big_sigma(std::uint32_t word, int first, int second, int third) {
  const std::uint32_t inner = rotated(word, third - second) ^ word;
  return rotated(rotated(inner, second - first) ^ word, first);
}

enum class Schedule : bool { kBlock, kNext };

// 16 rounds. The working variables turn by one name a round and the schedule is the last 16 of its
// words: unrolled, all of them stand in registers or at fixed places.
template <Schedule kSchedule>
void run_rounds(std::uint32_t (&v)[8], std::uint32_t (&w)[16], const std::uint32_t* constants) {
  SLUICE_UNROLL for (unsigned i = 0; i < 16; ++i) {
    if constexpr (kSchedule == Schedule::kNext) {
      w[i] += small_sigma(w[(i + 14) % 16], 17, 19, 10) + w[(i + 9) % 16] +
              small_sigma(w[(i + 1) % 16], 7, 18, 3);
    }
    const std::uint32_t a = v[(64 - i) % 8];
    const std::uint32_t b = v[(65 - i) % 8];
    const std::uint32_t c = v[(66 - i) % 8];
    const std::uint32_t e = v[(68 - i) % 8];
    const std::uint32_t f = v[(69 - i) % 8];
    const std::uint32_t g = v[(70 - i) % 8];
    std::uint32_t& h = v[(71 - i) % 8];
    const std::uint32_t chosen = ((f ^ g) & e) ^ g;
    const std::uint32_t majority = (a & b) | ((a | b) & c);
    const std::uint32_t sum = h + big_sigma(e, 6, 11, 25) + chosen + constants[i] + w[i];
    v[(67 - i) % 8] += sum;
    h = sum + big_sigma(a, 2, 13, 22) + majority;
  }
}

}  // namespace

void compress_portably(Sha256Words& state, const std::uint8_t* block, std::size_t count) {
  std::uint32_t w[16];
  for (; count > 0; --count, block += kSha256Block) {
    SLUICE_UNROLL for (unsigned i = 0; i < 16; ++i) w[i] = read_word(block + 4 * i);
    std::uint32_t v[8];
    SLUICE_UNROLL for (unsigned i = 0; i < 8; ++i) v[i] = state[i];
    run_rounds<Schedule::kBlock>(v, w, kSha256Round);
    for (unsigned round = 16; round < 64; round += 16) {
      run_rounds<Schedule::kNext>(v, w, kSha256Round + round);
    }
    SLUICE_UNROLL for (unsigned i = 0; i < 8; ++i) state[i] += v[i];
  }
  sodium_memzero(w, sizeof w);
}

}  // namespace sluice::crypto
