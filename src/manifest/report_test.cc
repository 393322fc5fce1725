#include "manifest/report.h"

#include "doctest/doctest.h"

using sluice::manifest::nearest;
using sluice::manifest::shown;
using sluice::manifest::suggestion;

TEST_SUITE("manifest/report") {
  TEST_CASE("the nearest word differs in at most a third of its letters") {
    CHECK(nearest("endpionts", {"sources", "endpoints"}) == "endpoints");
    CHECK(nearest("secret", {"secrets", "scheme"}) == "secrets");
    CHECK(nearest("urls", {"url"}) == "url");
    CHECK(nearest("banana", {"sources", "endpoints"}).empty());
    CHECK(nearest("", {"a"}) == "a");
    CHECK(nearest("xy", {"ab"}).empty());
    CHECK(nearest("abc", {}).empty());
  }

  TEST_CASE("where no word is near, a short list of the valid ones is shown") {
    CHECK(suggestion("keys", {"none", "key"}) == " Did you mean \"key\"?");
    CHECK(suggestion("banana", {"none", "key"}) == " Valid: \"none\", \"key\".");
    CHECK(suggestion("banana", {}).empty());
  }

  TEST_CASE("text of the manifest is shown short and printable") {
    CHECK(shown("a\nb\x7f\xc3\xa4") == "a?b???");
    CHECK(shown(std::string(100, 'x')) == std::string(60, 'x') + "...");
  }
}
