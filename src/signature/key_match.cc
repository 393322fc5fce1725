#include "signature/key_match.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>

#include "base/assert.h"
#include "crypto/equal.h"
#include "crypto/public_signature.h"

namespace sluice::signature {
namespace {

bool made(const crypto::PublicKey& key, Algorithm algorithm, ByteView message, ByteView signature) {
  const std::array<ByteView, 1> parts{message};
  return crypto::verify(public_algorithm_of(algorithm), crypto::EcdsaForm::kRaw, key, parts,
                        signature);
}

bool made(const Key& key, Algorithm algorithm, ByteView message, ByteView signature) {
  if (!is_symmetric(algorithm)) {
    return key.public_key != nullptr && made(*key.public_key, algorithm, message, signature);
  }
  if (!key.hmac) return false;
  crypto::Hmac mac(*key.hmac);
  mac.update(message);
  return crypto::equal(mac.finish().view(), signature);
}

}  // namespace

KeyMatch match_keys(const Keys& keys, Algorithm algorithm, ByteView message, ByteView signature,
                    Instant now) {
  KeyMatch found;
  for (const Key& key : keys.usable) {
    if (!made(key, algorithm, message, signature)) continue;
    if (!is_valid_at(key, now)) {
      found.expired = true;
    } else if (!found.secret) {
      found.secret = key.secret;
    }
  }
  return found;
}

bool match_set_keys(const std::vector<const SetKey*>& keys, Algorithm algorithm, ByteView message,
                    ByteView signature) {
  return std::any_of(keys.begin(), keys.end(), [&](const SetKey* key) {
    return made(key->key, algorithm, message, signature);
  });
}

Result<Bytes> sign_with(const Key& key, Algorithm algorithm, ByteView message) {
  if (is_symmetric(algorithm)) {
    if (!key.hmac) return Error{Errc::kBadArgument, "the secret is not for this algorithm"};
    crypto::Hmac mac(*key.hmac);
    mac.update(message);
    return Bytes(mac.finish().view());
  }
  if (key.private_key == nullptr) {
    return Error{Errc::kBadArgument, "signing takes a private key, and this is a public one"};
  }
  const crypto::PrivateKey& secret = *key.private_key;
  Bytes seed = secret.secret + secret.p;
  const crypto::Digest salt = crypto::hmac(crypto::HashKind::kSha512, seed, message);
  crypto::wipe(seed);
  const std::array<ByteView, 1> parts{message};
  const std::span<const std::uint8_t> random(as_u8(salt.view()), salt.view().size());
  return crypto::sign(public_algorithm_of(algorithm), crypto::EcdsaForm::kRaw, secret, parts,
                      random);
}

const Key* signing_key(const Keys& keys, Algorithm algorithm, Instant now) {
  for (const Key& key : keys.usable) {
    const bool can = is_symmetric(algorithm) ? key.hmac.has_value()
                                             : key.private_key != nullptr &&
                                                   key.private_key->kind == key_kind_of(algorithm);
    if (can && is_valid_at(key, now)) return &key;
  }
  return nullptr;
}

Refusal refusal_of(const KeyMatch& match, const Keys& keys) {
  if (match.expired) return {Reason::kKeyExpired, "a secret outside its validity matches"};
  if (keys.usable.empty()) {
    return {Reason::kNoSecret, keys.unusable > 0 ? "no secret has the form the scheme asks for"
                                                 : "no secret is configured"};
  }
  return {Reason::kSignatureMismatch,
          "none of " + std::to_string(keys.usable.size()) + " secrets matches"};
}

}  // namespace sluice::signature
