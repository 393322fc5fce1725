#include "signature/jwks.h"

#include <algorithm>
#include <optional>

#include "base/assert.h"
#include "codec/json.h"
#include "crypto/jwk.h"
#include "signature/jws.h"

namespace sluice::signature {
namespace {

constexpr codec::JsonLimits kLimits{.depth_max = 8, .size_max = kKeySetBytesMax};

// The text of a member that may be absent; none when it is there and no text.
std::optional<std::string> text_of(const codec::Json& object, std::string_view name) {
  const auto* value = object.member(name);
  if (value == nullptr) return std::string();
  const auto text = value->as_string();
  return text ? std::optional(std::string(*text)) : std::nullopt;
}

bool may_verify(const codec::Json& jwk) {
  const auto use = text_of(jwk, "use");
  if (!use || (!use->empty() && *use != "sig")) return false;
  const auto* operations = jwk.member("key_ops");
  if (operations == nullptr) return true;
  const auto& items = operations->items();
  return std::any_of(items.begin(), items.end(),
                     [](const codec::Json& item) { return item.as_string() == "verify"; });
}

std::optional<SetKey> read_key(const codec::Json& jwk) {
  if (!jwk.is_object() || !may_verify(jwk)) return std::nullopt;
  auto id = text_of(jwk, "kid");
  auto algorithm = text_of(jwk, "alg");
  if (!id || id->size() > kKeyIdMax || !algorithm) return std::nullopt;
  auto key = crypto::public_key_of_jwk(jwk);
  if (!key.has_value()) return std::nullopt;
  return SetKey{.id = *std::move(id), .algorithm = *std::move(algorithm), .key = *std::move(key)};
}

bool fits(const SetKey& key, Algorithm algorithm) {
  if (key.key.kind != key_kind_of(algorithm)) return false;
  return key.algorithm.empty() || parse_jose_name(key.algorithm) == algorithm;
}

}  // namespace

Result<KeySet> parse_key_set(ByteView text) {
  if (text.size() > kKeySetBytesMax) return Error{Errc::kTooBig, "a key set of more than 64 KiB"};
  SLUICE_TRY(const auto json, codec::parse_json(text, kLimits));
  const auto* keys = json.member("keys");
  if (keys == nullptr || !keys->is_array()) {
    return Error{Errc::kMalformed, "a key set has no array \"keys\""};
  }
  if (keys->items().size() > kKeySetMax) {
    return Error{Errc::kTooBig, "a key set of more than 64 keys"};
  }
  KeySet set;
  for (const auto& jwk : keys->items()) {
    if (auto key = read_key(jwk)) set.push_back(*std::move(key));
  }
  return set;
}

std::vector<const SetKey*> keys_for(const KeySet& set, std::string_view id, Algorithm algorithm) {
  std::vector<const SetKey*> found;
  for (const auto& key : set) {
    if (!id.empty() && key.id != id) continue;
    if (!fits(key, algorithm)) continue;
    found.push_back(&key);
    if (found.size() == kSetKeysTriedMax) break;
  }
  return found;
}

crypto::KeyKind key_kind_of(Algorithm algorithm) {
  SLUICE_ASSERT(!is_symmetric(algorithm));
  switch (algorithm) {
    case Algorithm::kEd25519: return crypto::KeyKind::kEd25519;
    case Algorithm::kEcdsaP256Sha256: return crypto::KeyKind::kP256;
    case Algorithm::kEcdsaP384Sha384: return crypto::KeyKind::kP384;
    default: return crypto::KeyKind::kRsa;
  }
}

}  // namespace sluice::signature
