// Virtual time: a queue of what happens when, that jumps from one to the next.
//
// The wall clock is the true time and an offset that a test may step forth and back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "base/time.h"
#include "host/clock.h"

namespace sluice::sim {

class Timeline {
 public:
  explicit Timeline(Instant start) : now_(start) {}

  [[nodiscard]] Instant now() const { return now_; }
  [[nodiscard]] Instant wall() const { return now_ + offset_; }
  // The true time at which the wall clock will show `wall`.
  [[nodiscard]] Instant true_time_of(Instant wall) const { return wall - offset_; }

  // Those of one time happen in the order of their calls.
  void at(Instant t, std::function<void()> act);
  void after(Duration d, std::function<void()> act) { at(now_ + d, std::move(act)); }

  [[nodiscard]] std::optional<Instant> next() const;
  [[nodiscard]] std::size_t waiting() const { return queue_.size(); }

  // Jumps to the next one and lets it happen. False where there is none.
  bool step();
  // Moves on to `t`, which no waiting one is before.
  void pass_to(Instant t);
  void step_wall(Duration by) { offset_ = offset_ + by; }

 private:
  Instant now_;
  Duration offset_;
  std::map<std::pair<Instant, std::uint64_t>, std::function<void()>> queue_;
  std::uint64_t count_ = 0;
};

class SimClock final : public Clock {
 public:
  explicit SimClock(const Timeline& timeline) : timeline_(timeline) {}

  Instant now() override { return timeline_.wall(); }
  Duration monotonic() override { return timeline_.now() - Instant{}; }

 private:
  const Timeline& timeline_;
};

}  // namespace sluice::sim
