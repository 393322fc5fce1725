#include "store/keys.h"

#include "doctest/doctest.h"

namespace sluice::store {

TEST_SUITE("store/keys") {
  TEST_CASE("hashed parts are told apart by their lengths") {
    CHECK(hashed({"ab", "c"}) != hashed({"a", "bc"}));
    CHECK(hashed({"ab"}) != hashed({"ab", ""}));
    CHECK(hashed({"ab"}).size() == 32);
    CHECK(hashed({"ab"}, 64).size() == 64);
    CHECK(hashed({"ab"}, 64).substr(0, 32) == hashed({"ab"}));
    CHECK(is_key(hashed({"\xff\x00 outside"})));
  }

  TEST_CASE("a prefix's range ends right behind its last key") {
    CHECK(end_of("in/e/") == "in/e0");
    const KvRange range = range_of("in/e/", 5, true);
    CHECK(range.lo == "in/e/");
    CHECK(range.hi > "in/e/~~~~");
    CHECK(range.hi <= "in/f/");
    CHECK(range.limit == 5);
    CHECK(range.reverse);
  }

  TEST_CASE("a key has 1 to 240 bytes of a few letters") {
    CHECK(is_key("AZaz09_.:~/-"));
    CHECK(!is_key(""));
    CHECK(is_key(std::string(240, 'k')));
    CHECK(!is_key(std::string(241, 'k')));
    for (const char* wrong : {"a b", "a\nb", "a%b", "\xc3\xa4", "a\\b"}) CHECK(!is_key(wrong));
  }

  TEST_CASE("a name starts with a letter and has at most 48 letters, digits and dashes") {
    CHECK(is_name("a"));
    CHECK(is_name("crm-2"));
    CHECK(is_name(std::string(48, 'n')));
    for (const auto& wrong : {std::string(), std::string("2a"), std::string("-a"), std::string("A"),
                              std::string("a_b"), std::string(49, 'n')}) {
      CAPTURE(wrong);
      CHECK(!is_name(wrong));
    }
  }
}

}  // namespace sluice::store
