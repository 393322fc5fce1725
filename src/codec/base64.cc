#include "codec/base64.h"

#include <cstddef>
#include <cstdint>

namespace sluice::codec {
namespace {

constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

char digit(std::uint32_t value, Base64Alphabet alphabet) {
  if (value < 62) return kDigits[value];
  const bool url = alphabet == Base64Alphabet::kUrl;
  if (value == 62) return url ? '-' : '+';
  return url ? '_' : '/';
}

// The value of a digit, or -1.
int digit_value(char c, Base64Alphabet alphabet) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  const bool url = alphabet == Base64Alphabet::kUrl;
  if (c == (url ? '-' : '+')) return 62;
  if (c == (url ? '_' : '/')) return 63;
  return -1;
}

}  // namespace

std::string encode_base64(ByteView bytes, Base64Form form) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t taken = bytes.size() - i < 3 ? bytes.size() - i : 3;
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = group << 8 | (j < taken ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    }
    for (std::size_t j = 0; j <= taken; ++j)
      text += digit(group >> (18 - 6 * j) & 63, form.alphabet);
    if (form.padding == Base64Padding::kRequired) text.append(3 - taken, '=');
  }
  return text;
}

std::optional<Bytes> decode_base64(std::string_view text, Base64Form form) {
  if (form.padding == Base64Padding::kRequired) {
    if (text.size() % 4 != 0) return std::nullopt;
    for (int i = 0; i < 2 && !text.empty() && text.back() == '='; ++i) text.remove_suffix(1);
  }
  if (text.size() % 4 == 1) return std::nullopt;

  Bytes bytes(text.size() * 3 / 4, '\0');
  std::size_t at = 0;
  std::uint32_t group = 0;
  std::uint32_t bits = 0;
  for (const char c : text) {
    const int value = digit_value(c, form.alphabet);
    if (value < 0) return std::nullopt;
    group = group << 6 | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = static_cast<char>(group >> bits & 255);
    group &= (1U << bits) - 1;
  }
  if (group != 0) return std::nullopt;  // Bits behind the last byte: a second text of these bytes.
  return bytes;
}

}  // namespace sluice::codec
