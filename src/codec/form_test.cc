#include "codec/form.h"

#include "doctest/doctest.h"

namespace sluice::codec {
namespace {

TEST_SUITE("codec/form") {
  TEST_CASE("names and values are decoded, in their order") {
    const auto fields = parse_form("b=two+words&a=%C3%a9&a=&flag&=x");
    CHECK(fields.has_value());
    if (!fields) return;
    const std::vector<FormField> expected = {
        {"b", "two words"}, {"a", "\xc3\xa9"}, {"a", ""}, {"flag", ""}, {"", "x"}};
    CHECK(*fields == expected);
    CHECK(parse_form("")->empty());
    CHECK(parse_form("&&")->empty());
    CHECK(parse_form("a=b=c")->front() == FormField{"a", "b=c"});
  }

  TEST_CASE("a broken escape is refused wherever it stands") {
    for (const std::string_view text : {"%", "a=%", "a=%4", "a=%zz", "%g1=b", "ok=1&a=%4g"}) {
      CAPTURE(text);
      CHECK_FALSE(parse_form(text).has_value());
    }
  }

  TEST_CASE("the number of fields is bounded") {
    std::string text;
    for (std::size_t i = 0; i < kFormFieldsMax; ++i) text += "a&";
    CHECK(parse_form(text).has_value());
    CHECK_FALSE(parse_form(text + "a").has_value());
  }

  TEST_CASE("a name that occurs twice has no value, however it is escaped") {
    std::string value;
    CHECK(find_field("a=1&b=2", "b", value) == FormFind::kFound);
    CHECK(value == "2");
    CHECK(find_field("a=1", "b", value) == FormFind::kAbsent);
    CHECK(find_field("b=1&%62=2", "b", value) == FormFind::kRepeated);
    CHECK(find_field("b=1&b=1", "b", value) == FormFind::kRepeated);
    CHECK(find_field("b=1&c=%", "b", value) == FormFind::kMalformed);
  }

  TEST_CASE("what is written is read back") {
    std::string every;
    for (int c = 0; c < 256; ++c) every += static_cast<char>(c);
    const std::vector<FormField> fields = {{"a b", every}, {"", "=&+%"}};
    const auto again = parse_form(format_form(fields));
    CHECK(again.has_value());
    if (again) CHECK(*again == fields);
    CHECK(encode_form("a b&c=~*") == "a+b%26c%3D%7E*");
  }

  TEST_CASE("the query ends at the fragment") {
    CHECK(query_of("https://a/b?c=d?e#f?g") == "c=d?e");
    CHECK(query_of("https://a/b").empty());
    CHECK(query_of("https://a/b#c?d").empty());
  }
}

}  // namespace
}  // namespace sluice::codec
