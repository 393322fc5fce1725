// Whatever of a provider's request is authenticated and changed, it is refused: of every preset
// that signs, 10,000 changes. Native only: the samples are those of `sluice send`.
#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "base/headers.h"
#include "base/prng.h"
#include "doctest/doctest.h"
#include "native/sample_request.h"
#include "native/system.h"
#include "native/throwaway_key.h"
#include "signature/coverage.h"
#include "signature/keys.h"
#include "signature/mutated.h"
#include "signature/presets.h"
#include "signature/sign.h"
#include "signature/verify.h"

using namespace sluice;
using namespace sluice::native;
using signature::below;
using signature::mutated;
using signature::PartKind;
using signature::Place;
using signature::Scheme;

namespace {

constexpr Instant kNow{1'790'000'000'000};
constexpr int kMutations = 10 * SLUICE_SIM_SEEDS;  // A tenth in the sanitizer lanes.
constexpr int kOfOneRequest = 250;

struct Arrival {
  Headers headers;
  std::string url;
  Bytes body;
};

bool is_fetched(const Scheme& scheme) {
  return !scheme.fetched.url.empty() || scheme.fetched.url_from.place != Place::kNone;
}

Scheme usable(std::string_view name) {
  Scheme scheme = *signature::preset(name);
  for (const auto& part : scheme.message) {
    if (part.kind != PartKind::kParameter) continue;
    scheme.parameters.push_back({part.text, "0123456789abcdef"});
  }
  return scheme;
}

// The headers that the signature is in, or that are under it.
std::vector<std::string> signed_headers(const Scheme& scheme) {
  std::vector<std::string> names;
  const auto add = [&](const signature::Site& site) {
    if (site.place == Place::kHeader) names.push_back(site.name);
  };
  add(scheme.signature.from);
  if (scheme.family == signature::Family::kMessageSignature) names.push_back("signature-input");
  if (signature::has_part(scheme, PartKind::kTimestamp)) add(scheme.time.from);
  if (scheme.body_digest) add(scheme.body_digest->from);
  for (const auto& part : scheme.message) {
    if (part.kind == PartKind::kHeader) names.push_back(part.text);
  }
  return names;
}

std::string without_blanks(std::string text) {
  std::erase(text, ' ');
  return text;
}

// Two texts of one value: letters of hex where the scheme takes any case, and blanks between the
// items of a structured field, which is signed in its canonical form (RFC 9421, section 2.3).
bool is_same(const Scheme& scheme, const std::string& name, const std::string& a,
             const std::string& b) {
  if (scheme.family == signature::Family::kMessageSignature && name == "signature-input") {
    return without_blanks(a) == without_blanks(b);
  }
  return scheme.signature.encoding == signature::Encoding::kHexAny &&
         lower_case(a) == lower_case(b);
}

class Mutation {
 public:
  Mutation(const Scheme& scheme, Prng& prng)
      : scheme_(scheme),
        prng_(prng),
        headers_(signed_headers(scheme)),
        has_body_(signature::covers_body(scheme)),
        has_url_(signature::covers_url(scheme)) {}

  // False where this draw changes nothing that is authenticated.
  bool apply(Arrival& arrival) {
    const std::size_t choices = headers_.size() + (has_body_ ? 1U : 0U) + (has_url_ ? 1U : 0U);
    if (choices == 0) return false;
    const std::size_t target = below(prng_, choices);
    if (target < headers_.size()) return change_header(arrival, headers_[target]);
    Bytes& text = target == headers_.size() && has_body_ ? arrival.body : arrival.url;
    text = mutated(prng_, text);
    return true;
  }

 private:
  bool change_header(Arrival& arrival, const std::string& name) {
    for (Header& header : arrival.headers) {
      if (header.name != name) continue;
      std::string changed = mutated(prng_, header.value);
      if (is_same(scheme_, name, changed, header.value)) return false;
      header.value = std::move(changed);
      return true;
    }
    return false;
  }

  const Scheme& scheme_;
  Prng& prng_;
  std::vector<std::string> headers_;
  bool has_body_;
  bool has_url_;
};

std::optional<Arrival> arrival_of(const Scheme& scheme, const std::string& signing) {
  SystemRandom random;
  const SampleRequest sample = sample_request(scheme, "", kNow, random);
  Arrival arrival{.headers = {},
                  .url = "https://hooks.example/in/x" +
                         (sample.query.empty() ? std::string() : "?" + sample.query),
                  .body = sample.body};
  const auto made = signature::sign(scheme, {{.value = signing}},
                                    {.id = "msg_1",
                                     .now = kNow,
                                     .headers = sample.headers,
                                     .body = sample.body,
                                     .method = "POST",
                                     .url = arrival.url});
  if (!made.has_value()) return std::nullopt;
  arrival.headers = made->headers;
  for (const Header& header : sample.headers) {
    if (count(arrival.headers, header.name) == 0) arrival.headers.push_back(header);
  }
  if (made->url) arrival.url = *made->url;
  if (made->body) arrival.body = *made->body;
  return arrival;
}

bool accepts(const Scheme& scheme, const signature::Keys& keys, const Arrival& arrival) {
  const auto verdict = signature::verify(
      scheme, keys,
      {.method = "POST", .url = arrival.url, .headers = arrival.headers, .body = arrival.body},
      kNow);
  return std::holds_alternative<signature::Accepted>(verdict);
}

std::string shown(const Arrival& arrival) {
  std::string text = arrival.url;
  for (const Header& header : arrival.headers) text += " | " + header.name + ": " + header.value;
  return text + " | " + arrival.body;
}

struct Tried {
  int presets = 0;
  int changes = 0;
  int accepted = 0;
};

void mutate(const Scheme& scheme, std::uint64_t seed, Tried& tried) {
  Prng prng(seed);
  SystemRandom random;
  const auto key = throwaway_key(scheme, random);
  if (!key.has_value()) return;
  const auto keys = signature::prepare(scheme, {{.value = key->configure}});
  Mutation mutation(scheme, prng);
  int changes = 0;
  for (int i = 0; i < kMutations; i += kOfOneRequest) {
    const auto arrival = arrival_of(scheme, key->secret);
    if (!arrival || !accepts(scheme, keys, *arrival)) return;
    for (int j = 0; j < kOfOneRequest; ++j) {
      Arrival changed = *arrival;
      if (!mutation.apply(changed)) continue;
      ++changes;
      if (!accepts(scheme, keys, changed)) continue;
      ++tried.accepted;
      CHECK_MESSAGE(false, shown(*arrival));
      CHECK_MESSAGE(false, shown(changed));
    }
  }
  tried.changes += changes;
  tried.presets += changes > 0 ? 1 : 0;
}

}  // namespace

TEST_SUITE("native/preset_mutation") {
  TEST_CASE("of 10,000 changes to what a preset authenticates none is accepted, for every preset") {
    Tried tried;
    std::uint64_t seed = 0;
    for (const auto name : signature::preset_names()) {
      CAPTURE(name);
      const Scheme scheme = usable(name);
      ++seed;
      if (is_fetched(scheme) || scheme.signature.from.place == Place::kBody) continue;
      mutate(scheme, seed, tried);
    }
    MESSAGE(tried.presets << " presets, " << tried.changes << " changes");
    CHECK(tried.accepted == 0);
    CHECK(tried.presets > 150);
    CHECK(tried.changes > tried.presets * kMutations / 2);
  }
}
