#include <cstddef>

#include "crypto/der.h"

#include "doctest/doctest.h"

namespace sluice::crypto {
namespace {

using namespace std::string_view_literals;

TEST_SUITE("crypto/der") {
  TEST_CASE("a value is its tag, its content and its place") {
    DerReader reader("\x02\x01\x05\x04\x02hi"sv);
    const auto number = reader.take();
    CHECK(number.has_value());
    if (!number) return;
    CHECK(number->tag == der::kInteger);
    CHECK(number->content == "\x05"sv);
    CHECK(number->whole == "\x02\x01\x05"sv);
    CHECK(reader.next_is(der::kOctetString));
    CHECK(reader.take(der::kOctetString) == "hi"sv);
    CHECK(reader.at_end());
    CHECK(!reader.take().has_value());
  }

  TEST_CASE("a call that finds another tag takes nothing") {
    DerReader reader("\x02\x01\x05"sv);
    CHECK(!reader.take(der::kOctetString).has_value());
    CHECK(!reader.enter(der::kSequence).has_value());
    CHECK(!reader.take_octets_of_bits().has_value());
    CHECK(reader.take_unsigned() == "\x05"sv);
  }

  TEST_CASE("a length of more than 127 takes its own bytes, and no more than it needs") {
    const Bytes content(200, 'x');
    CHECK(DerReader("\x04\x81\xc8" + content).take(der::kOctetString) == ByteView(content));
    CHECK(!DerReader(Bytes("\x04\x82\x00\xc8"sv) + content).take().has_value());
    CHECK(!DerReader(Bytes("\x04\x81\x05"sv) + "12345").take().has_value());
    CHECK(!DerReader("\x04\x80hi\0\0"sv).take().has_value());  // Indefinite, which is BER.
    CHECK(!DerReader("\x04\x84\x00\x00\x00\x01x"sv).take().has_value());
    CHECK(!DerReader("\x04\xffx"sv).take().has_value());
  }

  TEST_CASE("a length beyond the end is refused, wherever the input is cut") {
    const Bytes whole = "\x30\x81\x80" + Bytes(128, 'y');
    for (std::size_t size = 0; size < whole.size(); ++size) {
      CHECK(!DerReader(ByteView(whole).substr(0, size)).take().has_value());
    }
    CHECK(DerReader(whole).take().has_value());
  }

  TEST_CASE("a tag of several bytes is refused") {
    CHECK(!DerReader("\x1f\x81\x01\x00"sv).take().has_value());
    CHECK(!DerReader("\xbf\x01\x00"sv).take().has_value());
  }

  TEST_CASE("a number is positive and not padded") {
    CHECK(DerReader("\x02\x01\x00"sv).take_unsigned() == ""sv);
    CHECK(DerReader("\x02\x02\x00\x80"sv).take_unsigned() == "\x80"sv);
    CHECK(DerReader("\x02\x01\x7f"sv).take_unsigned() == "\x7f"sv);
    CHECK(!DerReader("\x02\x01\x80"sv).take_unsigned().has_value());
    CHECK(!DerReader("\x02\x02\x00\x7f"sv).take_unsigned().has_value());
    CHECK(!DerReader("\x02\x00"sv).take_unsigned().has_value());
  }

  TEST_CASE("a bit string of octets leaves no bit unused") {
    CHECK(DerReader("\x03\x03\x00hi"sv).take_octets_of_bits() == "hi"sv);
    CHECK(!DerReader("\x03\x03\x01hi"sv).take_octets_of_bits().has_value());
    CHECK(!DerReader("\x03\x00"sv).take_octets_of_bits().has_value());
  }

  TEST_CASE("nothing may follow the one value of a whole text") {
    CHECK(enter_whole("\x30\x02\x05\x00"sv, der::kSequence).has_value());
    CHECK(!enter_whole("\x30\x02\x05\x00\x00"sv, der::kSequence).has_value());
    CHECK(!enter_whole("\x31\x02\x05\x00"sv, der::kSequence).has_value());
  }

  TEST_CASE("what is written is read again") {
    for (const std::size_t size : {0u, 1u, 127u, 128u, 255u, 256u, 65535u, 65536u}) {
      CAPTURE(size);
      const Bytes content(size, 'z');
      const Bytes bytes = encode_der(der::kOctetString, content);
      DerReader reader(bytes);
      CHECK(reader.take(der::kOctetString) == ByteView(content));
      CHECK(reader.at_end());
    }
    CHECK(encode_der_unsigned("\x00\x00\x80"sv) == "\x02\x02\x00\x80"sv);
    CHECK(encode_der_unsigned("\x00\x7f"sv) == "\x02\x01\x7f"sv);
    CHECK(encode_der_unsigned("\x00"sv) == "\x02\x01\x00"sv);
    CHECK(encode_der_unsigned(""sv) == "\x02\x01\x00"sv);
  }
}

}  // namespace
}  // namespace sluice::crypto
