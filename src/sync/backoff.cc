#include "sync/backoff.h"

#include <algorithm>

#include "base/assert.h"
#include "base/prng.h"

namespace sluice::sync {
namespace {

constexpr std::uint32_t kDoublingsMax = 11;  // 2^11 minutes are more than a day.

}  // namespace

Duration backoff_ceiling(std::uint32_t failures) {
  if (failures == 0) return Duration{0};
  const std::uint32_t doublings = std::min(failures - 1, kDoublingsMax);
  return std::min(minutes(std::int64_t{1} << doublings), kBackoffMax);
}

Instant retry_at(Instant now, std::uint32_t failures, std::optional<Duration> retry_after,
                 std::uint64_t random) {
  const Duration ceiling = backoff_ceiling(failures);
  Prng prng(random);
  const auto drawn = prng.below(static_cast<std::uint64_t>(ceiling.ms) + 1);
  Duration wait{static_cast<std::int64_t>(drawn)};
  if (retry_after) wait = std::max(wait, std::min(*retry_after, kBackoffMax));
  SLUICE_ASSERT(wait >= Duration{0} && wait <= kBackoffMax);
  return now + wait;
}

}  // namespace sluice::sync
