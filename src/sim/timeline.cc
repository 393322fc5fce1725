#include "sim/timeline.h"

#include "base/assert.h"

namespace sluice::sim {

void Timeline::at(Instant t, std::function<void()> act) {
  if (t < now_) t = now_;
  queue_.emplace(std::pair(t, ++count_), std::move(act));
}

std::optional<Instant> Timeline::next() const {
  if (queue_.empty()) return std::nullopt;
  return queue_.begin()->first.first;
}

bool Timeline::step() {
  if (queue_.empty()) return false;
  auto first = queue_.extract(queue_.begin());
  now_ = first.key().first;
  first.mapped()();
  return true;
}

void Timeline::pass_to(Instant t) {
  SLUICE_ASSERT(queue_.empty() || t <= queue_.begin()->first.first);
  if (now_ < t) now_ = t;
}

}  // namespace sluice::sim
