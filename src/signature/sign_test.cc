#include "signature/sign.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "doctest/doctest.h"
#include "signature/presets.h"
#include "signature/verify.h"

namespace sluice::signature {
namespace {

// Those that an HMAC over headers alone makes.
constexpr std::array<std::string_view, 8> kPresets = {
    "github", "integration", "shopify", "shopimind", "slack", "standard", "stripe", "svix"};

constexpr Instant kNow{1'700'000'000'999};
const Bytes kFirst = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const Bytes kSecond = "whsec_BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB";

SignInput input_of(std::string id, Headers headers = {}) {
  return {.id = std::move(id), .now = kNow, .headers = std::move(headers), .body = "{}"};
}

TEST_SUITE("signature/sign") {
  TEST_CASE("the id, the time and the signature are added, and nothing else") {
    const auto headers = sign(*preset("standard"), {{.value = kFirst}}, input_of("msg_1"));
    CHECK(headers.has_value());
    if (!headers) return;
    CHECK(headers->headers.size() == 3);
    CHECK(find(headers->headers, "webhook-id") == "msg_1");
    CHECK(find(headers->headers, "webhook-timestamp") == "1700000000");
    CHECK(find(headers->headers, "webhook-signature")->substr(0, 3) == "v1,");
  }

  TEST_CASE("signed headers that are given keep their value") {
    const Headers given = {{"webhook-id", "theirs"},
                           {"webhook-timestamp", "1700000007"},
                           {"content-type", "text/plain"}};
    const auto headers = sign(*preset("standard"), {{.value = kFirst}}, input_of("ours", given));
    CHECK(headers.has_value());
    if (!headers) return;
    CHECK(find(headers->headers, "webhook-id") == "theirs");
    CHECK(find(headers->headers, "webhook-timestamp") == "1700000007");
    CHECK_FALSE(find(headers->headers, "content-type"));
  }

  TEST_CASE("during rotation every valid secret signs, where the scheme can carry that") {
    const std::vector<Secret> both = {{.value = kFirst}, {.value = kSecond}};
    for (const std::string_view each : kPresets) {
      CAPTURE(each);
      const Scheme scheme = *preset(each);
      const auto headers = sign(scheme, both, input_of("msg_1"));
      CHECK(headers.has_value());
      if (!headers) continue;
      const Request request{
          .method = "POST", .url = "/", .headers = headers->headers, .body = "{}"};
      const auto by = [&](const Bytes& secret) {
        const std::vector<Secret> one = {{.value = secret}};
        return std::holds_alternative<Accepted>(verify(scheme, one, request, kNow));
      };
      CHECK(by(kFirst));
      CHECK(by(kSecond) == (scheme.signature.item_separator != '\0'));
    }
  }

  TEST_CASE("a secret outside its validity does not sign") {
    const std::vector<Secret> secrets = {
        {.value = kFirst, .not_before = std::nullopt, .not_after = kNow - milliseconds(1)},
        {.value = kSecond, .not_before = kNow, .not_after = kNow}};
    for (const std::string_view name : {"standard", "github"}) {
      const Scheme scheme = *preset(name);
      const auto headers = sign(scheme, secrets, input_of("msg_1"));
      const auto expected = sign(scheme, {{.value = kSecond}}, input_of("msg_1"));
      CHECK(headers.has_value());
      if (headers) CHECK(headers->headers == expected->headers);
      CHECK_FALSE(sign(scheme, {secrets[0]}, input_of("msg_1")).has_value());
    }
  }

  TEST_CASE("what cannot be signed safely is refused") {
    const Scheme scheme = *preset("standard");
    const std::vector<Secret> secrets = {{.value = kFirst}};
    CHECK_FALSE(sign(scheme, std::vector<Secret>{}, input_of("msg_1")).has_value());
    CHECK_FALSE(sign(scheme, {{.value = "whsec_!"}}, input_of("msg_1")).has_value());
    CHECK_FALSE(sign(scheme, secrets, input_of("")).has_value());
    CHECK_FALSE(sign(scheme, secrets, input_of("a.b")).has_value());
    CHECK_FALSE(sign(scheme, secrets, input_of("a\r\nb")).has_value());
    CHECK_FALSE(sign(scheme, secrets, input_of("", {{"webhook-id", "a"}, {"webhook-id", "b"}}))
                    .has_value());
    CHECK_FALSE(sign(scheme, secrets, input_of("a", {{"webhook-timestamp", "soon"}})).has_value());
    SignInput early = input_of("msg_1");
    early.now = Instant{-1};
    CHECK_FALSE(sign(scheme, secrets, early).has_value());
  }

  TEST_CASE("unsigned ids travel along, so that the receiver can tell a repeat") {
    const auto headers = sign(*preset("integration"), {{.value = "s"}}, input_of("key-1"));
    CHECK(headers.has_value());
    if (headers) CHECK(find(headers->headers, "x-idempotency-key") == "key-1");
    const auto without = sign(*preset("integration"), {{.value = "s"}}, input_of(""));
    CHECK(without.has_value());
    if (without) CHECK(count(without->headers, "x-idempotency-key") == 0);
  }
}

}  // namespace
}  // namespace sluice::signature
