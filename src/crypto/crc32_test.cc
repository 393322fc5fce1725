#include "crypto/crc32.h"

#include "doctest/doctest.h"

namespace sluice::crypto {
namespace {

TEST_SUITE("crypto/crc32") {
  TEST_CASE("the check value of the CRC catalogue comes out") {
    CHECK(crc32("123456789") == 0xcbf43926u);
  }

  TEST_CASE("no byte, and the bytes of a JSON body") {
    CHECK(crc32("") == 0u);
    CHECK(crc32("The quick brown fox jumps over the lazy dog") == 0x414fa339u);
  }
}

}  // namespace
}  // namespace sluice::crypto
