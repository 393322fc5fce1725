#include "manifest/scheme.h"

#include <algorithm>
#include <string>

#include "doctest/doctest.h"
#include "manifest/scheme_words.h"
#include "signature/handshake_rule.h"
#include "signature/presets.h"
#include "signature/verify.h"

using namespace sluice;
using namespace sluice::manifest;
using signature::MessagePart;
using signature::PartKind;
using signature::Scheme;

namespace {

Scheme good(std::string_view text) {
  std::vector<Finding> findings;
  auto scheme = read_scheme(text, findings);
  const std::string first = findings.empty() ? "" : findings[0].at + ": " + findings[0].message;
  CAPTURE(first);
  CHECK(scheme.has_value());
  return scheme ? *std::move(scheme) : Scheme{};
}

std::vector<Finding> wrong(std::string_view text) {
  std::vector<Finding> findings;
  CHECK(!read_scheme(text, findings).has_value());
  CHECK(!findings.empty());
  if (findings.empty()) findings.push_back({});
  return findings;
}

constexpr std::string_view kAcme = R"({
  "name": "acme",
  "algorithm": "hmac-sha512",
  "signature": { "from": "header:x-acme-signature", "items": ",", "separator": "=", "field": "v1",
                 "item_prefix": "", "encoding": "base64", "max": 4 },
  "key": { "form": "base64", "prefix": "whsec_" },
  "message": "{timestamp}.{body}",
  "time": { "from": "field:t", "format": "ms", "past_ms": 60000, "future_ms": 1000 },
  "identity": ["header:x-acme-id", "json:/id"],
  "installation": "x-acme-installation"
})";

}  // namespace

TEST_SUITE("manifest/scheme") {
  TEST_CASE("a definition says what the struct says") {
    const Scheme acme = good(kAcme);
    CHECK(acme.name == "acme");
    CHECK(acme.algorithm == signature::Algorithm::kHmacSha512);
    CHECK(format(acme.signature.from) == "header:x-acme-signature");
    CHECK(acme.signature.item_separator == ',');
    CHECK(acme.signature.field_separator == '=');
    CHECK(acme.signature.field == "v1");
    CHECK(acme.signature.encoding == signature::Encoding::kBase64);
    CHECK(acme.signature.candidates_max == 4);
    CHECK(acme.key == signature::KeyRule{signature::KeyForm::kBase64, "whsec_"});
    CHECK(signature::format_message(acme.message) == "{timestamp}.{body}");
    CHECK(format(acme.time.from) == "field:t");
    CHECK(acme.time.format == signature::TimeFormat::kMilliseconds);
    CHECK(acme.time.past == minutes(1));
    CHECK(acme.time.future == seconds(1));
    CHECK(acme.identity.size() == 2);
    CHECK(acme.installation_header == "x-acme-installation");
  }

  TEST_CASE("every preset is written as a definition that reads as the same preset") {
    const auto names = signature::preset_names();
    CHECK(names.size() >= 8);
    for (const auto name : names) {
      const auto preset = signature::preset(name);
      CHECK(preset.has_value());
      if (!preset) continue;
      const std::string text = format_scheme(*preset);
      CAPTURE(text);
      CHECK(good(text) == *preset);
    }
  }

  TEST_CASE("like begins with a preset, and members are laid over it one by one") {
    for (const auto name : signature::preset_names()) {
      CAPTURE(name);
      CHECK(good("{\"like\":\"" + std::string(name) + "\"}") == *signature::preset(name));
    }
    Scheme expected = *signature::preset("stripe");
    expected.name = "acme";
    expected.signature.from.name = "acme-signature";
    expected.time.past = minutes(10);
    CHECK(good(R"({"like":"stripe","name":"acme",
                   "signature":{"from":"header:acme-signature"},
                   "time":{"past_ms":600000}})") == expected);
  }

  TEST_CASE("null takes the default back") {
    Scheme expected = *signature::preset("slack");
    expected.time = {};
    expected.identity.clear();
    expected.message = {{PartKind::kBody, {}}};
    expected.signature.prefix.clear();
    CHECK(good(R"({"like":"slack","time":null,"identity":null,"message":"{body}",
                   "signature":{"prefix":null}})") == expected);
    CHECK(good(R"({"like":"shopify","signature":{"encoding":null}})").signature.encoding ==
          signature::Encoding::kHexLower);
  }

  TEST_CASE("a signature that is alone has one candidate, a list has sixteen") {
    CHECK(
        good(R"({"signature":{"from":"header:s"},"message":"{body}"})").signature.candidates_max ==
        1);
    CHECK(good(R"({"signature":{"from":"header:s","items":" "},"message":"{body}"})")
              .signature.candidates_max == 16);
    CHECK(good(R"({"like":"github","signature":{"items":","}})").signature.candidates_max == 16);
  }

  TEST_CASE("handshakes are named, or said in full, and written in full") {
    const Scheme named = good(R"({"like":"github","handshake":"slack"})");
    CHECK(named.handshakes == signature::handshake_rules(signature::Handshake::kSlack));
    const Scheme said = good(R"({"like":"github","handshake":[{
        "when": {"json:/type": "url_verification"},
        "respond": {"echo": "json:/challenge"}, "verify_first": true}]})");
    CHECK(said.handshakes == named.handshakes);
    for (int number = 1; number <= 18; ++number) {
      const auto handshake = static_cast<signature::Handshake>(number);
      CAPTURE(number);
      Scheme scheme = *signature::preset("github");
      scheme.handshakes = handshake_rules(handshake);
      CHECK(!scheme.handshakes.empty());
      CHECK(good(format_scheme(scheme)) == scheme);
      const std::string name(signature::name(handshake));
      CHECK(good("{\"like\":\"github\",\"handshake\":\"" + name + "\"}") == scheme);
    }
  }

  TEST_CASE("every word of the tables is one of the engine's") {
    for (const auto family : kFamilies) {
      CHECK(signature::parse_family(signature::name(family)) == family);
    }
    for (const auto algorithm : kAlgorithms) {
      CHECK(signature::parse_algorithm(signature::name(algorithm)) == algorithm);
    }
    for (const auto word : kPlaceWords) {
      const std::string place(word);
      if (place == "body") {
        CHECK(signature::parse_site(place).has_value());
        continue;
      }
      CHECK(signature::parse_site(place + (place == "json:" ? "/a" : "1")).has_value());
    }
    for (const auto word : kPartWords) {
      const std::string part(word);
      CHECK(signature::parse_part(part.back() == ':' ? part + "x" : part).has_value());
    }
  }

  TEST_CASE("a text that is no definition is one finding") {
    CHECK(wrong("{")[0].code == "json_malformed");
    CHECK(wrong("[]")[0].code == "wrong_type");
    CHECK(wrong("7")[0].code == "wrong_type");
    CHECK(wrong(R"({"like":"github","like":"github"})")[0].code == "json_malformed");
    CHECK(wrong(std::string(70'000, ' ') + "{}")[0].code == "json_malformed");
  }
}
