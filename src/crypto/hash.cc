#include "crypto/hash.h"

#include <bearssl.h>
#include <sodium.h>

#include <cstring>
#include <new>

#include "base/assert.h"
#include "crypto/sha256.h"

namespace sluice::crypto {
namespace {

constexpr std::size_t kStateMax = 208;

static_assert(sizeof(Sha256State) <= kStateMax);
static_assert(sizeof(crypto_hash_sha512_state) <= kStateMax);
static_assert(sizeof(br_sha1_context) <= kStateMax);
static_assert(sizeof(br_md5_context) <= kStateMax);

// The states are plain C structs without pointers into themselves, so the bytes may be copied.
template <class State>
State* as(std::array<std::byte, kStateMax>& bytes) {
  return reinterpret_cast<State*>(bytes.data());
}

// SHA-384 is SHA-512 with another start, cut off (FIPS 180-4, sections 5.3.4 and 6.5).
void init_sha384(crypto_hash_sha512_state& state) {
  static constexpr std::uint64_t kStart[8] = {
      0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17, 0x152fecd8f70e5939,
      0x67332667ffc00b31, 0x8eb44a8768581511, 0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4};
  static_assert(sizeof(kStart) == sizeof(state.state));
  crypto_hash_sha512_init(&state);
  std::memcpy(state.state, kStart, sizeof(kStart));
}

}  // namespace

Hash::Hash(HashKind kind) : kind_(kind) {
  switch (kind) {
    case HashKind::kSha1: br_sha1_init(as<br_sha1_context>(state_)); return;
    case HashKind::kSha256: new (state_.data()) Sha256State; return;
    case HashKind::kSha512: crypto_hash_sha512_init(as<crypto_hash_sha512_state>(state_)); return;
    case HashKind::kMd5: br_md5_init(as<br_md5_context>(state_)); return;
    case HashKind::kSha384: init_sha384(*as<crypto_hash_sha512_state>(state_)); return;
  }
  SLUICE_ASSERT(false);
}

void Hash::update(ByteView bytes) {
  if (bytes.empty()) return;
  const auto* data = as_u8(bytes);
  switch (kind_) {
    case HashKind::kSha1: br_sha1_update(as<br_sha1_context>(state_), data, bytes.size()); return;
    case HashKind::kSha256: as<Sha256State>(state_)->update(bytes); return;
    case HashKind::kSha384:
    case HashKind::kSha512:
      crypto_hash_sha512_update(as<crypto_hash_sha512_state>(state_), data, bytes.size());
      return;
    case HashKind::kMd5: br_md5_update(as<br_md5_context>(state_), data, bytes.size()); return;
  }
}

Digest Hash::finish() {
  Digest digest;
  digest.size_ = digest_size(kind_);
  auto* out = digest.bytes_.data();
  switch (kind_) {
    case HashKind::kSha1: br_sha1_out(as<br_sha1_context>(state_), out); break;
    case HashKind::kSha256: as<Sha256State>(state_)->finish(out); break;
    case HashKind::kSha384:
    case HashKind::kSha512:
      crypto_hash_sha512_final(as<crypto_hash_sha512_state>(state_), out);
      break;
    case HashKind::kMd5: br_md5_out(as<br_md5_context>(state_), out); break;
  }
  return digest;
}

Digest256 Sha256::finish() {
  const Digest digest = hash_.finish();
  Digest256 out;
  std::memcpy(out.data(), digest.view().data(), out.size());
  return out;
}

Digest256 sha256(ByteView bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.finish();
}

Digest digest(HashKind kind, ByteView bytes) {
  Hash hash(kind);
  hash.update(bytes);
  return hash.finish();
}

}  // namespace sluice::crypto
