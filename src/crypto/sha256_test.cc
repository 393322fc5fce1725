// The published digests are in hash_test.cc; here every length and cut is held against libsodium's.
#include "crypto/sha256.h"

#include <sodium.h>

#include <string>

#include "base/prng.h"
#include "crypto/sha256_blocks.h"
#include "doctest/doctest.h"

namespace sluice::crypto {
namespace {

std::string theirs(std::string_view bytes) {
  std::string out(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(as_u8(out), as_u8(bytes), bytes.size());
  return out;
}

std::string ours(Sha256State state) {
  std::string out(32, '\0');
  state.finish(as_u8(out));
  return out;
}

std::string drawn(Prng& random, std::size_t size) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random.next());
  return bytes;
}

TEST_SUITE("crypto/sha256") {
  TEST_CASE("every length up to five blocks has the digest that libsodium gives it") {
    Prng random(1);
    for (std::size_t size = 0; size <= 5 * Sha256State::kBlock; ++size) {
      const std::string bytes = drawn(random, size);
      Sha256State state;
      state.update(bytes);
      CHECK_MESSAGE(ours(state) == theirs(bytes), size);
    }
  }

  TEST_CASE("so has a stream in pieces of any size, and a copy of it goes its own way") {
    Prng random(2);
    for (int i = 0; i < 300; ++i) {
      std::string all;
      Sha256State state;
      const auto pieces = 1 + random.below(8);
      for (std::uint64_t piece = 0; piece < pieces; ++piece) {
        const std::string bytes = drawn(random, static_cast<std::size_t>(random.below(200)));
        state.update(bytes);
        all += bytes;
        CHECK(ours(state) == theirs(all));
      }
    }
  }

  TEST_CASE("the processor's instructions and the portable code are one function") {
    const Sha256Compress compress_by_instructions = sha256_instructions();
    if (compress_by_instructions == nullptr) return;  // The cases above tried the portable code.
    Prng random(3);
    for (std::size_t count = 0; count <= 9; ++count) {
      const std::string blocks = drawn(random, count * kSha256Block);
      Sha256Words portable{};
      for (auto& word : portable) word = static_cast<std::uint32_t>(random.next());
      Sha256Words instructed = portable;
      compress_portably(portable, as_u8(blocks), count);
      compress_by_instructions(instructed, as_u8(blocks), count);
      CHECK_MESSAGE(instructed == portable, count);
    }
  }

  TEST_CASE("the size is counted beyond 32 bits") {
    // As many bytes as that, without hashing them: only the count differs from a short stream.
    Sha256State state;
    state.size = (std::uint64_t{1} << 32) + 3;
    Sha256State low = state;
    low.size = 3;
    CHECK(ours(state) != ours(low));
    crypto_hash_sha256_state reference;
    crypto_hash_sha256_init(&reference);
    crypto_hash_sha256_update(&reference, as_u8(std::string_view("\0\0\0", 3)), 3);
    reference.count = state.size << 3;
    std::string out(32, '\0');
    crypto_hash_sha256_final(&reference, as_u8(out));
    CHECK(ours(state) == out);
  }
}

}  // namespace
}  // namespace sluice::crypto
