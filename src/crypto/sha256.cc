#include "crypto/sha256.h"

#include <sodium.h>

#include <algorithm>
#include <bit>
#include <cstring>

#if defined(__clang__)
#define SLUICE_UNROLL _Pragma("unroll")
#else
#define SLUICE_UNROLL _Pragma("GCC unroll 16")
#endif

namespace sluice::crypto {
namespace {

using Words = std::array<std::uint32_t, 8>;

// The fractional parts of the cube roots of the first 64 primes.
constexpr std::uint32_t kRound[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

std::uint32_t read_word(const std::uint8_t* bytes) {
  std::uint32_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return std::endian::native == std::endian::little ? __builtin_bswap32(word) : word;
}

void write_word(std::uint8_t* bytes, std::uint32_t word) {
  for (int i = 0; i < 4; ++i) bytes[i] = static_cast<std::uint8_t>(word >> (24 - 8 * i));
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

// Whole blocks.
void compress(Words& state, const std::uint8_t* block, std::size_t count) {
  std::uint32_t w[16];
  for (; count > 0; --count, block += Sha256State::kBlock) {
    SLUICE_UNROLL for (unsigned i = 0; i < 16; ++i) w[i] = read_word(block + 4 * i);
    std::uint32_t v[8];
    SLUICE_UNROLL for (unsigned i = 0; i < 8; ++i) v[i] = state[i];
    run_rounds<Schedule::kBlock>(v, w, kRound);
    for (unsigned round = 16; round < 64; round += 16) {
      run_rounds<Schedule::kNext>(v, w, kRound + round);
    }
    SLUICE_UNROLL for (unsigned i = 0; i < 8; ++i) state[i] += v[i];
  }
  sodium_memzero(w, sizeof w);
}

}  // namespace

void Sha256State::update(ByteView bytes) {
  const std::size_t used = size % kBlock;
  size += bytes.size();
  if (used > 0) {
    const std::size_t taken = std::min(bytes.size(), kBlock - used);
    std::memcpy(held.data() + used, bytes.data(), taken);
    bytes.remove_prefix(taken);
    if (used + taken < kBlock) return;
    compress(words, held.data(), 1);
  }
  const std::size_t blocks = bytes.size() / kBlock;
  if (blocks > 0) compress(words, as_u8(bytes), blocks);
  bytes.remove_prefix(blocks * kBlock);
  if (!bytes.empty()) std::memcpy(held.data(), bytes.data(), bytes.size());
}

void Sha256State::finish(std::uint8_t* out) {
  constexpr std::size_t kSizeAt = kBlock - 8;
  std::size_t used = size % kBlock;
  held[used++] = 0x80;
  if (used > kSizeAt) {
    std::memset(held.data() + used, 0, kBlock - used);
    compress(words, held.data(), 1);
    used = 0;
  }
  std::memset(held.data() + used, 0, kSizeAt - used);
  write_word(held.data() + kSizeAt, static_cast<std::uint32_t>(size >> 29));
  write_word(held.data() + kSizeAt + 4, static_cast<std::uint32_t>(size << 3));
  compress(words, held.data(), 1);
  for (std::size_t i = 0; i < words.size(); ++i) write_word(out + 4 * i, words[i]);
}

}  // namespace sluice::crypto
