#include "crypto/equal.h"

#include <cstddef>
#include <string>

#include "doctest/doctest.h"

namespace sluice::crypto {
namespace {

TEST_SUITE("crypto/equal") {
  TEST_CASE("bytes are equal when every one is") {
    CHECK(equal("", ""));
    CHECK(equal("secret", "secret"));
    CHECK(equal(ByteView("a\0b", 3), ByteView("a\0b", 3)));
    CHECK_FALSE(equal(ByteView("a\0b", 3), ByteView("a\0c", 3)));
  }

  TEST_CASE("one bit anywhere makes a difference") {
    const std::string bytes(32, 'x');
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      for (int bit = 0; bit < 8; ++bit) {
        std::string other = bytes;
        other[i] = static_cast<char>(other[i] ^ (1 << bit));
        CHECK_FALSE(equal(bytes, other));
      }
    }
  }

  TEST_CASE("a prefix is not equal") {
    CHECK_FALSE(equal("secret", "secre"));
    CHECK_FALSE(equal("secret", ""));
    CHECK_FALSE(equal("", "secret"));
  }

  TEST_CASE("a wiped string is empty") {
    Bytes secret = "secret";
    wipe(secret);
    CHECK(secret.empty());
  }
}

}  // namespace
}  // namespace sluice::crypto
