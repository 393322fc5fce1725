// Which of the keys made a signature, for schemes that carry one signature of one message.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "signature/jwks.h"
#include "signature/verify.h"

namespace sluice::signature {

struct KeyMatch {
  std::optional<std::size_t> secret;  // The first that matches and is valid.
  bool expired = false;               // One outside its validity matches.
};

// Every key is tried, whatever matched before. ECDSA signatures are r || s.
[[nodiscard]] KeyMatch match_keys(const Keys& keys, Algorithm algorithm, ByteView message,
                                  ByteView signature, Instant now);

// Whether one of the keys, which fit the algorithm, made the signature.
[[nodiscard]] bool match_set_keys(const std::vector<const SetKey*>& keys, Algorithm algorithm,
                                  ByteView message, ByteView signature);

// By the key's private half, or its shared secret. Deterministic: the salt of RSA-PSS is derived
// from the key and the message. An error for a key that cannot sign by the algorithm.
[[nodiscard]] Result<Bytes> sign_with(const Key& key, Algorithm algorithm, ByteView message);

// The first that is valid at `now` and can sign by the algorithm; null when there is none.
[[nodiscard]] const Key* signing_key(const Keys& keys, Algorithm algorithm, Instant now);

// What `match_keys` found, where it is no match.
[[nodiscard]] Refusal refusal_of(const KeyMatch& match, const Keys& keys);

}  // namespace sluice::signature
