// HMAC (RFC 2104) over streams of bytes.
//
// A key costs two compressions to prepare; HmacKey keeps their result, so that verifying again
// with the same key pays for the message alone.
//
//   const HmacKey key(HashKind::kSha256, secret);
//   Hmac mac(key);
//   mac.update(timestamp);
//   mac.update(".");
//   mac.update(body);
//   equal(mac.finish().view(), received)
#pragma once

#include "base/bytes.h"
#include "crypto/hash.h"

namespace sluice::crypto {

class HmacKey {
 public:
  HmacKey(HashKind kind, ByteView key);
  HmacKey(const HmacKey&) = default;
  HmacKey(HmacKey&&) = default;
  HmacKey& operator=(const HmacKey&) = default;
  HmacKey& operator=(HmacKey&&) = default;
  ~HmacKey();

  [[nodiscard]] HashKind kind() const { return inner_.kind(); }

 private:
  friend class Hmac;

  Hash inner_;
  Hash outer_;
};

class Hmac {
 public:
  // The key is copied.
  explicit Hmac(const HmacKey& key) : inner_(key.inner_), outer_(key.outer_) {}

  void update(ByteView bytes) { inner_.update(bytes); }
  // Once; the object is used up.
  [[nodiscard]] Digest finish();

 private:
  Hash inner_;
  Hash outer_;
};

[[nodiscard]] Digest hmac(HashKind kind, ByteView key, ByteView message);

}  // namespace sluice::crypto
