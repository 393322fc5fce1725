// Times as text: RFC 3339, as APIs write and read them.
//
//   2026-01-02T03:04:05.678Z      what is written: UTC, three digits of a second
//
// Reading is strict: a date that does not exist, an hour of 24, a missing zone are no time, since
// a cursor that is set from a guess skips rows.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace sluice::codec {

// `t` is clamped to the years 0 to 9999, which is what the format can hold.
[[nodiscard]] std::string format_rfc3339(Instant t);

// `T` and `Z` in either case, a blank for `T`; any number of digits (at most 9) behind the point,
// cut to milliseconds; an offset up to 23:59. A leap second (60) counts as the second before it.
[[nodiscard]] std::optional<Instant> parse_rfc3339(std::string_view text);

}  // namespace sluice::codec
