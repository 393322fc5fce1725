#include "codec/hex.h"

#include <cstddef>

namespace sluice::codec {
namespace {

// The value of a digit, or -1.
int digit_value(char c, HexCase letters) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (letters == HexCase::kAny && c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string encode_hex(ByteView bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text(bytes.size() * 2, '\0');
  std::size_t at = 0;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text[at++] = kDigits[byte >> 4];
    text[at++] = kDigits[byte & 15];
  }
  return text;
}

std::optional<Bytes> decode_hex(std::string_view text, HexCase letters) {
  if (text.size() % 2 != 0) return std::nullopt;
  Bytes bytes(text.size() / 2, '\0');
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = digit_value(text[i], letters);
    const int low = digit_value(text[i + 1], letters);
    if (high < 0 || low < 0) return std::nullopt;
    bytes[i / 2] = static_cast<char>(high << 4 | low);
  }
  return bytes;
}

}  // namespace sluice::codec
