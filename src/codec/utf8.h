// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::codec {

// The bytes of the sequence that `text` begins with: 1 to 4, or 0 when it begins with none.
[[nodiscard]] std::size_t utf8_size(std::string_view text);

[[nodiscard]] bool is_utf8(std::string_view text);

// `code` is a scalar value: at most 0x10ffff and no surrogate.
void append_utf8(std::string& out, std::uint32_t code);

}  // namespace sluice::codec
