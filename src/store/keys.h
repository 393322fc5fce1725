// Spells keys: names from the manifest, fixed-width numbers, and hashes of outside text.
//
//   key({"ob/q/", endpoint, "/", fixed(due), "/", fixed(seq)})
//       ->  ob/q/crm/0000018f2a3b4c5d/0000018f2a3b4c5d
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/id.h"
#include "base/time.h"
#include "host/kv.h"

namespace sluice::store {

// One key of its parts, in one allocation.
[[nodiscard]] std::string key(std::initializer_list<std::string_view> parts);

// 16 hex digits of an instant that is not before 1970.
[[nodiscard]] FixedHex fixed(Instant t);
[[nodiscard]] constexpr FixedHex fixed(std::uint64_t number) { return FixedHex(number); }

// The first `hex_digits` / 2 bytes of SHA-256 over the length-prefixed parts. External text enters
// a key only so.
[[nodiscard]] std::string hashed(std::initializer_list<std::string_view> parts,
                                 std::size_t hex_digits = 32);

// All keys that start with `prefix`.
[[nodiscard]] KvRange range_of(std::string prefix, std::uint32_t limit, bool reverse = false);

// The least key greater than every key that starts with `prefix`.
[[nodiscard]] std::string end_of(std::string prefix);

// Strict: names are [a-z][a-z0-9-]{0,47}.
[[nodiscard]] bool is_name(std::string_view text);

// 1 to 240 bytes of [A-Za-z0-9_.:~/-].
[[nodiscard]] bool is_key(std::string_view text);

}  // namespace sluice::store
