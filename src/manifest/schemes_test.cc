// What a manifest does with schemes: its own, laid over, and the secrets they ask for.

#include <string>

#include "doctest/doctest.h"
#include "manifest/parse.h"
#include "signature/presets.h"

using namespace sluice;
using namespace sluice::manifest;

namespace {

const Environment kEnvironment{{"TEXT", "any text"},
                               {"HEX", "00ff00ff00ff00ff"},
                               {"BASE64", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}};

Parsed parsed(const std::string& members, Secrets secrets = Secrets::kRequired) {
  return parse("{\"slug\":\"shop\"," + members + "}", kEnvironment, secrets);
}

std::string first_error(const Parsed& result) {
  if (result.errors.empty()) return "";
  return result.errors[0].at + " " + result.errors[0].code + " " + result.errors[0].message;
}

const std::string kAcme = R"("schemes":{"acme":{"signature":{"from":"header:x-acme-signature"},
  "message":"{timestamp}.{body}","time":{"from":"header:x-acme-timestamp"}}})";

}  // namespace

TEST_SUITE("manifest/schemes") {
  TEST_CASE("a source and an endpoint name a scheme of the manifest's own") {
    const Parsed result =
        parsed(kAcme + R"(,"sources":{"a":{"scheme":"acme","secrets":["env:TEXT"]}},
      "endpoints":{"e":{"url":"https://e.example/","signing":{"scheme":"acme",
                        "secrets":["env:TEXT"]}}})");
    CHECK(first_error(result) == "");
    const Source* source = result.manifest.source("a");
    const Endpoint* endpoint = result.manifest.endpoint("e");
    CHECK(source != nullptr);
    CHECK(endpoint != nullptr);
    if (source == nullptr || endpoint == nullptr) return;
    CHECK(source->scheme.name == "acme");
    CHECK(source->scheme.signature.from.name == "x-acme-signature");
    CHECK(endpoint->scheme == source->scheme);
  }

  TEST_CASE("a source defines its scheme in place, alone or over another") {
    const Parsed result = parsed(kAcme + R"(,"sources":{
      "a":{"scheme":{"like":"acme","time":{"past_ms":1000}},"secrets":["env:TEXT"]},
      "b":{"scheme":{"like":"stripe"},"secrets":["env:TEXT"]},
      "c":{"scheme":{"signature":{"from":"header:s"},"message":"{body}"},
           "secrets":["env:TEXT"]}})");
    CHECK(first_error(result) == "");
    if (!result.errors.empty()) return;
    CHECK(result.manifest.source("a")->scheme.name == "acme");
    CHECK(result.manifest.source("a")->scheme.time.past == seconds(1));
    CHECK(result.manifest.source("b")->scheme == *signature::preset("stripe"));
    CHECK(result.manifest.source("c")->scheme.name == "custom");
  }

  TEST_CASE("a scheme of one's own may begin with one above it, and with none below") {
    CHECK(first_error(parsed(R"("schemes":{"a":{"like":"github"},"b":{"like":"a"}})")) == "");
    CHECK(first_error(parsed(R"("schemes":{"b":{"like":"a"},"a":{"like":"github"}})"))
              .find("/schemes/b/like unknown_scheme") == 0);
    CHECK(first_error(parsed(R"("schemes":{"a":{"like":"a"}})")).find("unknown_scheme") !=
          std::string::npos);
  }

  TEST_CASE("a name is one scheme alone") {
    CHECK(first_error(parsed(R"("schemes":{"github":{"like":"github"}})"))
              .find("/schemes/github duplicate") == 0);
    CHECK(first_error(parsed(R"("schemes":{"A":{"like":"github"}})"))
              .find("/schemes/A name_malformed") == 0);
    CHECK(first_error(parsed(R"("schemes":[])")).find("/schemes wrong_type") == 0);
  }

  TEST_CASE("a mistake in a scheme is one finding, however many name it") {
    const Parsed result = parsed(R"("schemes":{"acme":{"like":"github","message":"{bodi}"}},
      "sources":{"a":{"scheme":"acme","secrets":["env:TEXT"]},
                 "b":{"scheme":"acme","secrets":["env:TEXT"]}})");
    CHECK(result.errors.size() == 1);
    CHECK(first_error(result).find("/schemes/acme/message message_malformed") == 0);
  }

  TEST_CASE("a mistake in place has its place, and names are suggested from both lists") {
    CHECK(first_error(parsed(R"("sources":{"a":{"scheme":{"like":"github","key":{"form":"hx"}},
                                "secrets":["env:TEXT"]}})"))
              .find("/sources/a/scheme/key/form unknown_value") == 0);
    CHECK(
        first_error(parsed(kAcme + R"(,"sources":{"a":{"scheme":"acne","secrets":["env:TEXT"]}})"))
            .find("Did you mean \"acme\"?") != std::string::npos);
    CHECK(first_error(parsed(R"("sources":{"a":{"scheme":7,"secrets":["env:TEXT"]}})"))
              .find("/sources/a/scheme wrong_type") == 0);
  }

  TEST_CASE("a secret that the scheme cannot use is reported with the reason") {
    const std::string hex = R"("sources":{"a":{"scheme":{"like":"github","key":{"form":"hex"}},)";
    CHECK(first_error(parsed(hex + R"("secrets":["env:HEX"]}})")) == "");
    CHECK(first_error(parsed(hex + R"("secrets":["env:TEXT"]}})")) ==
          "/sources/a/secrets/0 secret_malformed The scheme \"github\" cannot use this secret: "
          "the secret is not hex.");
  }

  TEST_CASE("without secrets at hand, a scheme of any form can be checked") {
    for (const auto name : signature::preset_names()) {
      CAPTURE(name);
      const auto preset = *signature::preset(name);
      const Parsed result = parsed("\"sources\":{\"a\":{\"scheme\":\"" + std::string(name) +
                                       "\",\"secrets\":[\"env:NOT_HERE\"]}}",
                                   Secrets::kUnchecked);
      CHECK(first_error(result) == "");
    }
  }

  TEST_CASE("secrets may be left out where the provider publishes its keys, and nowhere else") {
    int published = 0;
    for (const auto name : signature::preset_names()) {
      CAPTURE(name);
      const auto preset = *signature::preset(name);
      const bool fetched =
          !preset.fetched.url.empty() || preset.fetched.url_from.place != signature::Place::kNone;
      const std::string found =
          first_error(parsed("\"sources\":{\"a\":{\"scheme\":\"" + std::string(name) + "\"}}"));
      CHECK((found.find("/sources/a/secrets missing") == 0) == !fetched);
      published += fetched ? 1 : 0;
    }
    CHECK(published < static_cast<int>(signature::preset_names().size()));
  }
}
