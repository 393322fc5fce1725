// What a scheme signs it verifies, and nothing else: for schemes that nobody wrote.
#include <string>
#include <utility>
#include <vector>

#include "base/prng.h"
#include "crypto/vectors/keys.h"
#include "doctest/doctest.h"
#include "signature/generated_scheme.h"
#include "signature/sign.h"
#include "signature/verify.h"

namespace sluice::signature {
namespace {

constexpr Instant kNow{1'700'000'000'000};

struct Sent {
  Headers headers;
  std::string url = "https://hooks.example/in/acme?shop=1&id=q1";
  Bytes body;
};

Sent request_of(Prng& prng) {
  Sent sent;
  sent.headers.push_back({"id", "h1"});
  if (prng.below(2) == 0) {
    sent.headers.push_back({"content-type", "application/x-www-form-urlencoded"});
    sent.body = "b=2&a=1&id=f1";
  } else {
    sent.headers.push_back({"content-type", "application/json"});
    sent.body = R"({"id":"j1","n":1})";
  }
  return sent;
}

Verdict verdict_of(const Scheme& scheme, const Sent& sent, std::string_view secret) {
  const Request request{
      .method = "POST", .url = sent.url, .headers = sent.headers, .body = sent.body};
  return verify(scheme, std::vector<Secret>{{.value = Bytes(secret)}}, request, kNow);
}

bool passes(const Scheme& scheme, const Sent& sent, std::string_view secret) {
  return std::holds_alternative<Accepted>(verdict_of(scheme, sent, secret));
}

std::string_view secret_for(const Scheme& scheme) {
  if (scheme.family == Family::kAsymmetric) return crypto::vectors::kEd25519Private;
  return "the secret of both sides";
}

bool has_kind(const Scheme& scheme, PartKind kind) {
  for (const MessagePart& part : scheme.message) {
    if (part.kind == kind) return true;
  }
  return false;
}

TEST_SUITE("signature/round_trip") {
  TEST_CASE("of generated schemes those that are allowed verify what they sign, and no change") {
    int allowed = 0;
    int made = 0;
    int changes = 0;
    for (std::uint64_t seed = 1; seed <= 20'000; ++seed) {
      Prng prng(seed);
      const Scheme scheme = generated_scheme(
          [&](std::size_t bound) { return static_cast<std::size_t>(prng.below(bound)); });
      if (!check(scheme)) continue;
      ++allowed;
      Sent sent = request_of(prng);
      const SignInput input{
          .id = "new", .now = kNow, .headers = sent.headers, .body = sent.body, .url = sent.url};
      const std::string_view secret = secret_for(scheme);
      const auto result = sign(scheme, {{.value = Bytes(secret)}}, input);
      if (!result) continue;  // The request has not what the scheme signs.
      ++made;
      for (const Header& header : result->headers) {
        std::erase_if(sent.headers, [&](const Header& h) { return h.name == header.name; });
        sent.headers.push_back(header);
      }
      if (result->url) sent.url = *result->url;
      if (result->body) sent.body = *result->body;
      CAPTURE(seed);
      CAPTURE(format_message(scheme.message));
      const bool good = passes(scheme, sent, secret);
      CHECK(good);
      if (!good) {
        const auto verdict = verdict_of(scheme, sent, secret);
        MESSAGE(std::get<Refusal>(verdict).detail);
        break;
      }
      CHECK_FALSE(passes(scheme, sent,
                         scheme.family == Family::kAsymmetric
                             ? std::string_view(crypto::vectors::kP256Public)
                             : std::string_view("another secret")));
      if (scheme.family == Family::kToken) continue;
      Sent changed = sent;
      changed.body += "x";
      const bool form = has_kind(scheme, PartKind::kForm) || has_kind(scheme, PartKind::kJson);
      if (!scheme.body_unsigned && !form && !has_kind(scheme, PartKind::kQuery)) {
        CHECK_FALSE(passes(scheme, changed, secret));
        ++changes;
      }
      changed = sent;
      changed.url += "x";
      if (has_kind(scheme, PartKind::kUrl) || has_kind(scheme, PartKind::kUrlPath)) {
        CHECK_FALSE(passes(scheme, changed, secret));
        ++changes;
      }
      for (std::size_t i = 0; i < sent.headers.size(); ++i) {
        if (sent.headers[i].name == "content-type" || sent.headers[i].name == "id") continue;
        changed = sent;
        changed.headers[i].value.clear();
        CHECK_FALSE(passes(scheme, changed, secret));
        changed = sent;
        changed.headers.push_back(sent.headers[i]);
        CHECK_FALSE(passes(scheme, changed, secret));
        changes += 2;
      }
    }
    CHECK(allowed > 200);
    CHECK(made > 100);
    CHECK(changes > 200);
  }
}

}  // namespace
}  // namespace sluice::signature
