// Hex: two digits a byte.
//
// Decoding is strict, because a decoded signature becomes part of an identity: no separators, no
// odd digit at the end, and upper case only where the caller says so.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace sluice::codec {

enum class HexCase : std::uint8_t { kLowerOnly, kAny };

// Lower case.
[[nodiscard]] std::string encode_hex(ByteView bytes);

[[nodiscard]] std::optional<Bytes> decode_hex(std::string_view text, HexCase letters);

}  // namespace sluice::codec
