// Hash functions over streams of bytes: SHA-256 of our own (sha256.h), SHA-384 and SHA-512 of
// libsodium, MD5 and SHA-1 of BearSSL.
//
// MD5 and SHA-1 are here for signatures of old providers only; nothing of ours is keyed by them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

namespace sluice::crypto {

enum class HashKind : std::uint8_t { kSha1 = 1, kSha256 = 2, kSha512 = 3, kMd5 = 4, kSha384 = 5 };

[[nodiscard]] constexpr std::size_t digest_size(HashKind kind) {
  switch (kind) {
    case HashKind::kMd5: return 16;
    case HashKind::kSha1: return 20;
    case HashKind::kSha256: return 32;
    case HashKind::kSha384: return 48;
    case HashKind::kSha512: break;
  }
  return 64;
}
[[nodiscard]] constexpr std::size_t block_size(HashKind kind) {
  return kind == HashKind::kSha512 || kind == HashKind::kSha384 ? 128 : 64;
}

using Digest256 = std::array<std::uint8_t, 32>;

// A digest of any kind.
class Digest {
 public:
  [[nodiscard]] ByteView view() const {
    return {reinterpret_cast<const char*>(bytes_.data()), size_};
  }

 private:
  friend class Hash;

  std::array<std::uint8_t, 64> bytes_{};
  std::size_t size_ = 0;
};

// A value: copying it forks the stream.
class Hash {
 public:
  explicit Hash(HashKind kind);

  void update(ByteView bytes);
  // Once; the object is used up.
  [[nodiscard]] Digest finish();
  [[nodiscard]] HashKind kind() const { return kind_; }

 private:
  alignas(16) std::array<std::byte, 208> state_;  // Of each kind its own; see hash.cc.
  HashKind kind_;
};

[[nodiscard]] Digest256 sha256(ByteView bytes);
[[nodiscard]] Digest digest(HashKind kind, ByteView bytes);

[[nodiscard]] inline ByteView view(const Digest256& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// The streaming SHA-256, typed.
class Sha256 {
 public:
  Sha256() : hash_(HashKind::kSha256) {}
  void update(ByteView bytes) { hash_.update(bytes); }
  [[nodiscard]] Digest256 finish();

 private:
  Hash hash_;
};

}  // namespace sluice::crypto
