#include "crypto/hmac.h"

#include <sodium.h>

#include <type_traits>

namespace sluice::crypto {

static_assert(std::is_trivially_destructible_v<Hash>);

HmacKey::HmacKey(HashKind kind, ByteView key) : inner_(kind), outer_(kind) {
  std::array<char, 128> block{};
  const std::size_t size = block_size(kind);
  if (key.size() > size) {
    const Digest hashed = digest(kind, key);
    hashed.view().copy(block.data(), block.size());
  } else {
    key.copy(block.data(), block.size());
  }
  for (char& c : block) c = static_cast<char>(c ^ 0x36);
  inner_.update({block.data(), size});
  for (char& c : block) c = static_cast<char>(c ^ 0x36 ^ 0x5c);
  outer_.update({block.data(), size});
  sodium_memzero(block.data(), block.size());
}

HmacKey::~HmacKey() {
  sodium_memzero(&inner_, sizeof inner_);
  sodium_memzero(&outer_, sizeof outer_);
}

Digest Hmac::finish() {
  outer_.update(inner_.finish().view());
  return outer_.finish();
}

Digest hmac(HashKind kind, ByteView key, ByteView message) {
  const HmacKey prepared(kind, key);
  Hmac mac(prepared);
  mac.update(message);
  return mac.finish();
}

}  // namespace sluice::crypto
