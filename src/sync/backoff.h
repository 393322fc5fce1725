// How long a failing step waits: 1 min, 2 min, 4 min, ... up to a day, with full jitter.
//
// Full jitter draws from the whole of [0, ceiling], so many steps that fail together against one
// source do not come back together.
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.h"

namespace sluice::sync {

inline constexpr Duration kBackoffMax = days(1);

// The most a step waits after `failures` failures in a row; nothing for none.
[[nodiscard]] Duration backoff_ceiling(std::uint32_t failures);

// When the step is tried again. `random` is any 64 random bits. A `Retry-After` is the least the
// step waits, up to kBackoffMax.
[[nodiscard]] Instant retry_at(Instant now, std::uint32_t failures,
                               std::optional<Duration> retry_after, std::uint64_t random);

}  // namespace sluice::sync
