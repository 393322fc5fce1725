#include "crypto/sha256_blocks.h"

#include <bit>
#include <cstring>

#if defined(__clang__)
#define SLUICE_UNROLL _Pragma("unroll")
#else
#define SLUICE_UNROLL _Pragma("GCC unroll 16")
#endif
#define SLUICE_INLINE [[gnu::always_inline]]

namespace sluice::crypto {
namespace {

// Four words of the schedule at a time. Compilers make of these what the processor has for
// vectors: in wasm its 128-bit ones, which is what they are arranged for.
using Words [[gnu::vector_size(16)]] = std::uint32_t;
using Pairs [[gnu::vector_size(16)]] = std::uint64_t;
using Octets [[gnu::vector_size(16)]] = std::uint8_t;

template <typename Vector>
Vector load(const void* from) {
  Vector vector;
  std::memcpy(&vector, from, sizeof vector);
  return vector;
}

Words read_words(const std::uint8_t* bytes) {
  const auto octets = load<Octets>(bytes);
  if constexpr (std::endian::native == std::endian::big) return reinterpret_cast<Words>(octets);
  return reinterpret_cast<Words>(__builtin_shufflevector(octets, octets, 3, 2, 1, 0, 7, 6, 5, 4, 11,
                                                         10, 9, 8, 15, 14, 13, 12));
}

Words small_sigma_0(Words w) { return (w >> 7 | w << 25) ^ (w >> 18 | w << 14) ^ w >> 3; }

// Of two words, each there twice: half of a pair that is shifted is its word rotated.
Words small_sigma_1(Words twice) {
  const auto pairs = reinterpret_cast<Pairs>(twice);
  return reinterpret_cast<Words>(pairs >> 17 ^ pairs >> 19) ^ twice >> 10;
}

// The next four words, of the 16 before them. The last two of these need the first two.
Words next_words(Words w0, Words w4, Words w8, Words w12) {
  const Words none{};
  const Words w1 = __builtin_shufflevector(w0, w4, 1, 2, 3, 4);
  const Words w9 = __builtin_shufflevector(w8, w12, 1, 2, 3, 4);
  const Words first = small_sigma_1(__builtin_shufflevector(w12, w12, 2, 2, 3, 3));
  const Words sum = w0 + small_sigma_0(w1) + w9 + __builtin_shufflevector(first, none, 0, 2, 4, 4);
  const Words last = small_sigma_1(__builtin_shufflevector(sum, sum, 0, 0, 1, 1));
  return sum + __builtin_shufflevector(none, last, 0, 0, 4, 6);
}

// std::rotr takes an int or an unsigned, as the library's version has it.
std::uint32_t rotated(std::uint32_t word, int by) { return word >> by | word << (32 - by); }

// The three rotations one inside the other, which takes fewer copies of the word.
std::uint32_t big_sigma(std::uint32_t word, int first, int second, int third) {
  const std::uint32_t inner = rotated(word, third - second) ^ word;
  return rotated(rotated(inner, second - first) ^ word, first);
}

// The working variables, which turn by one name a round instead of moving.
struct Variables {
  std::uint32_t v[8];
  std::uint32_t b_xor_c;  // A round's is the a ^ b of the round before.

  explicit Variables(const Sha256Words& state) : b_xor_c(state[1] ^ state[2]) {
    std::memcpy(v, state.data(), sizeof v);
  }

  // The round of this number; `sum` is its word and its constant.
  template <unsigned kRound>
  SLUICE_INLINE void run(std::uint32_t sum) {
    constexpr unsigned kAt = 64 - kRound;
    const std::uint32_t a = v[kAt % 8];
    const std::uint32_t b = v[(kAt + 1) % 8];
    const std::uint32_t e = v[(kAt + 4) % 8];
    std::uint32_t& h = v[(kAt + 7) % 8];
    // The two sides of a choice have no bit in common: adding them waits for less.
    const std::uint32_t chosen = (e & v[(kAt + 5) % 8]) + (~e & v[(kAt + 6) % 8]);
    const std::uint32_t a_xor_b = a ^ b;
    const std::uint32_t majority = (a_xor_b & b_xor_c) ^ b;
    sum = h + big_sigma(e, 6, 11, 25) + sum + chosen;
    v[(kAt + 3) % 8] += sum;
    h = sum + big_sigma(a, 2, 13, 22) + majority;
    b_xor_c = a_xor_b;
  }

  template <unsigned kRound>
  SLUICE_INLINE void run_four(const std::uint32_t* sums) {
    run<kRound>(sums[kRound]);
    run<kRound + 1>(sums[kRound + 1]);
    run<kRound + 2>(sums[kRound + 2]);
    run<kRound + 3>(sums[kRound + 3]);
  }
};

// Has rounds load what was stored as vectors. Compilers would take each word out of the vector
// instead, which is slower by a tenth.
void leave_in_memory(const std::uint32_t* sums) { asm volatile("" : : "r"(sums) : "memory"); }

}  // namespace

void compress_portably(Sha256Words& state, const std::uint8_t* block, std::size_t count) {
  alignas(Words) std::uint32_t sums[16];
  Words w[4];
  const auto set_sums = [&](unsigned i, const std::uint32_t* constants) {
    const Words four = w[i] + load<Words>(constants + 4 * i);
    std::memcpy(sums + 4 * i, &four, sizeof four);
  };
  for (; count > 0; --count, block += kSha256Block) {
    SLUICE_UNROLL for (unsigned i = 0; i < 4; ++i) {
      w[i] = read_words(block + 16 * i);
      set_sums(i, kSha256Round);
    }
    Variables variables(state);
    for (unsigned round = 16; round < 64; round += 16) {
      const auto renew = [&](unsigned i) {
        w[i] = next_words(w[i], w[(i + 1) % 4], w[(i + 2) % 4], w[(i + 3) % 4]);
        set_sums(i, kSha256Round + round);
      };
      leave_in_memory(sums);
      variables.run_four<0>(sums);
      renew(0);
      variables.run_four<4>(sums);
      renew(1);
      variables.run_four<8>(sums);
      renew(2);
      variables.run_four<12>(sums);
      renew(3);
    }
    leave_in_memory(sums);
    variables.run_four<0>(sums);
    variables.run_four<4>(sums);
    variables.run_four<8>(sums);
    variables.run_four<12>(sums);
    SLUICE_UNROLL for (unsigned i = 0; i < 8; ++i) state[i] += variables.v[i];
  }
  std::memset(sums, 0, sizeof sums);
  leave_in_memory(sums);
}

}  // namespace sluice::crypto
