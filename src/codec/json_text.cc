#include <algorithm>
#include <cstdint>

#include "codec/json_scanner.h"
#include "codec/utf8.h"

namespace sluice::codec {
namespace {

// Four hex digits, which the scanner has seen.
std::uint32_t code_of(std::string_view digits) {
  std::uint32_t code = 0;
  for (const char c : digits.substr(0, 4)) {
    const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    code = code << 4 | static_cast<std::uint32_t>(digit);
  }
  return code;
}

char meaning_of(char escaped) {
  switch (escaped) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return escaped;
  }
}

}  // namespace

std::optional<std::string> unescape_json(std::string_view quoted) {
  const auto whole = find_raw(quoted, "");
  if (!whole || whole->kind != JsonKind::kString) return std::nullopt;
  std::string_view left = whole->slice.substr(1, whole->slice.size() - 2);
  std::string text;
  text.reserve(left.size());
  while (!left.empty()) {
    const std::size_t plain = std::min(left.find('\\'), left.size());
    text.append(left.substr(0, plain));
    left.remove_prefix(plain);
    if (left.empty()) break;
    if (left[1] != 'u') {
      text += meaning_of(left[1]);
      left.remove_prefix(2);
      continue;
    }
    std::uint32_t code = code_of(left.substr(2));
    left.remove_prefix(6);
    if (code >= 0xd800 && code <= 0xdbff) {  // The other half follows: the scanner saw to it.
      code = 0x10000 + ((code - 0xd800) << 10) + (code_of(left.substr(2)) - 0xdc00);
      left.remove_prefix(6);
    }
    append_utf8(text, code);
  }
  return text;
}

}  // namespace sluice::codec
