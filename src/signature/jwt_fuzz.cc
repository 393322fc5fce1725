// Any bytes as a token and as a key set: they are refused, and nothing else happens.
//
//   mode u8 | length of the first part u8 | token | the rest: body, or key set
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/assert.h"
#include "signature/jwks.h"
#include "signature/jws.h"
#include "signature/jwt.h"

namespace sluice::signature {
namespace {

constexpr Instant kNow{1'700'000'000'000};

Scheme scheme_of(std::uint8_t mode) {
  Scheme scheme;
  scheme.family = Family::kJwt;
  const bool shared = (mode & 1) != 0;
  scheme.jwt.algorithms = {shared ? Algorithm::kHmacSha256 : Algorithm::kEd25519};
  constexpr Place kPlaces[] = {Place::kHeader, Place::kQuery, Place::kBody, Place::kJson};
  const Place place = kPlaces[(mode >> 1) & 3];
  scheme.signature.from = {.place = place, .name = place == Place::kJson ? "/t" : "t"};
  scheme.time.from = {.place = Place::kClaim, .name = "iat"};
  scheme.body_digest = BodyDigest{.from = {.place = Place::kClaim, .name = "/a/0"}};
  scheme.identity = {{.site = {.place = Place::kClaim, .name = "jti"}}};
  return scheme;
}

void check_key_set(ByteView text) {
  const auto set = parse_key_set(text);
  if (!set.has_value()) return;
  SLUICE_ASSERT(set->size() <= kKeySetMax);
  for (const SetKey& key : *set) {
    SLUICE_ASSERT(!key.key.a.empty());
    SLUICE_ASSERT(keys_for(*set, key.id, Algorithm::kEd25519).size() <= kSetKeysTriedMax);
  }
}

void check_token(std::uint8_t mode, std::string_view token, ByteView body) {
  const Scheme scheme = scheme_of(mode);
  // Nobody who makes inputs has the private half, nor guesses the secret.
  const bool shared = (mode & 1) != 0;
  const Secret secret{.value = shared ? Bytes(32, 's')
                                      : Bytes("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")};
  const std::string url = "https://a.example/?t=" + std::string(token);
  const Headers headers = {{"t", std::string(token)}};
  const Request request{.method = "POST", .url = url, .headers = headers, .body = body};
  const auto verdict = verify(scheme, {secret}, request, kNow);
  SLUICE_ASSERT(std::holds_alternative<Refusal>(verdict));
  if (const auto jws = parse_jws(token)) {
    SLUICE_ASSERT(token.substr(0, jws->signed_text.size()) == jws->signed_text);
    SLUICE_ASSERT(!jws->signature.empty());
  }
}

}  // namespace
}  // namespace sluice::signature

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view all(reinterpret_cast<const char*>(data) + 2, size - 2);
  const std::size_t length = std::min<std::size_t>(data[1], all.size());
  sluice::signature::check_token(data[0], all.substr(0, length), all.substr(length));
  sluice::signature::check_token(data[0], all, all);
  sluice::signature::check_key_set(all);
  return 0;
}
