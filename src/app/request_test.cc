#include "app/request.h"

#include "doctest/doctest.h"

namespace sluice::app {
namespace {

std::optional<Errc> refusal(std::string_view target) {
  const auto parsed = parse_target(target);
  return parsed.has_value() ? std::nullopt : std::optional(parsed.error().code);
}

TEST_SUITE("app/request") {
  TEST_CASE("a target is taken apart into segments and parameters") {
    const auto target = parse_target("/v1/messages/a%20b?limit=10&after=x%2By+z&empty=");
    CHECK(target.has_value());
    if (!target.has_value()) return;
    CHECK(target->path == std::vector<std::string>{"v1", "messages", "a b"});
    CHECK(target->parameter("limit") == "10");
    CHECK(target->parameter("after") == "x+y z");
    CHECK(target->parameter("empty") == "");
    CHECK(!target->parameter("other"));
  }

  TEST_CASE("an encoded slash stays inside its segment") {
    const auto target = parse_target("/v1/events%2F..");
    CHECK(target.has_value());
    if (target.has_value()) CHECK(target->path == std::vector<std::string>{"v1", "events/.."});
  }

  TEST_CASE("empty segments are kept, so they match nothing by accident") {
    const auto target = parse_target("/v1//events/?");
    CHECK(target.has_value());
    if (!target.has_value()) return;
    CHECK(target->path == std::vector<std::string>{"v1", "", "events", ""});
    CHECK(target->query.empty());
  }

  TEST_CASE("malformed targets are refused") {
    for (const std::string_view target :
         {"",         "v1",     "*",        "http://host/v1", "/a b",        "/a#b",
          "/%",       "/%4",    "/%zz",     "/%00",           "/%0a",        "/%ff",
          "/%c3",     "/a?b",   "/a?=b",    "/a?b=c&",        "/a?b=c&&d=e", "/a?&b=c",
          "/a?b=%",   "/a?%=b", "/a?b=%00", "/a?b=%ed%a0%80", "/a?b=1&b=2",  "/a?b=1&%62=2",
          "/\xc3\xa4"}) {
      CAPTURE(target);
      CHECK(refusal(target) == Errc::kMalformed);
    }
  }

  TEST_CASE("every bound refuses one more and takes what just fits") {
    std::string path;
    for (std::size_t i = 0; i < kSegmentsMax; ++i) path += "/a";
    CHECK(!refusal(path));
    CHECK(refusal(path + "/a") == Errc::kTooBig);

    std::string query = "/?p0=x";
    for (std::size_t i = 1; i < kParametersMax; ++i) query += "&p" + std::to_string(i) + "=x";
    CHECK(!refusal(query));
    CHECK(refusal(query + "&q=x") == Errc::kTooBig);

    CHECK(!refusal("/?a=" + std::string(kParameterMax, 'x')));
    CHECK(refusal("/?a=" + std::string(kParameterMax + 1, 'x')) == Errc::kTooBig);

    CHECK(!refusal("/" + std::string(kTargetMax - 1, 'x')));
    CHECK(refusal("/" + std::string(kTargetMax, 'x')) == Errc::kTooBig);
  }
}

}  // namespace
}  // namespace sluice::app
