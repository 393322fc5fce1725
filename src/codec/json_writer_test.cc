#include "codec/json_writer.h"

#include <string>
#include <utility>

#include "codec/json.h"
#include "codec/utf8.h"
#include "doctest/doctest.h"

namespace sluice::codec {
namespace {

TEST_SUITE("codec/json_writer") {
  TEST_CASE("commas and colons stand where they belong") {
    JsonWriter json;
    json.begin_object().field("id", "evt_1").field("count", 3).field("big", UINT64_MAX);
    json.field("least", INT64_MIN).field("on", true).key("none").null().key("tags").begin_array();
    json.string("a").begin_array().end_array().begin_object().end_object().number(-1);
    json.end_array().key("raw").raw("1.50").end_object();
    CHECK(json.complete());
    CHECK(std::move(json).take() ==
          R"({"id":"evt_1","count":3,"big":18446744073709551615,"least":-9223372036854775808,)"
          R"("on":true,"none":null,"tags":["a",[],{},-1],"raw":1.50})");
  }

  TEST_CASE("a scalar alone is a document") {
    JsonWriter json;
    CHECK_FALSE(json.complete());
    json.string("x");
    CHECK(json.complete());
    CHECK(json.text() == "\"x\"");
  }

  TEST_CASE("strings are escaped, and what is no UTF-8 becomes U+FFFD") {
    CHECK(quote_json("a\"\\/\b\f\n\r\t\x01\x7f") == R"("a\"\\/\b\f\n\r\t\u0001\u007f")");
    CHECK(quote_json(std::string_view("\0", 1)) == R"("\u0000")");
    CHECK(quote_json("\xc3\xa9\xf0\x9f\x98\x80") == "\"\xc3\xa9\xf0\x9f\x98\x80\"");
    CHECK(quote_json("\xff\xc3(") == "\"\xef\xbf\xbd\xef\xbf\xbd(\"");
    CHECK(quote_json("\xed\xa0\x80") == "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
  }

  TEST_CASE("every pair of bytes gives a text that parses, and valid ones come back") {
    for (int a = 0; a < 256; ++a) {
      for (int b = 0; b < 256; ++b) {
        const std::string text{static_cast<char>(a), static_cast<char>(b)};
        const auto json = parse_json(quote_json(text));
        if (!json.has_value()) {
          CHECK_MESSAGE(false, a << " " << b);
        } else if (is_utf8(text) && json->as_string() != text) {
          CHECK_MESSAGE(false, a << " " << b);
        }
      }
    }
  }
}

}  // namespace
}  // namespace sluice::codec
