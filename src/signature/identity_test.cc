// What names a delivery, and that signed bytes belong to one request only.
#include <string>
#include <utility>
#include <vector>

#include "codec/hex.h"
#include "doctest/doctest.h"
#include "signature/presets.h"
#include "signature/sign.h"
#include "signature/verify.h"

namespace sluice::signature {
namespace {

constexpr Instant kNow{1'700'000'000'000};
constexpr std::string_view kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

Accepted accepted_of(const Scheme& scheme, const Headers& headers, std::string_view body,
                     bool wants_digest = true) {
  const Request request{
      .method = "POST", .url = "/", .headers = headers, .body = body, .wants_digest = wants_digest};
  const auto verdict =
      verify(scheme, std::vector<Secret>{{.value = Bytes(kSecret)}}, request, kNow);
  const auto* accepted = std::get_if<Accepted>(&verdict);
  CHECK(accepted != nullptr);
  return accepted == nullptr ? Accepted{} : *accepted;
}

Headers signed_headers(const Scheme& scheme, std::string_view body, std::string id = "id-1") {
  const SignInput input{.id = std::move(id), .now = kNow, .headers = {}, .body = body};
  const auto headers = sign(scheme, {{.value = Bytes(kSecret)}}, input);
  CHECK(headers.has_value());
  return headers ? headers->headers : Headers{};
}

Accepted accepted_of(std::string_view name, std::string_view body, std::string id = "id-1") {
  const Scheme scheme = *preset(name);
  return accepted_of(scheme, signed_headers(scheme, body, std::move(id)), body);
}

std::string digest_of(std::string_view signed_bytes) {
  return codec::encode_hex(crypto::view(crypto::sha256(signed_bytes)));
}

TEST_SUITE("signature/identity") {
  TEST_CASE("a signed id names the delivery") {
    for (const std::string_view name : {"standard", "svix"}) {
      const Accepted accepted = accepted_of(name, "{}");
      CHECK(accepted.identity_rule == 0);
      CHECK(accepted.identity == "id-1");
      CHECK(accepted.identity_signed);
      CHECK_FALSE(accepted.digest.has_value());  // The id is signed: nothing needs the digest.
      CHECK(accepted.signed_at == kNow);
    }
  }

  TEST_CASE("an id inside the body names it, as text or as number") {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {R"({"id":"evt_1","data":{"id":"x"}})", "evt_1"},
        {R"({"data":{"id":"x"},"id":17})", "17"},
        {R"({"id":"\u0065vt"})", "evt"}};
    for (const auto& [body, id] : cases) {
      const Accepted accepted = accepted_of("stripe", body);
      CHECK(accepted.identity_rule == 0);
      CHECK(accepted.identity == id);
      CHECK(accepted.identity_signed);
    }
    CHECK(accepted_of("slack", R"({"event_id":"Ev1"})").identity == "Ev1");
  }

  TEST_CASE("without a clear id in the body the digest names it") {
    const std::string long_id = R"({"id":")" + std::string(257, 'x') + R"("})";
    const std::string_view bodies[] = {"",
                                       "{}",
                                       "[]",
                                       "null",
                                       "payload=1",
                                       R"({"id":null})",
                                       R"({"id":""})",
                                       R"({"id":true})",
                                       R"({"id":{}})",
                                       R"({"id":"a","id":"b"})",
                                       R"({"id":"a")",
                                       R"({"data":{"id":"x"}})",
                                       long_id};
    for (const std::string_view body : bodies) {
      CAPTURE(body);
      const Accepted accepted = accepted_of("stripe", body);
      CHECK_FALSE(accepted.identity_rule.has_value());
      CHECK(accepted.identity == digest_of("1700000000." + std::string(body)));
      CHECK(accepted.identity_signed);
    }
    CHECK(accepted_of("slack", "payload=%7B%7D").identity ==
          digest_of("v0:1700000000:payload=%7B%7D"));
  }

  TEST_CASE("an unsigned id is handed out as unsigned, beside the digest") {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"github", "{}"}, {"shopify", "{}"}, {"integration", "1700000000.{}"}};
    for (const auto& each : cases) {
      const std::string_view name = each.first;
      const std::string_view signed_bytes = each.second;
      CAPTURE(name);
      const Accepted accepted = accepted_of(name, "{}");
      CHECK(accepted.identity_rule == 0);
      CHECK(accepted.identity == "id-1");
      CHECK_FALSE(accepted.identity_signed);
      CHECK(codec::encode_hex(crypto::view(*accepted.digest)) == digest_of(signed_bytes));
    }
  }

  TEST_CASE("who wants no digest is spared it beside an id, and named by it without one") {
    const Scheme scheme = *preset("github");
    const Accepted named = accepted_of(scheme, signed_headers(scheme, "{}"), "{}", false);
    CHECK(named.identity == "id-1");
    CHECK_FALSE(named.identity_signed);
    CHECK_FALSE(named.digest.has_value());
    const Accepted nameless = accepted_of(scheme, signed_headers(scheme, "{}", ""), "{}", false);
    CHECK(nameless.identity == digest_of("{}"));
  }

  TEST_CASE("an unsigned id that is missing, empty, repeated or endless leaves the digest") {
    const Scheme scheme = *preset("github");
    const Headers bare = signed_headers(scheme, "{}", "");
    CHECK(count(bare, "x-github-delivery") == 0);
    const Headers extras[] = {Headers{}, Headers{{"x-github-delivery", ""}},
                              Headers{{"x-github-delivery", "a"}, {"x-github-delivery", "b"}},
                              Headers{{"x-github-delivery", std::string(257, 'x')}}};
    for (const Headers& extra : extras) {
      Headers headers = bare;
      headers.insert(headers.end(), extra.begin(), extra.end());
      const Accepted accepted = accepted_of(scheme, headers, "{}");
      CHECK_FALSE(accepted.identity_rule.has_value());
      CHECK(accepted.identity == digest_of("{}"));
    }
  }

  TEST_CASE("the digest is the same whichever secret signed, and however the hex is spelled") {
    const Scheme scheme = *preset("shopimind");
    const Accepted accepted = accepted_of("shopimind", R"({"installation_id":"i1"})");
    CHECK_FALSE(accepted.identity_rule.has_value());
    CHECK(accepted.identity == digest_of(R"(1700000000.{"installation_id":"i1"})"));
    const SignInput input{
        .id = "", .now = kNow, .headers = {}, .body = R"({"installation_id":"i1"})"};
    const auto headers = sign(scheme, {{.value = "other"}}, input);
    const Request request{.method = "POST",
                          .url = "/",
                          .headers = headers->headers,
                          .body = R"({"installation_id":"i1"})"};
    const auto verdict = verify(scheme, std::vector<Secret>{{.value = "other"}}, request, kNow);
    CHECK(std::get<Accepted>(verdict).digest == accepted.digest);
  }

  TEST_CASE("bytes cannot be moved from one signed part into the next") {
    const Scheme scheme = *preset("standard");
    // "id-1.1700000000.1700000000.x" could as well be the id "id-1.1700000000" of the body "x".
    Headers headers = signed_headers(scheme, "1700000000.x");
    for (auto& header : headers) {
      if (header.name == "webhook-id") header.value = "id-1.1700000000";
    }
    const Request request{.method = "POST", .url = "/", .headers = headers, .body = "x"};
    const auto verdict =
        verify(scheme, std::vector<Secret>{{.value = Bytes(kSecret)}}, request, kNow);
    const auto* refusal = std::get_if<Refusal>(&verdict);
    CHECK(refusal != nullptr);
    if (refusal != nullptr) CHECK(refusal->reason == Reason::kHeaderMalformed);
  }

  TEST_CASE("a signed id is short printable ASCII") {
    const Scheme scheme = *preset("standard");
    const std::string ids[] = {std::string("a\tb"), std::string("\xc3\xa9"), std::string(257, 'x'),
                               std::string("a.b"), std::string("a\0b", 3)};
    for (const std::string& id : ids) {
      Headers headers = signed_headers(scheme, "{}");
      for (auto& header : headers) {
        if (header.name == "webhook-id") header.value = id;
      }
      const Request request{.method = "POST", .url = "/", .headers = headers, .body = "{}"};
      const auto verdict =
          verify(scheme, std::vector<Secret>{{.value = Bytes(kSecret)}}, request, kNow);
      const auto* refusal = std::get_if<Refusal>(&verdict);
      CHECK(refusal != nullptr);
      if (refusal != nullptr) CHECK(refusal->reason == Reason::kHeaderMalformed);
    }
    CHECK(accepted_of("standard", "{}", std::string(256, 'x')).identity.size() == 256);
  }
}

}  // namespace
}  // namespace sluice::signature
