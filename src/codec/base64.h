// Base64 in both alphabets of RFC 4648.
//
// Every byte string has exactly one text form per (alphabet, padding), and only that one is
// decoded: whitespace, missing or surplus padding and non-zero bits behind the last byte are
// refused, so two texts never mean one signature.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace sluice::codec {

enum class Base64Alphabet : std::uint8_t { kStandard, kUrl };
enum class Base64Padding : std::uint8_t { kRequired, kNone };

struct Base64Form {
  Base64Alphabet alphabet = Base64Alphabet::kStandard;
  Base64Padding padding = Base64Padding::kRequired;

  friend bool operator==(const Base64Form&, const Base64Form&) = default;
};

inline constexpr Base64Form kBase64{};
inline constexpr Base64Form kBase64Url{Base64Alphabet::kUrl, Base64Padding::kNone};

[[nodiscard]] std::string encode_base64(ByteView bytes, Base64Form form = kBase64);
[[nodiscard]] std::optional<Bytes> decode_base64(std::string_view text, Base64Form form = kBase64);

}  // namespace sluice::codec
