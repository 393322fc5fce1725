#include "store/keys.h"

#include <array>

#include "base/assert.h"
#include "codec/hex.h"
#include "crypto/hash.h"

namespace sluice::store {

namespace {

// By character: whether a key may hold it.
constexpr std::array<bool, 256> kInKey = [] {
  std::array<bool, 256> table{};
  for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                       "0123456789_.:~/-")) {
    table[static_cast<unsigned char>(c)] = true;
  }
  return table;
}();

}  // namespace

std::string key(std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (const std::string_view part : parts) size += part.size();
  std::string text;
  text.reserve(size);
  for (const std::string_view part : parts) text += part;
  return text;
}

FixedHex fixed(Instant t) {
  SLUICE_ASSERT(t.ms >= 0);
  return FixedHex(static_cast<std::uint64_t>(t.ms));
}

std::string hashed(std::initializer_list<std::string_view> parts, std::size_t hex_digits) {
  SLUICE_ASSERT(hex_digits % 2 == 0 && hex_digits <= 64);
  crypto::Sha256 hash;
  for (const std::string_view part : parts) {
    std::array<char, 8> length{};
    for (std::size_t i = 0; i < length.size(); ++i) {
      length[i] = static_cast<char>((std::uint64_t{part.size()} >> (8 * i)) & 0xffU);
    }
    hash.update({length.data(), length.size()});
    hash.update(part);
  }
  const crypto::Digest256 digest = hash.finish();
  return codec::encode_hex(crypto::view(digest).substr(0, hex_digits / 2));
}

KvRange range_of(std::string prefix, std::uint32_t limit, bool reverse) {
  KvRange range;
  range.hi = end_of(prefix);
  range.lo = std::move(prefix);
  range.limit = limit;
  range.reverse = reverse;
  return range;
}

std::string end_of(std::string prefix) {
  SLUICE_ASSERT(!prefix.empty());
  prefix.back() = static_cast<char>(prefix.back() + 1);  // Keys are ASCII: it cannot overflow.
  return prefix;
}

bool is_name(std::string_view text) {
  if (text.empty() || text.size() > 48 || text.front() < 'a' || text.front() > 'z') return false;
  for (const char c : text) {
    if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-') return false;
  }
  return true;
}

bool is_key(std::string_view text) {
  if (text.empty() || text.size() > kKeySizeMax) return false;
  for (const char c : text) {
    if (!kInKey[static_cast<unsigned char>(c)]) return false;
  }
  return true;
}

}  // namespace sluice::store
