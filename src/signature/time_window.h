// Whether a time that stands in seconds since 1970 lies within a scheme's limits.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.h"
#include "signature/verify.h"

namespace sluice::signature {

// Compared in seconds, as providers' libraries do: any moment of the 300th second is in time.
[[nodiscard]] std::optional<Refusal> check_window(const TimeSite& site, std::int64_t seconds,
                                                  Instant now);

// Seconds since 1970 as JSON and header fields write them: digits, and a fraction, which is cut.
[[nodiscard]] std::optional<std::int64_t> parse_seconds(std::string_view text);

// The second that `now` lies in.
[[nodiscard]] std::int64_t second_of(Instant now);

}  // namespace sluice::signature
