#include "codec/base64.h"

#include <utility>

#include "doctest/doctest.h"

namespace sluice::codec {
namespace {

constexpr Base64Form kBare{Base64Alphabet::kStandard, Base64Padding::kNone};
constexpr Base64Form kUrlPadded{Base64Alphabet::kUrl, Base64Padding::kRequired};

TEST_SUITE("codec/base64") {
  TEST_CASE("the vectors of RFC 4648 come out, in both directions") {
    const std::pair<std::string_view, std::string_view> cases[] = {{"", ""},
                                                                   {"f", "Zg=="},
                                                                   {"fo", "Zm8="},
                                                                   {"foo", "Zm9v"},
                                                                   {"foob", "Zm9vYg=="},
                                                                   {"fooba", "Zm9vYmE="},
                                                                   {"foobar", "Zm9vYmFy"}};
    for (const auto& [bytes, text] : cases) {
      CHECK(encode_base64(bytes) == text);
      CHECK(decode_base64(text) == bytes);
      const std::string_view bare = text.substr(0, text.find('='));
      CHECK(encode_base64(bytes, kBare) == bare);
      CHECK(decode_base64(bare, kBare) == bytes);
    }
  }

  TEST_CASE("the alphabets differ in two digits and do not mix") {
    const Bytes bytes = "\xfb\xff\xbf";
    CHECK(encode_base64(bytes) == "+/+/");
    CHECK(encode_base64(bytes, kBase64Url) == "-_-_");
    CHECK(decode_base64("+/+/") == bytes);
    CHECK(decode_base64("-_-_", kBase64Url) == bytes);
    CHECK_FALSE(decode_base64("-_-_"));
    CHECK_FALSE(decode_base64("+/+/", kBase64Url));
  }

  TEST_CASE("padding is there when it is required, and not otherwise") {
    const std::string_view texts[] = {
        "Zg", "Zg=", "Zg===", "Z===", "====", "=", "Zm9v=", "Zm9v===="};
    for (const std::string_view text : texts) {
      CAPTURE(text);
      CHECK_FALSE(decode_base64(text));
      CHECK_FALSE(decode_base64(text, kUrlPadded));
    }
    CHECK_FALSE(decode_base64("Zg==", kBare));
    CHECK_FALSE(decode_base64("Zm8=", kBase64Url));
    CHECK_FALSE(decode_base64("Zg==Zg=="));
    CHECK_FALSE(decode_base64("Z=g="));
  }

  TEST_CASE(
      "bits behind the last byte are refused: they would be a second text of the same bytes") {
    int accepted = 0;
    for (const char c :
         std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")) {
      if (decode_base64(std::string{'Z', c, '=', '='})) ++accepted;
    }
    CHECK(accepted == 4);  // A, Q, g and w: four low bits are zero.
    CHECK_FALSE(decode_base64("Zh=="));
    CHECK_FALSE(decode_base64("Zm9="));
  }

  TEST_CASE("a length that no bytes have, blanks and line ends are refused") {
    const std::string_view texts[] = {"Z", "Zm9vY", "Zm9v\n", "Zm 9", " Zm9", "Zm9v\r\n", "Zm\t9"};
    for (const std::string_view text : texts) {
      CAPTURE(text);
      CHECK_FALSE(decode_base64(text));
      CHECK_FALSE(decode_base64(text, kBare));
    }
    CHECK_FALSE(decode_base64(std::string_view("Zm9\0", 4)));
  }

  TEST_CASE("every text that is decoded is the one that would be written") {
    for (const Base64Form form : {kBase64, kBase64Url, kBare, kUrlPadded}) {
      for (int a = 0; a < 256; ++a) {
        for (int b = 0; b < 256; ++b) {
          const std::string text{'A', static_cast<char>(a), static_cast<char>(b), '='};
          const auto bytes = decode_base64(text, form);
          if (bytes) CHECK(encode_base64(*bytes, form) == text);
        }
      }
    }
  }
}

}  // namespace
}  // namespace sluice::codec
