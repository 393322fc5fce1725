// Every preset signs what it verifies, and nothing that is changed about it passes.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/prng.h"
#include "crypto/vectors/keys.h"
#include "doctest/doctest.h"
#include "signature/catalogue.h"
#include "signature/coverage.h"
#include "signature/placing.h"
#include "signature/presets.h"
#include "signature/sign.h"
#include "signature/verify.h"

namespace sluice::signature {
namespace {

constexpr Instant kNow{1'700'000'000'000};
constexpr std::uint64_t kMutationsPerPreset = 80;
constexpr std::uint64_t kMutationsOfPublicKeys = 12;  // Each is a hundred times dearer.

constexpr std::string_view kJsonBody =
    R"({"id":"evt_1","webhookTimestamp":1700000000000,"token":"t1","triggeredAt":1700000000000,)"
    R"("signature":{"token":"8f2c"},"notificationItems":[{"NotificationRequestItem":{)"
    R"("pspReference":"p1","merchantAccountCode":"m","merchantReference":"r","amount":)"
    R"({"value":1050,"currency":"EUR"},"eventCode":"AUTHORISATION","success":"true"}}]})";
constexpr std::string_view kFormBody = "bt_payload=PHhtbD4%3D&payload=%7B%7D&Digits=12+34&To=%2B33";

// Published keys and tokens that are the body itself are made by the provider alone.
bool can_sign(const Scheme& scheme) {
  return scheme.family != Family::kX509Url && scheme.signature.from.place != Place::kBody;
}

bool is_by_public_key(const Scheme& scheme) {
  return scheme.family != Family::kToken &&
         (scheme.family != Family::kJwt ? !is_symmetric(scheme.algorithm)
                                        : !is_symmetric(scheme.jwt.algorithms.front()));
}

bool wants_form(const Scheme& scheme) {
  return has_part(scheme, PartKind::kForm) || has_part(scheme, PartKind::kFormSorted);
}

Bytes private_key_of(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kEd25519: return crypto::vectors::kEd25519Private;
    case Algorithm::kEcdsaP256Sha256: return crypto::vectors::kP256Private;
    default: return crypto::vectors::kRsaPrivate;
  }
}

Bytes secret_of(const Scheme& scheme) {
  if (is_by_public_key(scheme)) {
    return private_key_of(scheme.family == Family::kJwt ? scheme.jwt.algorithms.front()
                                                        : scheme.algorithm);
  }
  switch (scheme.key.form) {
    case KeyForm::kBase64: return scheme.key.prefix + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    case KeyForm::kHex: return "0c0b9495b893a39e70d1fea2fe11fbe0a825f88b9f67846f6cc07dd2bc5476cd";
    default: break;
  }
  return scheme.signature.field_is_key_id ? "key_1|a3f5c0d1e2b49687" : "a3f5c0d1e2b49687";
}

// A request that was signed, as it arrives.
struct Arrived {
  Headers headers;
  std::size_t added = 0;  // So many headers are of the signature.
  std::string url;
  Bytes body;
};

std::optional<Arrived> signed_request(const Scheme& scheme) {
  Arrived arrived{.headers = {},
                  .url = "https://example.com/in?data.id=42&type=payment",
                  .body = Bytes(wants_form(scheme) ? kFormBody : kJsonBody)};
  const Headers given = {{"content-type", wants_form(scheme) ? "application/x-www-form-urlencoded"
                                                             : "application/json"},
                         {"x-fal-webhook-user-id", "user_1"}};
  const SignInput input{
      .id = "msg_1", .now = kNow, .headers = given, .body = arrived.body, .url = arrived.url};
  auto made = sign(scheme, std::vector<Secret>{{.value = secret_of(scheme)}}, input);
  CHECK_MESSAGE(made.has_value(), (made ? "" : made.error().context));
  if (!made) return std::nullopt;
  arrived.headers = made->headers;
  arrived.added = arrived.headers.size();
  for (const auto& header : given) {
    if (count(arrived.headers, header.name) == 0) arrived.headers.push_back(header);
  }
  if (made->url) arrived.url = *made->url;
  if (made->body) arrived.body = *made->body;
  return arrived;
}

bool accepts(const Scheme& scheme, const Arrived& arrived, const Bytes& secret) {
  const Request request{
      .method = "POST", .url = arrived.url, .headers = arrived.headers, .body = arrived.body};
  const auto verdict = verify(scheme, std::vector<Secret>{{.value = secret}}, request, kNow);
  return std::holds_alternative<Accepted>(verdict);
}

std::size_t below(Prng& prng, std::size_t bound) {
  return static_cast<std::size_t>(prng.below(bound));
}

// Flips a bit, drops, doubles, inserts, cuts or swaps; the result differs from the text.
std::string mutated(Prng& prng, const std::string& text) {
  std::string changed = text;
  while (changed == text) {
    const std::size_t at = text.empty() ? 0 : below(prng, text.size());
    const char any = static_cast<char>('!' + prng.below(94));
    switch (text.empty() ? 2 : below(prng, 6)) {
      case 0: changed[at] = static_cast<char>(changed[at] ^ (1 << below(prng, 8))); break;
      case 1: changed.erase(at, 1 + below(prng, 3)); break;
      case 2: changed.insert(at, 1, any); break;
      case 3: changed.insert(at, 1, changed[at]); break;
      case 4: changed.resize(at); break;
      default: std::swap(changed[at], changed[below(prng, text.size())]); break;
    }
  }
  return changed;
}

// Texts in the body or the query that are signed one by one, and the signature where it is there.
std::vector<Site> single_sites(const Scheme& scheme) {
  std::vector<Site> sites;
  const auto add = [&](const Site& site) {
    const bool inside =
        site.place == Place::kJson || site.place == Place::kForm || site.place == Place::kQuery;
    if (inside) sites.push_back(site);
  };
  add(scheme.signature.from);
  if (scheme.time.is_signed) add(scheme.time.from);
  for (const MessagePart& part : scheme.message) {
    if (part.kind == PartKind::kJson) add({Place::kJson, part.text});
    if (part.kind == PartKind::kForm) add({Place::kForm, part.text});
    if (part.kind == PartKind::kQuery) add({Place::kQuery, part.text});
    if (part.kind == PartKind::kFormSorted) add({Place::kForm, "Digits"});
  }
  return sites;
}

bool is_authenticated(const Scheme& scheme, const std::string& header) {
  const auto is_header = [&](const Site& site) {
    return site.place == Place::kHeader && site.name == header;
  };
  const bool unsigned_identity =
      std::any_of(scheme.identity.begin(), scheme.identity.end(), [&](const IdentityRule& rule) {
        return is_header(rule.site) && !is_signed(scheme, rule.site);
      });
  return !unsigned_identity || is_header(scheme.signature.from);
}

bool reads_query(const Scheme& scheme) {
  return covers_url(scheme) || scheme.family == Family::kMessageSignature;
}

// Changes one thing that is authenticated; false when the draw hit one that is not.
bool change(Prng& prng, const Scheme& scheme, Arrived& arrived, Bytes& secret) {
  const auto sites = single_sites(scheme);
  const std::size_t headers = arrived.added;
  const std::size_t target = below(prng, headers + sites.size() + 3);
  if (target < headers) {
    if (!is_authenticated(scheme, arrived.headers[target].name)) return false;
    arrived.headers[target].value = mutated(prng, arrived.headers[target].value);
    return true;
  }
  if (target < headers + sites.size()) {
    Draft draft{.headers = arrived.headers, .added = {}, .url = arrived.url, .body = arrived.body};
    const std::string text = "x" + std::to_string(prng.below(1000));
    if (!place(draft, sites[target - headers], text)) return false;
    arrived.url = draft.url;
    arrived.body = draft.body;
    return true;
  }
  switch (target - headers - sites.size()) {
    case 0: {
      if (is_by_public_key(scheme)) return false;
      // Inside of the key, which may stand behind a prefix and a name.
      secret[secret.size() - 2 - below(prng, 4)] ^= 1;
      return true;
    }
    case 1:
      if (!reads_query(scheme) || arrived.url.empty()) return false;
      arrived.url = mutated(prng, arrived.url);
      return true;
    default:
      // Other bytes may spell the same fields.
      if (scheme.body_unsigned || has_part(scheme, PartKind::kFormSorted)) return false;
      if (scheme.body_digest && scheme.body_digest->optional) return false;
      arrived.body = mutated(prng, arrived.body);
      return true;
  }
}

bool is_name(std::string_view name) {
  return !name.empty() && name.front() != '-' && name.back() != '-' &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

TEST_SUITE("signature/presets") {
  TEST_CASE("presets are named as providers are, in lower case, and each has its page") {
    const auto names = preset_names();
    CHECK(std::is_sorted(names.begin(), names.end()));
    CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
    std::vector<std::string_view> told;
    for (const CatalogueEntry& entry : catalogue()) told.push_back(entry.name);
    CHECK(told == names);
    for (const std::string_view name : names) CHECK_MESSAGE(is_name(name), name);
  }

  TEST_CASE("what a preset signs it accepts") {
    std::size_t signing = 0;
    for (const std::string_view name : preset_names()) {
      CAPTURE(name);
      const Scheme scheme = *preset(name);
      if (!can_sign(scheme)) continue;
      const auto arrived = signed_request(scheme);
      if (!arrived) continue;
      CHECK(accepts(scheme, *arrived, secret_of(scheme)));
      ++signing;
    }
    CHECK(signing >= 190);
  }

  TEST_CASE("of 10,000 changes to what the presets authenticate none is accepted") {
    std::uint64_t tried = 0;
    for (const std::string_view name : preset_names()) {
      CAPTURE(name);
      const Scheme scheme = *preset(name);
      if (!can_sign(scheme)) continue;
      const auto arrived = signed_request(scheme);
      if (!arrived) continue;
      const std::uint64_t mutations =
          is_by_public_key(scheme) ? kMutationsOfPublicKeys : kMutationsPerPreset;
      for (std::uint64_t seed = 1; seed <= mutations; ++seed) {
        CAPTURE(seed);
        Prng prng(seed);
        Arrived changed = *arrived;
        Bytes secret = secret_of(scheme);
        if (!change(prng, scheme, changed, secret)) continue;
        CHECK_FALSE(accepts(scheme, changed, secret));
        ++tried;
      }
    }
    CHECK(tried > 10'000);
  }
}

}  // namespace
}  // namespace sluice::signature
