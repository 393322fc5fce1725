#include "codec/json_pointer.h"

#include <cstddef>
#include <string>

#include "base/prng.h"
#include "doctest/doctest.h"

namespace sluice::codec {
namespace {

std::string slice(std::string_view body, std::string_view pointer) {
  const auto found = find_raw(body, pointer);
  return found ? std::string(found->slice) : "none";
}

// A random text that is JSON more often than not.
void append_value(Prng& prng, std::uint32_t depth, std::string& out) {
  const std::uint64_t choice = prng.below(depth > 4 ? 5 : 8);
  if (choice == 0) out += "null";
  if (choice == 1) out += prng.chance(1, 2) ? "true" : "false";
  if (choice == 2) out += "\"k" + std::to_string(prng.below(4)) + "\"";
  if (choice == 3) out += std::to_string(prng.below(100));
  if (choice == 3 && prng.chance(1, 3)) out += ".5e1";
  if (choice == 4) out += R"("\u0041\ud83d\ude00\n")";
  if (choice < 5) return;
  const bool object = choice < 7;
  out += object ? "{" : "[";
  const std::uint64_t n = prng.below(4);
  for (std::uint64_t i = 0; i < n; ++i) {
    if (i > 0) out += ",";
    if (prng.chance(1, 4)) out += " ";
    if (object) out += "\"k" + std::to_string(prng.below(4)) + "\":";
    append_value(prng, depth + 1, out);
  }
  out += object ? "}" : "]";
}

TEST_SUITE("codec/json_pointer") {
  // The document of RFC 6901, section 5.
  constexpr std::string_view kRfc = R"({"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,)"
                                    R"("i\\j":5,"k\"l":6," ":7,"m~n":8})";

  TEST_CASE("the examples of RFC 6901 come out") {
    CHECK(slice(kRfc, "") == kRfc);
    CHECK(slice(kRfc, "/foo") == R"(["bar","baz"])");
    CHECK(slice(kRfc, "/foo/0") == R"("bar")");
    CHECK(slice(kRfc, "/") == "0");
    CHECK(slice(kRfc, "/a~1b") == "1");
    CHECK(slice(kRfc, "/c%d") == "2");
    CHECK(slice(kRfc, "/e^f") == "3");
    CHECK(slice(kRfc, "/g|h") == "4");
    CHECK(slice(kRfc, "/i\\j") == "5");
    CHECK(slice(kRfc, "/k\"l") == "6");
    CHECK(slice(kRfc, "/ ") == "7");
    CHECK(slice(kRfc, "/m~0n") == "8");
  }

  TEST_CASE("a value that follows siblings of every kind is found") {
    constexpr std::string_view kBody =
        R"({"x":{"id":1},"y":[{"id":2},[3]],"z":"id","id":{"id":[0,{"id":"deep"}]}})";
    CHECK(slice(kBody, "/id/id/1/id") == "\"deep\"");
    CHECK(slice(kBody, "/x/id") == "1");
    CHECK(slice(kBody, "/y/0/id") == "2");
    CHECK(slice(kBody, "/y/1/0") == "3");
    CHECK(slice(kBody, "/z") == "\"id\"");
    CHECK(slice(kBody, "/z/id") == "none");
    CHECK(slice(kBody, "/y/id") == "none");
    CHECK(slice(kBody, "/id/id/2") == "none");
    CHECK(slice(kBody, "/x/id/id") == "none");
  }

  TEST_CASE("a key repeated on the way is ambiguous, elsewhere it is not") {
    CHECK(slice(R"({"id":1,"id":2})", "/id") == "none");
    CHECK(slice(R"({"id":1,"\u0069d":2})", "/id") == "none");
    CHECK(slice(R"({"a":{"id":1},"a":{"id":2}})", "/a/id") == "none");
    CHECK(slice(R"({"a":{},"a":{"id":2}})", "/a/id") == "none");
    CHECK(slice(R"({"x":1,"x":2,"id":3})", "/id") == "3");
    CHECK(slice(R"({"b":{"id":1,"id":2},"id":3})", "/id") == "3");
    CHECK(slice(R"({"id":{"x":1,"x":2}})", "/id") == R"({"x":1,"x":2})");
  }

  TEST_CASE("an error behind the value still refuses the body") {
    CHECK(slice(R"({"id":1,"x":tru})", "/id") == "none");
    CHECK(slice(R"({"id":1} x)", "/id") == "none");
    CHECK(slice(R"({"id":1)", "/id") == "none");
    CHECK(slice("{\"id\":1,\"x\":\"\xff\"}", "/id") == "none");
  }

  TEST_CASE("keys are compared with their escapes resolved") {
    CHECK(slice(R"({"\u0069\u0064":1})", "/id") == "1");
    CHECK(slice("{\"\\ud83d\\ude00\":1}", "/\xf0\x9f\x98\x80") == "1");
  }

  TEST_CASE("depth is bounded on both sides of the limit") {
    const std::string open(kRawDepthMax, '[');
    const std::string close(kRawDepthMax, ']');
    CHECK(find_raw(open + close, "").has_value());
    CHECK_FALSE(find_raw("[" + open + close + "]", "").has_value());
  }

  TEST_CASE("a scalar gives its text") {
    const auto text = [](std::string_view json) { return scalar_text(*find_raw(json, "")); };
    CHECK(text(R"("a\"\\\/\b\f\n\r\tb")") == "a\"\\/\b\f\n\r\tb");
    CHECK(text(R"("\u00e9\u20ac\ud83d\ude00\u0000")") ==
          std::string("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\0", 10));
    CHECK(text("-1.50e3") == "-1.50e3");
    CHECK(text("true") == "true");
    CHECK_FALSE(text("null"));
    CHECK_FALSE(text("[]"));
    CHECK_FALSE(text("{}"));
  }

  TEST_CASE("a step of a pointer is written as it is read") {
    for (const std::string_view key : {"", "a", "a/b", "m~n", "~1", "/", "~"}) {
      const auto steps = parse_pointer(pointer_step(key));
      CHECK(steps == std::vector<std::string>{std::string(key)});
    }
    CHECK_FALSE(parse_pointer("a"));
    CHECK_FALSE(parse_pointer("/~"));
    CHECK_FALSE(parse_pointer("/~2"));
  }

  TEST_CASE("the lookup and the tree agree on random texts, whole and cut and damaged") {
    const std::string_view pointers[] = {"",         "/k0",   "/k1/k2",   "/0",
                                         "/k3/1/k0", "/1/k1", "/k2/k2/k2"};
    JsonLimits limits;
    limits.duplicate_keys = DuplicateKeys::kAllow;
    int found = 0;
    int refused = 0;
    for (std::uint64_t seed = 1; seed <= 4000; ++seed) {
      CAPTURE(seed);
      Prng prng(seed);
      std::string text;
      append_value(prng, 0, text);
      const auto place = [&](std::size_t end) { return static_cast<std::size_t>(prng.below(end)); };
      if (prng.chance(1, 3)) text.resize(place(text.size() + 1));
      if (prng.chance(1, 3) && !text.empty()) {
        text[place(text.size())] = static_cast<char>(prng.below(256));
      }
      const auto tree = parse_json(text, limits);
      refused += tree.has_value() ? 0 : 1;
      CHECK(tree.has_value() == find_raw(text, "").has_value());
      for (const std::string_view pointer : pointers) {
        const Json* value = tree ? tree->find(pointer) : nullptr;
        const auto raw = find_raw(text, pointer);
        CHECK((value != nullptr) == raw.has_value());
        if (value == nullptr || !raw) continue;
        CHECK(value->slice(text) == raw->slice);
        CHECK(value->kind() == raw->kind);
        found += pointer.empty() ? 0 : 1;
      }
    }
    CHECK(found > 100);
    CHECK(refused > 100);
  }
}

}  // namespace
}  // namespace sluice::codec
