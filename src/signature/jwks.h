// Sets of keys that a provider publishes as JSON (RFC 7517, section 5).
//
//   {"keys":[{"kty":"RSA","kid":"2026-01","use":"sig","alg":"RS256","n":"...","e":"AQAB"}, ...]}
//
// A key that cannot be used here (an unknown kind, one for encryption, a symmetric or a private
// one) is passed over, as the RFC asks, so that a provider may add new kinds; a set that is no set
// is an error.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/public_key.h"
#include "signature/algorithm.h"

namespace sluice::signature {

inline constexpr std::size_t kKeySetBytesMax = 64 * 1024;
inline constexpr std::size_t kKeySetMax = 64;
inline constexpr std::size_t kSetKeysTriedMax = 8;

struct SetKey {
  std::string id;         // Empty where it has none.
  std::string algorithm;  // "RS256"; empty where the key does not limit it.
  crypto::PublicKey key;

  friend bool operator==(const SetKey&, const SetKey&) = default;
};

using KeySet = std::vector<SetKey>;

// Errors: kTooBig, kMalformed.
[[nodiscard]] Result<KeySet> parse_key_set(ByteView text);

// The keys that may have signed by `algorithm`: those with this id, or, where the signature names
// none, all of the fitting kind. At most kSetKeysTriedMax, since each costs a verification.
[[nodiscard]] std::vector<const SetKey*> keys_for(const KeySet& set, std::string_view id,
                                                  Algorithm algorithm);

// The kind of key that an algorithm takes; `algorithm` is not symmetric.
[[nodiscard]] crypto::KeyKind key_kind_of(Algorithm algorithm);

}  // namespace sluice::signature
