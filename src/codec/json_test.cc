#include "codec/json.h"

#include <string>
#include <utility>

#include "codec/json_pointer.h"
#include "doctest/doctest.h"

namespace sluice::codec {
namespace {

std::string repeated(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

constexpr std::string_view kPage =
    R"( { "data" : [ {"id": 1.50, "x":"a\n\u00e9"} , {"id":-2e+3} ], "more":true, "no":null } )";

constexpr std::string_view kNotJson[] = {"",
                                         " ",
                                         "{",
                                         "}",
                                         "[",
                                         "]",
                                         "[1,]",
                                         "[,1]",
                                         "{\"a\":1,}",
                                         "{a:1}",
                                         "{'a':1}",
                                         "{\"a\"}",
                                         "{\"a\":}",
                                         "{\"a\" 1}",
                                         "[1 2]",
                                         "01",
                                         "-",
                                         "+1",
                                         ".5",
                                         "1.",
                                         "1e",
                                         "1e+",
                                         "0x1",
                                         "NaN",
                                         "Infinity",
                                         "nul",
                                         "nulll",
                                         "True",
                                         "\"",
                                         "\"\\",
                                         "\"\\x\"",
                                         "\"\\u12\"",
                                         "\"\\u12g4\"",
                                         "\"\t\"",
                                         "\"\n\"",
                                         "\"\\ud800\"",
                                         "\"\\ud800\\u0041\"",
                                         "\"\\udc00\"",
                                         "1 1",
                                         "{}{}",
                                         "[]]",
                                         "// a\n1",
                                         "/**/1",
                                         "\"\xff\"",
                                         "\"\xc0\x80\"",
                                         "\"\xed\xa0\x80\"",
                                         "\"\xf4\x90\x80\x80\"",
                                         "\"\xc3\"",
                                         "\"\xe2\x82\"",
                                         "\xef\xbb\xbf{}",
                                         "\xff",
                                         "[1}",
                                         "{]",
                                         "{\"a\":1]",
                                         "{1:2}",
                                         "{null:2}",
                                         "[\"a\":1]",
                                         "--1",
                                         "1-",
                                         "\f1",
                                         "\v1",
                                         "\xc2\xa0"
                                         "1"};

TEST_SUITE("codec/json") {
  TEST_CASE("a value knows its place in the source, and numbers keep their text") {
    const auto json = parse_json(kPage);
    CHECK(json.has_value());
    if (!json) return;
    CHECK(json->slice(kPage) == kPage.substr(1, kPage.size() - 2));
    CHECK(json->find("/data/0")->slice(kPage) == R"({"id": 1.50, "x":"a\n\u00e9"})");
    CHECK(json->find("/data/1")->slice(kPage) == R"({"id":-2e+3})");
    CHECK(json->find("/data/0/id")->as_number_text() == "1.50");
    CHECK(json->find("/data/1/id")->slice(kPage) == "-2e+3");
    CHECK(json->find("/data/0/x")->as_string() == "a\n\xc3\xa9");
    CHECK(json->find("/data/0/x")->slice(kPage) == R"("a\n\u00e9")");
    CHECK(json->find("/more")->as_bool() == true);
    CHECK(json->find("/no")->is_null());
    CHECK(json->find("/no")->slice(kPage) == "null");
  }

  TEST_CASE("scalars alone are documents, and their places are exact") {
    const std::string_view texts[] = {"0", "-1", "1.25", "1e5", "\"\"", "\"a\"", "true", "null"};
    for (const std::string_view text : texts) {
      for (const std::string_view around : {"", " ", "\n\t"}) {
        const std::string source = std::string(around) + std::string(text) + std::string(around);
        const auto json = parse_json(source);
        CHECK(json.has_value());
        if (json) CHECK(json->slice(source) == text);
      }
    }
  }

  TEST_CASE("a pointer that leads nowhere finds nothing") {
    const auto json = parse_json(R"({"a":[10,11],"":1,"b/c":2,"d~e":3,"f":"text"})");
    CHECK(json.has_value());
    if (!json) return;
    CHECK(json->find("/a/1")->as_int64() == 11);
    CHECK(json->find("/")->as_int64() == 1);
    CHECK(json->find("/b~1c")->as_int64() == 2);
    CHECK(json->find("/d~0e")->as_int64() == 3);
    const std::string_view pointers[] = {"/a/2",   "/a/01", "/a/-", "/a/-1",
                                         "/a/1/0", "/x",    "a",    "/f/0",
                                         "/a/",    "/d~2e", "/d~",  "/a/99999999999"};
    for (const std::string_view pointer : pointers) {
      CAPTURE(pointer);
      CHECK(json->find(pointer) == nullptr);
    }
  }

  TEST_CASE("integers are exact or absent") {
    const auto integer = [](std::string_view text) { return parse_json(text)->as_int64(); };
    CHECK(integer("9223372036854775807") == INT64_MAX);
    CHECK(integer("-9223372036854775808") == INT64_MIN);
    CHECK_FALSE(integer("9223372036854775808"));
    CHECK_FALSE(integer("-9223372036854775809"));
    CHECK(integer("-0") == 0);
    CHECK_FALSE(integer("1.0"));
    CHECK_FALSE(integer("1e2"));
    CHECK_FALSE(integer("\"1\""));
  }

  TEST_CASE("a repeated key is refused, or makes its member ambiguous") {
    constexpr std::string_view kTwice = R"({"a":{"k":1,"j":2,"\u006b":3}})";
    JsonFault fault;
    const auto refused = parse_json(kTwice, {}, &fault);
    CHECK_FALSE(refused.has_value());
    CHECK(fault.offset == 5);
    JsonLimits limits;
    limits.duplicate_keys = DuplicateKeys::kAllow;
    const auto allowed = parse_json(kTwice, limits);
    CHECK(allowed.has_value());
    if (!allowed) return;
    CHECK(allowed->find("/a/k") == nullptr);
    CHECK(allowed->find("/a/j")->as_int64() == 2);
  }

  TEST_CASE("depth is bounded on both sides of the limit") {
    JsonLimits limits;
    limits.depth_max = 3;
    CHECK(parse_json("[[[]]]", limits).has_value());
    const auto deeper = parse_json("[[[[]]]]", limits);
    CHECK_FALSE(deeper.has_value());
    if (!deeper) CHECK(deeper.error().code == Errc::kTooBig);
  }

  TEST_CASE("ten thousand levels are refused without running out of stack") {
    const std::pair<std::string_view, std::string_view> kinds[] = {{"[", "]"}, {"{\"a\":", "}"}};
    for (const auto& [open, close] : kinds) {
      const std::string deep = repeated(open, 10'000) + "1" + repeated(close, 10'000);
      CHECK_FALSE(parse_json(deep).has_value());
      CHECK_FALSE(find_raw(deep, "").has_value());
      CHECK_FALSE(parse_json(repeated(open, 10'000)).has_value());
      CHECK_FALSE(find_raw(repeated(open, 10'000), "/a").has_value());
    }
  }

  TEST_CASE("size is bounded") {
    JsonLimits limits;
    limits.size_max = 4;
    CHECK(parse_json("1234", limits).has_value());
    CHECK_FALSE(parse_json("12345", limits).has_value());
  }

  TEST_CASE("what is not strict JSON is refused by the tree and by the lookup alike") {
    for (const std::string_view text : kNotJson) {
      CAPTURE(text);
      CHECK_FALSE(parse_json(text).has_value());
      CHECK_FALSE(find_raw(text, "").has_value());
    }
    const std::string_view with_nul[] = {
        std::string_view("\0", 1), std::string_view("1\0", 2), std::string_view("{\0}", 3),
        std::string_view("\"a\0b\"", 5), std::string_view("{}\0{}", 5)};
    for (const std::string_view text : with_nul) {
      CHECK_FALSE(parse_json(text).has_value());
      CHECK_FALSE(find_raw(text, "").has_value());
    }
  }

  TEST_CASE("a number beyond every double is refused") {
    JsonFault fault;
    CHECK_FALSE(parse_json("[1e999]", {}, &fault).has_value());
    CHECK(fault.what == "a number out of range");
  }

  TEST_CASE("an error says where and what") {
    const auto fault_of = [](std::string_view text) {
      JsonFault fault;
      CHECK_FALSE(parse_json(text, {}, &fault).has_value());
      return fault;
    };
    const JsonFault comma = fault_of("{\n  \"a\": 1,\n}");
    CHECK(comma.line == 3);
    CHECK(comma.column == 1);
    CHECK(comma.what == "a key in double quotes is expected here");
    CHECK(fault_of("{\"a\":").what == "the text ends too early");
    CHECK(fault_of("{\"a\":").column == 6);
    CHECK(fault_of("{\"a\" 1}").what == "a colon is expected here");
    CHECK(fault_of("[\"a").what == "the text ends too early");
    CHECK(fault_of("{} x").what == "something follows the document");
    CHECK(fault_of("[\"\xff\"]").what == "invalid UTF-8");
    CHECK(fault_of("[\"\t\"]").what == "a control character in a string");
    CHECK(fault_of("[\"\\x\"]").what == "an unknown escape in a string");
    CHECK(fault_of("[x]").what == "not valid JSON here");
    CHECK(fault_of("[x]").column == 2);
  }

  TEST_CASE("a place is given by line and column") {
    const JsonFault place = locate("ab\ncd", 4);
    CHECK(place.line == 2);
    CHECK(place.column == 2);
  }
}

}  // namespace
}  // namespace sluice::codec
