// Secrets, and the keys made of them.
//
// Rotation is a list: while a provider changes its secret, both are valid, each in its interval.
// Keys are prepared once, when a manifest is read, because preparing costs as much as half a
// kilobyte of message.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "crypto/hmac.h"
#include "signature/scheme.h"

namespace sluice::signature {

struct Secret {
  Bytes value;
  std::optional<Instant> not_before = std::nullopt;  // Inclusive.
  std::optional<Instant> not_after = std::nullopt;   // Inclusive.

  friend bool operator==(const Secret&, const Secret&) = default;
};

[[nodiscard]] bool is_valid_at(const Secret& secret, Instant now);

struct Key {
  std::size_t secret = 0;  // Its place in the list it was made from.
  std::optional<Instant> not_before;
  std::optional<Instant> not_after;
  crypto::HmacKey hmac;
};

// The hash of an HMAC algorithm.
[[nodiscard]] crypto::HashKind hash_of(Algorithm algorithm);

struct Keys {
  std::vector<Key> usable;
  std::size_t unusable = 0;  // Empty secrets, and those not of the form the scheme asks for.
};

[[nodiscard]] Keys prepare(const Scheme& scheme, const std::vector<Secret>& secrets);

[[nodiscard]] bool is_valid_at(const Key& key, Instant now);

}  // namespace sluice::signature
