// Secrets, and the keys made of them.
//
// Rotation is a list: while a provider changes its secret, both are valid, each in its interval.
// Keys are prepared once, when a manifest is read, because preparing costs as much as half a
// kilobyte of message, and a public key more.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "crypto/hmac.h"
#include "crypto/private_key.h"
#include "crypto/public_key.h"
#include "crypto/public_signature.h"
#include "signature/key_cache.h"
#include "signature/scheme.h"

namespace sluice::signature {

// A shared secret's text; or a public key; or a private key, which signs, and verifies by its
// public half.
struct Secret {
  Bytes value;
  std::optional<Instant> not_before = std::nullopt;  // Inclusive.
  std::optional<Instant> not_after = std::nullopt;   // Inclusive.

  friend bool operator==(const Secret&, const Secret&) = default;
};

[[nodiscard]] bool is_valid_at(const Secret& secret, Instant now);

// Bytes that are overwritten when nobody needs them any more.
struct SecretBytes {
  explicit SecretBytes(Bytes value) : bytes(std::move(value)) {}
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  ~SecretBytes();

  Bytes bytes;
};

// Which members are there follows from the scheme.
struct Key {
  std::size_t secret = 0;             // Its place in the list it was made from.
  std::optional<Instant> not_before;  // The secret's, or the certificate's, whichever is tighter.
  std::optional<Instant> not_after;
  std::string id;  // The provider's name for it, where the secret tells it.

  std::optional<crypto::HmacKey> hmac;                    // Of an HMAC algorithm.
  std::shared_ptr<const SecretBytes> shared;              // Of a token, or of a plain hash.
  std::shared_ptr<const crypto::PublicKey> public_key;    // Of the other algorithms.
  std::shared_ptr<const crypto::PrivateKey> private_key;  // Also there when it can sign.
};

// Verifying by public key is dear: more keys than these are not used.
inline constexpr std::size_t kPublicKeysMax = 4;

struct UnusableSecret {
  std::size_t secret = 0;
  std::string_view why;  // A literal.
};

struct Keys {
  std::vector<Key> usable;
  std::size_t unusable = 0;  // Empty secrets, and those not of the form the scheme asks for.
  std::vector<UnusableSecret> faults;
};

[[nodiscard]] Keys prepare(const Scheme& scheme, const std::vector<Secret>& secrets);
// For callers that prepare again and again: public keys that were parsed before are found there.
[[nodiscard]] Keys prepare(const Scheme& scheme, const std::vector<Secret>& secrets,
                           KeyCache& cache);

[[nodiscard]] bool is_valid_at(const Key& key, Instant now);

// What an algorithm that is keyed by a shared secret hashes with.
[[nodiscard]] crypto::HashKind hash_of(Algorithm algorithm);

// Of the others.
[[nodiscard]] crypto::PublicAlgorithm public_algorithm_of(Algorithm algorithm);

}  // namespace sluice::signature
