// JSON pointers (RFC 6901), and the lookup of one value in a body without building a tree.
//
// A webhook of 8 KiB is routed by one short id inside it. So `find_raw` walks the bytes once,
// checks the whole text as strictly as `parse_json`, and keeps nothing but the place of the value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/json.h"

namespace sluice::codec {

inline constexpr std::uint32_t kRawDepthMax = 512;

// The reference tokens of a pointer with ~0 and ~1 resolved; none when it is no pointer.
[[nodiscard]] std::optional<std::vector<std::string>> parse_pointer(std::string_view pointer);

// A step into an array: "0", or digits without a leading zero; none when it is no index.
[[nodiscard]] std::optional<std::uint32_t> parse_index(std::string_view step);

// `key` as one step of a pointer, with its leading slash: "a/b" is "/a~1b".
[[nodiscard]] std::string pointer_step(std::string_view key);

struct RawValue {
  JsonKind kind{};
  std::string_view slice;  // The value as it stands in the body; strings with their quotes.

  friend bool operator==(const RawValue&, const RawValue&) = default;
};

// The value that `pointer` names in `body`. None when the body is not strict JSON, is nested
// deeper than kRawDepthMax, has no such value, or repeats a key on the way to it.
[[nodiscard]] std::optional<RawValue> find_raw(std::string_view body, std::string_view pointer);

// The text of a string with its escapes resolved, the source text of a number, "true" or "false";
// none for null, arrays and objects.
[[nodiscard]] std::optional<std::string> scalar_text(const RawValue& value);

}  // namespace sluice::codec
