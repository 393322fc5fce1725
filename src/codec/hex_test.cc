#include "codec/hex.h"

#include "doctest/doctest.h"

namespace sluice::codec {
namespace {

TEST_SUITE("codec/hex") {
  TEST_CASE("every byte survives the way there and back") {
    Bytes bytes;
    for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
    CHECK(decode_hex(encode_hex(bytes), HexCase::kLowerOnly) == bytes);
    CHECK(encode_hex(ByteView("\x00\x7f\xff", 3)) == "007fff");
    CHECK(decode_hex("", HexCase::kLowerOnly) == Bytes());
  }

  TEST_CASE("upper case is read only where it is allowed") {
    CHECK(decode_hex("aBc0", HexCase::kAny) == Bytes("\xab\xc0"));
    CHECK_FALSE(decode_hex("aBc0", HexCase::kLowerOnly));
  }

  TEST_CASE("an odd digit and any other byte are refused") {
    for (const HexCase letters : {HexCase::kLowerOnly, HexCase::kAny}) {
      CHECK_FALSE(decode_hex("a", letters));
      CHECK_FALSE(decode_hex("abc", letters));
      for (int i = 0; i < 256; ++i) {
        const char c = static_cast<char>(i);
        const bool lower = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        const bool upper = c >= 'A' && c <= 'F' && letters == HexCase::kAny;
        CHECK(decode_hex(std::string{'0', c}, letters).has_value() == (lower || upper));
        CHECK(decode_hex(std::string{c, '0'}, letters).has_value() == (lower || upper));
      }
    }
  }
}

}  // namespace
}  // namespace sluice::codec
