#include "sync/window.h"

#include <algorithm>

#include "base/assert.h"

namespace sluice::sync {

std::optional<Window> next_window(std::optional<Instant> cursor, Instant now,
                                  const WindowPolicy& policy) {
  SLUICE_ASSERT(policy.span_max > Duration{0});
  SLUICE_ASSERT(policy.overlap >= Duration{0} && policy.settle >= Duration{0});
  const Instant settled = now - policy.settle;
  const Instant from = cursor ? *cursor : settled - policy.backfill;
  if (settled <= from) return std::nullopt;

  const Instant end = std::min(settled, from + policy.span_max);
  SLUICE_ASSERT(from < end);  // Each pass moves the cursor, so a backlog always drains.
  return Window{.begin = cursor ? from - policy.overlap : from, .end = end};
}

}  // namespace sluice::sync
