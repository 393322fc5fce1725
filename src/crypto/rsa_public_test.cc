#include "crypto/rsa_public.h"

#include <bearssl.h>

#include <cstddef>
#include <optional>

#include "base/prng.h"
#include "doctest/doctest.h"

namespace sluice::crypto {
namespace {

Bytes random_bytes(Prng& prng, std::size_t size) {
  Bytes bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(prng.below(256));
  return bytes;
}

// Odd, and of exactly that many bytes.
Bytes modulus_of(Prng& prng, std::size_t size) {
  Bytes modulus = random_bytes(prng, size);
  if (modulus.front() == '\0') modulus.front() = '\x01';
  modulus.back() = static_cast<char>(modulus.back() | 1);
  return modulus;
}

std::optional<Bytes> by_bearssl(Bytes modulus, Bytes exponent, Bytes block) {
  const br_rsa_public_key key{
      .n = as_u8(modulus), .nlen = modulus.size(), .e = as_u8(exponent), .elen = exponent.size()};
  if (br_rsa_i31_public(as_u8(block), block.size(), &key) != 1) return std::nullopt;
  return block;
}

std::optional<Bytes> by_ours(const Bytes& modulus, const Bytes& exponent, Bytes block) {
  if (!rsa_public_31(modulus, exponent, block)) return std::nullopt;
  return block;
}

}  // namespace

TEST_SUITE("crypto/rsa_public") {
  TEST_CASE("powers are those of BearSSL, whatever the lengths and the exponent") {
    const Bytes exponents[] = {
        Bytes("\x03"),    Bytes("\x11"), Bytes("\x01\x00\x01", 3), Bytes("\x00\x01\x00\x01", 4),
        Bytes(8, '\xff'), Bytes("\x01"),
    };
    Prng prng(5);
    int reduced = 0;
    for (std::size_t size = 31; size <= 512; size += 13) {
      CAPTURE(size);
      const Bytes modulus = modulus_of(prng, size);
      const Bytes block = random_bytes(prng, size);
      for (const Bytes& exponent : exponents) {
        const auto expected = by_bearssl(modulus, exponent, block);
        CHECK(by_ours(modulus, exponent, block) == expected);
        reduced += expected ? 1 : 0;
      }
      const Bytes odd = modulus_of(prng, 1 + static_cast<std::size_t>(prng.below(8)));
      CHECK(by_ours(modulus, odd, block) == by_bearssl(modulus, odd, block));
    }
    CHECK(reduced > 50);
  }

  TEST_CASE("the machine's own operation says the same") {
    Prng prng(6);
    for (int i = 0; i < 20; ++i) {
      const Bytes modulus = modulus_of(prng, 256);
      Bytes block = random_bytes(prng, 256);
      block.front() = '\0';
      const Bytes exponent("\x01\x00\x01", 3);
      const auto expected = by_ours(modulus, exponent, block);
      CHECK(rsa_public(modulus, exponent, block));
      CHECK(expected == block);
    }
  }

  TEST_CASE("numbers at the edges") {
    Prng prng(7);
    const Bytes modulus = modulus_of(prng, 256);
    const Bytes exponent("\x01\x00\x01", 3);
    const Bytes zero(256, '\0');
    CHECK(by_ours(modulus, exponent, zero) == zero);
    Bytes one = zero;
    one.back() = '\x01';
    CHECK(by_ours(modulus, exponent, one) == one);
    Bytes last = modulus;  // Minus one, whose odd powers are itself.
    last.back() = static_cast<char>(last.back() - 1);
    CHECK(by_ours(modulus, exponent, last) == last);
    CHECK(!by_ours(modulus, exponent, modulus));
    CHECK(!by_ours(modulus, exponent, Bytes(256, '\xff')));
  }

  TEST_CASE("what is not of the form is refused") {
    Prng prng(8);
    const Bytes modulus = modulus_of(prng, 256);
    const Bytes exponent("\x01\x00\x01", 3);
    const Bytes one = Bytes(255, '\0') + '\x01';
    Bytes even = modulus;
    even.back() = static_cast<char>(even.back() & ~1);
    CHECK(!by_ours(even, exponent, one));
    CHECK(!by_ours('\0' + modulus.substr(1), exponent, one));
    CHECK(!by_ours(modulus_of(prng, 513), exponent, Bytes(512, '\0') + '\x01'));
    CHECK(!by_ours("", exponent, ""));
    CHECK(!by_ours(modulus, "", one));
    CHECK(!by_ours(modulus, Bytes(2, '\0'), one));
    CHECK(!by_ours(modulus, "\x02", one));
    CHECK(!by_ours(modulus, exponent, one.substr(1)));
    CHECK(!by_ours(modulus, exponent, '\0' + one));
  }
}

}  // namespace sluice::crypto
