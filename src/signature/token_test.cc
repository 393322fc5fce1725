// A token proves the sender, and nothing about the request.
#include <string>

#include "codec/base64.h"
#include "doctest/doctest.h"
#include "signature/sign.h"
#include "signature/verify.h"

namespace sluice::signature {
namespace {

constexpr Instant kNow{1'700'000'000'000};

Scheme scheme_of(std::string_view header, std::string prefix, Encoding encoding) {
  Scheme scheme;
  scheme.name = "acme";
  scheme.family = Family::kToken;
  scheme.signature.from = {Place::kHeader, std::string(header)};
  scheme.signature.prefix = std::move(prefix);
  scheme.signature.encoding = encoding;
  scheme.signature.candidates_max = 1;
  scheme.identity = {{{Place::kHeader, "x-event-id"}}};
  return scheme;
}

std::string answer(const Scheme& scheme, const Headers& headers,
                   const std::vector<Secret>& secrets) {
  const Request request{.method = "POST", .url = "/", .headers = headers, .body = "{}"};
  const auto verdict = verify(scheme, secrets, request, kNow);
  const auto* refusal = std::get_if<Refusal>(&verdict);
  return refusal == nullptr ? "accepted" : std::string(name(refusal->reason));
}

TEST_SUITE("signature/token") {
  TEST_CASE("the token itself, behind a prefix, or as a name and a password") {
    const Scheme plain = scheme_of("x-gitlab-token", "", Encoding::kNone);
    CHECK(check(plain).has_value());
    const std::vector<Secret> secrets = {{.value = "old"}, {.value = "t0ken"}};
    CHECK(answer(plain, {{"x-gitlab-token", "t0ken"}}, secrets) == "accepted");
    CHECK(answer(plain, {{"x-gitlab-token", "t0ken "}}, secrets) == "signature_mismatch");
    CHECK(answer(plain, {{"x-gitlab-token", "T0ken"}}, secrets) == "signature_mismatch");
    CHECK(answer(plain, {{"x-gitlab-token", "t0ken, t0ken"}}, secrets) == "signature_mismatch");
    const Scheme bearer = scheme_of("authorization", "Bearer ", Encoding::kNone);
    CHECK(answer(bearer, {{"authorization", "Bearer t0ken"}}, secrets) == "accepted");
    CHECK(answer(bearer, {{"authorization", "t0ken"}}, secrets) == "signature_malformed");
    CHECK(answer(bearer, {{"authorization", "Bearer "}}, secrets) == "signature_malformed");
    const Scheme basic = scheme_of("authorization", "Basic ", Encoding::kBase64);
    const std::string sent = "Basic " + codec::encode_base64("user:pass");
    CHECK(answer(basic, {{"authorization", sent}}, {{.value = "user:pass"}}) == "accepted");
    CHECK(answer(basic, {{"authorization", sent}}, {{.value = "user:past"}}) ==
          "signature_mismatch");
  }

  TEST_CASE("no token, an empty one, two, and an empty secret never pass") {
    const Scheme scheme = scheme_of("x-token", "", Encoding::kNone);
    CHECK(answer(scheme, {}, {{.value = "t"}}) == "header_missing");
    CHECK(answer(scheme, {{"x-token", ""}}, {{.value = "t"}}) == "header_missing");
    CHECK(answer(scheme, {{"x-token", "t"}, {"x-token", "t"}}, {{.value = "t"}}) ==
          "header_duplicate");
    CHECK(answer(scheme, {{"x-token", "t"}}, {{.value = ""}}) == "no_secret");
    Secret old{.value = "t"};
    old.not_after = kNow - milliseconds(1);
    CHECK(answer(scheme, {{"x-token", "t"}}, {old}) == "key_expired");
  }

  TEST_CASE("nothing is signed, so the digest of the body goes along with every id") {
    const Scheme scheme = scheme_of("x-token", "", Encoding::kNone);
    const Headers headers = {{"x-token", "t"}, {"x-event-id", "e1"}};
    const Request request{.method = "POST", .url = "/", .headers = headers, .body = "{}"};
    const auto verdict = verify(scheme, std::vector<Secret>{{.value = "t"}}, request, kNow);
    const auto* accepted = std::get_if<Accepted>(&verdict);
    CHECK(accepted != nullptr);
    if (accepted == nullptr) return;
    CHECK(accepted->identity == "e1");
    CHECK_FALSE(accepted->identity_signed);
    CHECK(accepted->digest == crypto::sha256("{}"));
  }

  TEST_CASE("a token is sent as it is configured") {
    const Scheme scheme = scheme_of("authorization", "Basic ", Encoding::kBase64);
    const SignInput input{.id = "e1", .now = kNow, .headers = {}, .body = "{}"};
    const auto made = sign(scheme, {{.value = "user:pass"}}, input);
    CHECK(made.has_value());
    if (!made) return;
    CHECK(find(made->headers, "authorization") == "Basic dXNlcjpwYXNz");
    CHECK(find(made->headers, "x-event-id") == "e1");
  }

  TEST_CASE("a token that claims to sign something is refused as a scheme") {
    Scheme scheme = scheme_of("x-token", "", Encoding::kNone);
    scheme.message = *parse_message("{body}");
    CHECK_FALSE(check(scheme).has_value());
    scheme.message.clear();
    scheme.time.from = {Place::kHeader, "x-time"};
    CHECK_FALSE(check(scheme).has_value());
    scheme.time.is_signed = false;
    CHECK(check(scheme).has_value());
  }
}

}  // namespace
}  // namespace sluice::signature
