#include "crypto/sha256.h"

#include <algorithm>
#include <cstring>

namespace sluice::crypto {
namespace {

void write_word(std::uint8_t* bytes, std::uint32_t word) {
  for (int i = 0; i < 4; ++i) bytes[i] = static_cast<std::uint8_t>(word >> (24 - 8 * i));
}

}  // namespace

void Sha256State::update(ByteView bytes) {
  const std::size_t used = size % kBlock;
  size += bytes.size();
  if (used > 0) {
    const std::size_t taken = std::min(bytes.size(), kBlock - used);
    std::memcpy(held.data() + used, bytes.data(), taken);
    bytes.remove_prefix(taken);
    if (used + taken < kBlock) return;
    compress(words, held.data(), 1);
  }
  const std::size_t blocks = bytes.size() / kBlock;
  if (blocks > 0) compress(words, as_u8(bytes), blocks);
  bytes.remove_prefix(blocks * kBlock);
  if (!bytes.empty()) std::memcpy(held.data(), bytes.data(), bytes.size());
}

void Sha256State::finish(std::uint8_t* out) {
  constexpr std::size_t kSizeAt = kBlock - 8;
  std::size_t used = size % kBlock;
  held[used++] = 0x80;
  if (used > kSizeAt) {
    std::memset(held.data() + used, 0, kBlock - used);
    compress(words, held.data(), 1);
    used = 0;
  }
  std::memset(held.data() + used, 0, kSizeAt - used);
  write_word(held.data() + kSizeAt, static_cast<std::uint32_t>(size >> 29));
  write_word(held.data() + kSizeAt + 4, static_cast<std::uint32_t>(size << 3));
  compress(words, held.data(), 1);
  for (std::size_t i = 0; i < words.size(); ++i) write_word(out + 4 * i, words[i]);
}

}  // namespace sluice::crypto
