// Public keys that have been parsed: parsing one costs as much as verifying with it.
//
// A key is known by the SHA-256 of its whole text. Two keys whose PEM begins alike are two keys.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/hash.h"
#include "crypto/public_key.h"

namespace sluice::signature {

inline constexpr std::size_t kCachedKeysMax = 64;

class KeyCache {
 public:
  // The error is that of crypto::parse_public_key, and is not remembered.
  [[nodiscard]] Result<std::shared_ptr<const crypto::PublicKey>> public_key(ByteView text);

  // After a rotation: forgets every key but those of `texts`.
  void keep_only(const std::vector<ByteView>& texts);

  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    crypto::Digest256 text;
    std::shared_ptr<const crypto::PublicKey> key;
  };

  std::list<Entry> entries_;  // The one used last in front.
};

}  // namespace sluice::signature
