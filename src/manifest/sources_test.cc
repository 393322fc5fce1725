#include "doctest/doctest.h"
#include "manifest/parse.h"

namespace sluice::manifest {
namespace {

// A manifest with one source, which has these members beside its secrets.
Parsed parse_source(const std::string& members) {
  const Environment environment{{"SECRET", "a secret"}, {"TOKEN", "meatyhamhock"}, {"PIN", "1234"}};
  return parse(R"({"slug":"s","sources":{"one":{"scheme":"slack","secrets":["env:SECRET"])" +
                   members + "}}}",
               environment, Secrets::kRequired);
}

std::string first_error(const std::string& members) {
  const Parsed parsed = parse_source(members);
  return parsed.errors.empty() ? "none" : parsed.errors[0].at + " " + parsed.errors[0].code;
}

std::string url(const std::string& public_url, const std::string& target) {
  Source source;
  source.public_url = public_url;
  return sluice::manifest::public_url(source, "http://10.0.0.1:8787", target);
}

}  // namespace

TEST_SUITE("manifest/sources") {
  TEST_CASE("a source names its secrets by where they come from") {
    const Parsed parsed =
        parse_source(R"(,"verify_token":"env:TOKEN","public_url":"https://A.example/in/one")");
    CHECK(parsed.errors.empty());
    if (parsed.manifest.sources.size() != 1) return;
    const Source& source = parsed.manifest.sources[0];
    CHECK(source.secret_names == std::vector<std::string>{"env:SECRET"});
    CHECK(source.verify_token == "meatyhamhock");
    CHECK(source.public_url == "https://A.example/in/one");
  }

  TEST_CASE("a verify token is a secret") {
    CHECK(first_error(R"(,"verify_token":"meatyhamhock")") ==
          "/sources/one/verify_token secret_in_clear");
    CHECK(first_error(R"(,"verify_token":"env:ABSENT")") ==
          "/sources/one/verify_token secret_missing");
    CHECK(first_error(R"(,"verify_token":1)") == "/sources/one/verify_token wrong_type");
    const Parsed pin = parse_source(R"(,"verify_token":"env:PIN")");
    CHECK(pin.errors.empty());
    CHECK(pin.warnings.size() == 1);
  }

  TEST_CASE("a public URL is one, without what the request adds") {
    for (const std::string wrong :
         {"hooks.example", "ftp://a.example/", "https://a.example/?a=1", "https://a.example/#f",
          "https://u@a.example/", "//a.example/", "https://", "https://a example/"}) {
      CAPTURE(wrong);
      CHECK(first_error(R"(,"public_url":")" + wrong + "\"") ==
            "/sources/one/public_url url_malformed");
    }
    CHECK(first_error(R"(,"public_url":"http://127.0.0.1:8787/in/one")") == "none");
  }

  TEST_CASE("the URL that a provider was given is known without it, by its prefix, or as it is") {
    CHECK(url("", "/in/one?a=1") == "http://10.0.0.1:8787/in/one?a=1");
    CHECK(url("https://a.example", "/in/one?a=1") == "https://a.example/in/one?a=1");
    CHECK(url("https://a.example/", "/in/one?a=1") == "https://a.example/in/one?a=1");
    CHECK(url("https://a.example/b/", "/in/one") == "https://a.example/b/in/one");
    CHECK(url("https://a.example/hook", "/in/one?a=1&b=") == "https://a.example/hook?a=1&b=");
    CHECK(url("https://a.example/hook", "/in/one") == "https://a.example/hook");
    CHECK(url("https://a.example/hook", "") == "https://a.example/hook");
  }

  TEST_CASE("a delivery is recognised at least as long as it is fresh") {
    const auto recognised = [](const std::string& members) {
      const Parsed parsed = parse_source(members);
      CHECK(parsed.errors.empty());
      return parsed.manifest.sources.empty() ? Duration{}
                                             : recognised_for(parsed.manifest.sources[0]);
    };
    CHECK(recognised("") == days(5));
    CHECK(recognised(R"(,"dedupe_ms":60000)") == seconds(361));
    CHECK(recognised(R"(,"dedupe_ms":60000,"past_ms":600000)") == seconds(661));
    CHECK(recognised(R"(,"dedupe_ms":400000)") == milliseconds(400'000));
    CHECK(recognised(R"(,"past_ms":604800000,"future_ms":86399000)") == days(8));
    CHECK(first_error(R"(,"past_ms":604800000,"future_ms":86400000)") ==
          "/sources/one/past_ms out_of_range");
    CHECK(first_error(R"(,"future_ms":604800000,"past_ms":86400000)") ==
          "/sources/one/past_ms out_of_range");
  }
}

}  // namespace sluice::manifest
