// Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2: SHA256RNDS2, SHA256MSG1,
// SHA256MSG2; and `cpuid`, leaves 1 and 7, for who has them.
#include "crypto/sha256_blocks.h"

#include <cpuid.h>
#include <immintrin.h>
#include <sodium.h>

namespace sluice::crypto {
namespace {

#define SLUICE_SHA [[gnu::target("sha,sse4.1")]]

SLUICE_SHA __m128i load(const void* from) {
  return _mm_loadu_si128(static_cast<const __m128i*>(from));
}

// The instructions want the working variables as (f, e, b, a) and (h, g, d, c), lowest word first.
struct Variables {
  __m128i feba;
  __m128i hgdc;
};

SLUICE_SHA Variables arrange(const Sha256Words& state) {
  const __m128i badc = _mm_shuffle_epi32(load(state.data()), 0xb1);
  const __m128i hgfe = _mm_shuffle_epi32(load(state.data() + 4), 0x1b);
  return {.feba = _mm_alignr_epi8(badc, hgfe, 8), .hgdc = _mm_blend_epi16(hgfe, badc, 0xf0)};
}

SLUICE_SHA void store(const Variables& variables, Sha256Words& state) {
  const __m128i abef = _mm_shuffle_epi32(variables.feba, 0x1b);
  const __m128i ghcd = _mm_shuffle_epi32(variables.hgdc, 0xb1);
  auto* const to = reinterpret_cast<__m128i*>(state.data());
  _mm_storeu_si128(to, _mm_blend_epi16(abef, ghcd, 0xf0));
  _mm_storeu_si128(to + 1, _mm_alignr_epi8(ghcd, abef, 8));
}

// The next four words of the schedule, of the 16 before them.
SLUICE_SHA __m128i next(__m128i w0, __m128i w4, __m128i w8, __m128i w12) {
  const __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(w0, w4), _mm_alignr_epi8(w12, w8, 4));
  return _mm_sha256msg2_epu32(sum, w12);
}

bool has_instructions() {
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0) return false;
  const bool shuffles = (c & bit_SSSE3) != 0 && (c & bit_SSE4_1) != 0;
  if (!shuffles || __get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return false;
  return (b & bit_SHA) != 0;
}

SLUICE_SHA void compress_by_instructions(Sha256Words& state, const std::uint8_t* block,
                                         std::size_t count) {
  const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  Variables v = arrange(state);
  __m128i w[4];
  for (; count > 0; --count, block += kSha256Block) {
    const Variables before = v;
    for (unsigned four = 0; four < 16; ++four) {
      __m128i& now = w[four % 4];
      now = four < 4 ? _mm_shuffle_epi8(load(block + 16 * four), big_endian)
                     : next(now, w[(four + 1) % 4], w[(four + 2) % 4], w[(four + 3) % 4]);
      const __m128i sum = _mm_add_epi32(now, load(kSha256Round + 4 * four));
      v.hgdc = _mm_sha256rnds2_epu32(v.hgdc, v.feba, sum);
      v.feba = _mm_sha256rnds2_epu32(v.feba, v.hgdc, _mm_shuffle_epi32(sum, 0x0e));
    }
    v.feba = _mm_add_epi32(v.feba, before.feba);
    v.hgdc = _mm_add_epi32(v.hgdc, before.hgdc);
  }
  store(v, state);
  sodium_memzero(w, sizeof w);
}

}  // namespace

Sha256Compress sha256_instructions() {
  return has_instructions() ? compress_by_instructions : nullptr;
}

}  // namespace sluice::crypto
