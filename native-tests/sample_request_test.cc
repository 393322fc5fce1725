// Native only: tests what `sluice send` sends, which only the native binary holds.
#include "native/sample_request.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "codec/json.h"
#include "doctest/doctest.h"
#include "native/sample_bodies.h"
#include "native/system.h"
#include "native/throwaway_key.h"
#include "signature/presets.h"
#include "signature/sign.h"
#include "signature/verify.h"

using namespace sluice;
using namespace sluice::native;

namespace {

constexpr Instant kNow{1'790'000'000'000};

struct Sent {
  bool is_signed = false;
  std::string why;
  signature::Verdict verdict;
};

bool is_fetched(const signature::Scheme& scheme) {
  return !scheme.fetched.url.empty() || scheme.fetched.url_from.place != signature::Place::kNone;
}

// A sample of `scheme`, signed with `signing` and verified with `secret`, as it would arrive.
Sent sent(const signature::Scheme& scheme, const std::string& signing, const std::string& secret,
          Instant at) {
  SystemRandom random;
  const SampleRequest sample = sample_request(scheme, "", at, random);
  const std::string url =
      std::string("https://hooks.example/in/x") + (sample.query.empty() ? "" : "?") + sample.query;
  Sent result;
  auto made = signature::sign(scheme, {{.value = signing}},
                              {.id = "msg_1",
                               .now = at,
                               .headers = sample.headers,
                               .body = sample.body,
                               .method = "POST",
                               .url = url});
  result.is_signed = made.has_value();
  if (!made.has_value()) {
    result.why = made.error().context;
    return result;
  }
  Headers headers = made->headers;
  for (const Header& header : sample.headers) {
    if (count(headers, header.name) == 0) headers.push_back(header);
  }
  const std::string arrived_url = made->url.value_or(url);
  const Bytes arrived = made->body.value_or(sample.body);
  result.verdict = signature::verify(
      scheme, std::vector<signature::Secret>{{.value = secret}},
      {.method = "POST", .url = arrived_url, .headers = headers, .body = arrived}, kNow);
  if (const auto* refusal = std::get_if<signature::Refusal>(&result.verdict)) {
    result.why = std::string(name(refusal->reason)) + " " + refusal->detail;
  }
  return result;
}

// Parameters that each source sets for itself.
signature::Scheme usable(std::string_view name) {
  signature::Scheme scheme = *signature::preset(name);
  for (const auto& part : scheme.message) {
    if (part.kind != signature::PartKind::kParameter) continue;
    scheme.parameters.push_back({part.text, "0123456789abcdef"});
  }
  return scheme;
}

}  // namespace

TEST_SUITE("native/sample_request") {
  TEST_CASE("a sample of every scheme is signed and then accepted; by another key, refused") {
    SystemRandom random;
    int accepted = 0;
    for (const auto name : signature::preset_names()) {
      CAPTURE(name);
      const signature::Scheme scheme = usable(name);
      if (is_fetched(scheme)) continue;  // Its key has to be published: `send` asks for --key.
      if (scheme.signature.from.place == signature::Place::kBody) continue;  // All of it a token.
      if (name == "lever") continue;  // `send` needs a --payload for it.
      const auto key = throwaway_key(scheme, random);
      const auto other = throwaway_key(scheme, random);
      CHECK(key.has_value());
      CHECK(other.has_value());
      if (!key.has_value() || !other.has_value()) continue;
      const Sent good = sent(scheme, key->secret, key->configure, kNow);
      CAPTURE(good.why);
      CHECK(good.is_signed);
      CHECK(std::holds_alternative<signature::Accepted>(good.verdict));
      accepted += std::holds_alternative<signature::Accepted>(good.verdict) ? 1 : 0;
      const Sent forged = sent(scheme, other->secret, key->configure, kNow);
      CHECK(std::holds_alternative<signature::Refusal>(forged.verdict));
      if (scheme.time.from.place == signature::Place::kNone) continue;
      const Sent stale =
          sent(scheme, key->secret, key->configure, kNow - scheme.time.past - hours(1));
      CHECK(std::holds_alternative<signature::Refusal>(stale.verdict));
    }
    CHECK(accepted >= 8);
  }

  TEST_CASE("every sample body is of a preset, well-formed, and new each time") {
    SystemRandom random;
    std::set<std::string_view> seen;
    for (const SampleBody& body : sample_bodies()) {
      CAPTURE(body.scheme);
      CHECK(seen.insert(body.scheme).second);
      const auto scheme = signature::preset(body.scheme);
      CHECK(scheme.has_value());
      if (!scheme.has_value()) continue;
      const SampleRequest first = sample_request(*scheme, "", kNow, random);
      const SampleRequest second = sample_request(*scheme, "", kNow, random);
      CHECK(first.body != second.body);
      CHECK(first.body.find('$') == std::string::npos);
      CHECK(first.event == body.event);
      const bool form = body.content_type.find("form") != std::string_view::npos;
      if (!form) CHECK(codec::parse_json(first.body).has_value());
    }
  }

  TEST_CASE("the event that is asked for stands in the header or in the body") {
    SystemRandom random;
    const auto github = sample_request(*signature::preset("github"), "release", kNow, random);
    CHECK(find(github.headers, "x-github-event") == "release");
    const auto stripe = sample_request(*signature::preset("stripe"), "a.b", kNow, random);
    CHECK(stripe.body.find("\"type\":\"a.b\"") != std::string::npos);
  }
}
