#include "app/problem.h"

#include "base/headers.h"
#include "codec/json.h"
#include "doctest/doctest.h"

namespace sluice::app {
namespace {

TEST_SUITE("app/problem") {
  TEST_CASE("a problem document names its status, a stable code and a detail") {
    const auto response = problem(409, "not_dead", "This message is \"done\".");
    CHECK(response.status == 409);
    CHECK(find(response.headers, "content-type") == "application/problem+json");
    CHECK(response.body == R"({"title":"Conflict","status":409,"code":"not_dead",)"
                           R"("detail":"This message is \"done\"."})");
  }

  TEST_CASE("what may succeed later is 503 and says when to come back") {
    for (const auto code :
         {Errc::kFull, Errc::kIo, Errc::kOverloaded, Errc::kNotOwner, Errc::kUnknownOutcome,
          Errc::kConflict, Errc::kTimeout, Errc::kCancelled, Errc::kBudget}) {
      CAPTURE(name(code));
      const auto response = problem(Error{code, "why"});
      CHECK(response.status == 503);
      CHECK(find(response.headers, "retry-after") == "5");
      CHECK(response.body.find(name(code)) != std::string::npos);
      CHECK(disposition(code) == Disposition::kRetry);
    }
  }

  TEST_CASE("what the caller did wrong is 4xx, without advice to repeat it") {
    CHECK(problem(Error{Errc::kTooBig, ""}).status == 413);
    CHECK(problem(Error{Errc::kMalformed, ""}).status == 400);
    CHECK(problem(Error{Errc::kNotFound, ""}).status == 404);
    CHECK(count(problem(Error{Errc::kMalformed, ""}).headers, "retry-after") == 0);
  }

  TEST_CASE("what only an operator can repair is 500") {
    CHECK(problem(Error{Errc::kCorrupt, ""}).status == 500);
    CHECK(problem(Error{Errc::kUnknownFormat, ""}).status == 500);
  }

  TEST_CASE("text of any bytes makes valid JSON") {
    const auto response = problem(400, "malformed", std::string("\x00\xff\"\\\n", 5));
    CHECK(codec::parse_json(response.body).has_value());
  }

  TEST_CASE("a wrong method is told the right ones") {
    const auto response = wrong_method("GET, POST");
    CHECK(response.status == 405);
    CHECK(find(response.headers, "allow") == "GET, POST");
  }
}

}  // namespace
}  // namespace sluice::app
