#include "crypto/rsa_public.h"

#include <bearssl.h>

#include <array>
#include <cstddef>
#include <cstdint>

#include "crypto/key_der.h"

// BearSSL's arithmetic of large numbers, as its src/inner.h declares it; that header is not C++.
// The first word of a number is its length in bits, in words of 31 bits and the bits beyond them.
extern "C" {
void br_i31_decode(std::uint32_t* x, const void* src, std::size_t len);
std::uint32_t br_i31_decode_mod(std::uint32_t* x, const void* src, std::size_t len,
                                const std::uint32_t* m);
void br_i31_encode(void* dst, std::size_t len, const std::uint32_t* x);
std::uint32_t br_i31_ninv31(std::uint32_t x);
void br_i31_montymul(std::uint32_t* d, const std::uint32_t* x, const std::uint32_t* y,
                     const std::uint32_t* m, std::uint32_t m0i);
void br_i31_to_monty(std::uint32_t* x, const std::uint32_t* m);
}

namespace sluice::crypto {
namespace {

using Number = std::array<std::uint32_t, 2 + (kRsaBitsMax + 30) / 31>;

bool bit(ByteView number, std::size_t at) {
  const auto byte = static_cast<unsigned char>(number[number.size() - 1 - at / 8]);
  return (byte >> (at % 8) & 1) != 0;
}

}  // namespace

// BearSSL's own takes the exponent for a secret: a table, and a multiplication for every two bits,
// set or not. Here 65537 takes its 16 squarings and one more; and that one is by the block itself
// instead of its Montgomery form, which leads back out of that form.
bool rsa_public_31(ByteView modulus, ByteView exponent, Bytes& block) {
  while (!exponent.empty() && exponent.front() == 0) exponent.remove_prefix(1);
  if (modulus.empty() || modulus.size() > kRsaBytesMax || modulus.front() == 0) return false;
  if (exponent.empty() || !bit(exponent, 0) || !bit(modulus, 0)) return false;
  if (block.size() != modulus.size()) return false;

  Number m{};
  Number plain{};
  br_i31_decode(m.data(), modulus.data(), modulus.size());
  if (br_i31_decode_mod(plain.data(), block.data(), block.size(), m.data()) != 1) return false;
  const std::uint32_t inverse = br_i31_ninv31(m[1]);
  Number base = plain;
  br_i31_to_monty(base.data(), m.data());

  const std::size_t top = bit_length(exponent) - 1;
  if (top == 0) return true;  // To the power of one.
  Number power = base;
  Number next{};
  for (std::size_t at = top; at-- > 0;) {
    br_i31_montymul(next.data(), power.data(), power.data(), m.data(), inverse);
    power = next;
    if (!bit(exponent, at)) continue;
    const Number& factor = at == 0 ? plain : base;
    br_i31_montymul(next.data(), power.data(), factor.data(), m.data(), inverse);
    power = next;
  }
  br_i31_encode(block.data(), block.size(), power.data());
  return true;
}

bool rsa_public(ByteView modulus, ByteView exponent, Bytes& block) {
  if constexpr (sizeof(std::size_t) == 8) {
    if (const auto fast = br_rsa_i62_public_get()) {
      Bytes n(modulus);
      Bytes e(exponent);
      const br_rsa_public_key key{.n = as_u8(n), .nlen = n.size(), .e = as_u8(e), .elen = e.size()};
      return fast(as_u8(block), block.size(), &key) == 1;
    }
  }
  return rsa_public_31(modulus, exponent, block);
}

}  // namespace sluice::crypto
