#include "sync/step.h"

#include "doctest/doctest.h"

using namespace sluice;
using namespace sluice::sync;

namespace {

constexpr Window kWindow{.begin = {0}, .end = {1767323045678}};

std::string followed(std::string_view current, std::string_view link) {
  const auto next = follow(current, link);
  return next.has_value() ? *next : std::string(name(next.error().code));
}

}  // namespace

TEST_SUITE("sync/step") {
  TEST_CASE("a page's URL carries the window and the page's number, percent-encoded") {
    const RequestShape shape{.url = "https://api.example/orders?tenant=7",
                             .query = {{"since", "{begin}"}, {"until", "{end}"}, {"q", "a b&c"}},
                             .page_parameter = "page"};
    const auto url = page_url(shape, kWindow, 3);
    CHECK(url.has_value());
    if (!url.has_value()) return;
    CHECK(*url ==
          "https://api.example/orders?tenant=7&since=1970-01-01T00%3A00%3A00.000Z"
          "&until=2026-01-02T03%3A04%3A05.678Z&q=a%20b%26c&page=3");
  }

  TEST_CASE("without a page parameter there is no page number") {
    const RequestShape shape{.url = "https://api.example/", .query = {}, .page_parameter = ""};
    const auto url = page_url(shape, kWindow, 1);
    CHECK(url.has_value());
    if (url.has_value()) CHECK(*url == "https://api.example/");
  }

  TEST_CASE("placeholders are filled wherever they stand, and no others exist") {
    CHECK(fill("{begin}..{begin}", {.begin = {0}, .end = {0}}) ==
          "1970-01-01T00:00:00.000Z..1970-01-01T00:00:00.000Z");
    CHECK(is_template("updated:[{begin} TO {end}]"));
    CHECK(is_template(""));
    CHECK(!is_template("{start}"));
    CHECK(!is_template("{begin"));
    CHECK(!is_template("end}"));
    CHECK(!is_template("{{begin}}"));
  }

  TEST_CASE("the next URL is absolute, or seen from the page") {
    const std::string_view here = "https://api.example/v2/orders?page=1";
    CHECK(followed(here, "https://api.example/v2/orders?page=2") ==
          "https://api.example/v2/orders?page=2");
    CHECK(followed(here, "HTTPS://API.example:443/x") == "https://api.example/x");
    CHECK(followed(here, "/other?page=2") == "https://api.example/other?page=2");
    CHECK(followed(here, "?page=2") == "https://api.example/v2/orders?page=2");
  }

  TEST_CASE("the next URL never leaves the step's origin, since credentials go with it") {
    const std::string_view here = "https://api.example/orders";
    CHECK(followed(here, "https://evil.example/orders") == "blocked");
    CHECK(followed(here, "http://api.example/orders") == "blocked");
    CHECK(followed(here, "https://api.example:8443/orders") == "blocked");
    CHECK(followed(here, "https://user@api.example/orders") == "blocked");
    CHECK(followed(here, "https://api.example@evil.example/") == "blocked");
  }

  TEST_CASE("what is no URL is not followed") {
    const std::string_view here = "https://api.example/orders";
    CHECK(followed(here, "") == "malformed");
    CHECK(followed(here, "page=2") == "malformed");
    CHECK(followed(here, "//evil.example/") == "malformed");
    CHECK(followed(here, "javascript:alert(1)") == "malformed");
  }
}
