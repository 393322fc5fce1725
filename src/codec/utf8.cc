#include "codec/utf8.h"

#include "base/assert.h"

namespace sluice::codec {

std::size_t utf8_size(std::string_view text) {
  if (text.empty()) return 0;
  const auto at = [&](std::size_t i) -> std::uint32_t {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto follows = [&](std::size_t i) { return (at(i) & 0xc0) == 0x80; };
  const std::uint32_t first = at(0);
  if (first < 0x80) return 1;
  if (first < 0xc2) return 0;
  if (first < 0xe0) return follows(1) ? 2 : 0;
  if (first < 0xf0) {
    if (!follows(1) || !follows(2)) return 0;
    const bool overlong = first == 0xe0 && at(1) < 0xa0;
    const bool surrogate = first == 0xed && at(1) >= 0xa0;
    return overlong || surrogate ? 0 : 3;
  }
  if (first < 0xf5) {
    if (!follows(1) || !follows(2) || !follows(3)) return 0;
    const bool overlong = first == 0xf0 && at(1) < 0x90;
    const bool beyond = first == 0xf4 && at(1) >= 0x90;
    return overlong || beyond ? 0 : 4;
  }
  return 0;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = utf8_size(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

void append_utf8(std::string& out, std::uint32_t code) {
  SLUICE_ASSERT(code <= 0x10ffff && (code < 0xd800 || code > 0xdfff));
  if (code < 0x80) {
    out += static_cast<char>(code);
    return;
  }
  const std::size_t size = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  char bytes[4];
  for (std::size_t i = size - 1; i > 0; --i) {  // Six bits in each byte behind the first.
    bytes[i] = static_cast<char>(0x80 | (code & 0x3f));
    code >>= 6;
  }
  const std::uint32_t lead = 0xf00 >> size & 0xff;  // As many ones as there are bytes, and a zero.
  bytes[0] = static_cast<char>(lead | code);
  out.append(bytes, size);
}

}  // namespace sluice::codec
