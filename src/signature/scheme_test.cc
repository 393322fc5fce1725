#include "signature/scheme.h"

#include <string>

#include "doctest/doctest.h"
#include "signature/catalogue.h"
#include "signature/presets.h"

namespace sluice::signature {
namespace {

std::string problem(const Scheme& scheme) {
  const auto result = check(scheme);
  return result ? "none" : std::string(result.error().context);
}

TEST_SUITE("signature/scheme") {
  TEST_CASE("every preset is sound, named by its row, and documented") {
    std::string_view before;
    for (const auto& row : catalogue()) {
      CAPTURE(row.name);
      const auto scheme = preset(row.name);
      CHECK(scheme.has_value());
      if (!scheme) continue;
      CHECK(problem(*scheme) == "none");
      CHECK(scheme->name == row.name);
      CHECK(row.source.substr(0, 8) == "https://");
      CHECK_FALSE(row.title.empty());
      CHECK_FALSE(row.evidence.empty());
      CHECK(before < row.name);
      before = row.name;
    }
    CHECK(preset_names().size() == catalogue().size());
    CHECK_FALSE(preset("").has_value());
    CHECK_FALSE(preset("Stripe").has_value());
    CHECK_FALSE(preset("unknown").has_value());
  }

  TEST_CASE("a message is written as it is read") {
    const std::string_view texts[] = {"{body}",
                                      "{timestamp}.{body}",
                                      "v0:{timestamp}:{body}",
                                      "{header:webhook-id}.{timestamp}.{body}",
                                      "literal",
                                      ""};
    for (const std::string_view text : texts) {
      const auto message = parse_message(text);
      CHECK(message.has_value());
      if (message) CHECK(format_message(*message) == text);
    }
    const std::string_view wrong[] = {"{",  "}",        "{body",  "body}",   "{unknown}",
                                      "{}", "{{body}}", "{Body}", "{ body}", "{header}"};
    for (const std::string_view text : wrong) {
      CAPTURE(text);
      CHECK_FALSE(parse_message(text).has_value());
    }
    std::string many;
    for (std::size_t i = 0; i < kPartsMax; ++i) many += "{body}";
    CHECK(parse_message(many).has_value());
    CHECK_FALSE(parse_message(many + "{body}").has_value());
  }

  TEST_CASE("a scheme that would be unsafe is named for it") {
    const Scheme good = *preset("standard");
    const auto with_message = [&](std::string_view text) {
      Scheme scheme = good;
      scheme.message = *parse_message(text);
      return problem(scheme);
    };
    CHECK(with_message("{header:webhook-id}.{timestamp}.{body}") == "none");
    CHECK(with_message("{header:webhook-id}.{body}") ==
          "the timestamp is not signed, so it proves nothing");
    CHECK(with_message("{header:webhook-id}.{timestamp}") == "the body is not signed");
    CHECK(with_message("{header:webhook-id}.{timestamp}{body}") == "none");
    CHECK(with_message("{body}.{timestamp}") == "none");
    CHECK(with_message("{header:Webhook-Id}.{timestamp}.{body}") ==
          "a signed header is no header name in lower case");
    CHECK(with_message("") == "the message has between 1 and 16 parts");
  }

  TEST_CASE("sites that contradict themselves are named") {
    Scheme scheme = *preset("stripe");
    scheme.time.from.name = "v1";
    CHECK(problem(scheme) == "the timestamp needs a field name of its own");
    scheme = *preset("stripe");
    scheme.signature.field.clear();
    CHECK(problem(scheme) == "a field name and its separator go together");
    scheme = *preset("stripe");
    scheme.signature.from.name = "Stripe-Signature";
    CHECK(problem(scheme) == "the signature's header is no header name in lower case");
    scheme = *preset("stripe");
    scheme.signature.candidates_max = 17;
    CHECK(problem(scheme) == "between 1 and 16 candidates are allowed");
    scheme = *preset("stripe");
    scheme.time.from = {};
    CHECK(problem(scheme) == "the message holds a timestamp that is nowhere given");
    scheme = *preset("stripe");
    scheme.identity = {{{Place::kJson, "id"}}};
    CHECK(problem(scheme) == "the identity in the body is no JSON pointer");
    scheme = *preset("github");
    scheme.identity = {{{Place::kHeader, ""}}};
    CHECK(problem(scheme) == "the identity's header is no header name in lower case");
    scheme = *preset("slack");
    scheme.time.from.name = "X-Time";
    CHECK(problem(scheme) == "the timestamp's header is no header name in lower case");
  }

  TEST_CASE("what would leave the body, the time or the sender unproved is refused") {
    const auto changed = [](auto change) {
      Scheme scheme = *preset("stripe");
      change(scheme);
      return problem(scheme);
    };
    CHECK(changed([](Scheme&) {}) == "none");
    CHECK(changed([](Scheme& s) { s.message = *parse_message("{timestamp}.{header:x-id}"); }) ==
          "the body is not signed");
    CHECK(changed([](Scheme& s) { s.message = *parse_message("{timestamp}.{json:/id}"); }) ==
          "the body is not signed");
    CHECK(changed([](Scheme& s) {
            s.message = *parse_message("{timestamp}.{json:/id}");
            s.body_unsigned = true;
          }) == "none");
    const std::string crc =
        changed([](Scheme& s) { s.message = *parse_message("{timestamp}.{crc32}"); });
    CHECK(crc.find("another body with the same CRC-32 is made in no time") == 0);
    CHECK(changed([](Scheme& s) {
            s.message = *parse_message("{timestamp}.{crc32}");
            s.allow_legacy = true;
          }) == "none");
    CHECK(changed([](Scheme& s) {
            s.body_digest = BodyDigest{.from = {Place::kHeader, "digest"}, .optional = true};
            s.message = *parse_message("{timestamp}.{header:digest}");
          }) == "the body is not signed");
    CHECK(changed([](Scheme& s) {
            s.message = *parse_message("constant {method}");
            s.time.from = {};
            s.body_unsigned = true;
          }).find("nothing in the message differs") == 0);
    CHECK(changed([](Scheme& s) {
            s.algorithm = Algorithm::kSha256SecretFirst;
          }).find("the algorithm is broken") == 0);
    CHECK(changed([](Scheme& s) {
            s.algorithm = Algorithm::kHmacMd5;
          }).find("the algorithm is broken") == 0);
    CHECK(changed([](Scheme& s) {
            s.signature.encoding = Encoding::kNone;
          }).find("a signature is bytes") == 0);
  }

  TEST_CASE("a signature that would stand inside of what it signs is refused") {
    Scheme scheme = *preset("github");
    scheme.signature.prefix.clear();
    const std::pair<Site, std::string_view> cases[] = {
        {{Place::kJson, "/signature"}, "{body}"},
        {{Place::kJson, "/signature"}, "{sha256}"},
        {{Place::kForm, "signature"}, "{body}"},
        {{Place::kForm, "signature"}, "{url}{form-sorted}"},
        {{Place::kQuery, "signature"}, "{url}{body}"},
        {{Place::kQuery, "signature"}, "{url:path}{body}"},
    };
    for (const auto& entry : cases) {
      const auto& site = entry.first;
      const auto& message = entry.second;
      CAPTURE(format(site));
      scheme.signature.from = site;
      scheme.message = *parse_message(message);
      CHECK(problem(scheme).find("the signature stands inside of what it signs") == 0);
    }
  }

  TEST_CASE("what is signed follows from the scheme") {
    Scheme scheme = *preset("standard");
    CHECK(is_signed(scheme, {Place::kHeader, "webhook-id"}));
    CHECK(is_signed(scheme, {Place::kHeader, "webhook-timestamp"}));
    CHECK_FALSE(is_signed(scheme, {Place::kHeader, "other"}));
    CHECK(is_signed(scheme, {Place::kJson, "/id"}));
    CHECK_FALSE(is_signed(scheme, {Place::kQuery, "id"}));
    scheme.message = *parse_message("{url}{json:/id}");
    CHECK(is_signed(scheme, {Place::kQuery, "id"}));
    CHECK(is_signed(scheme, {Place::kJson, "/id"}));
    CHECK_FALSE(is_signed(scheme, {Place::kJson, "/other"}));
    scheme.message = *parse_message("{url}{form-sorted}");
    CHECK_FALSE(is_signed(scheme, {Place::kForm, "id"}));  // Names and values have no border.
    CHECK_FALSE(is_signed(scheme, {Place::kQuery, "id"}));
    scheme.family = Family::kToken;
    CHECK_FALSE(is_signed(scheme, {Place::kJson, "/id"}));
  }
}

}  // namespace
}  // namespace sluice::signature
