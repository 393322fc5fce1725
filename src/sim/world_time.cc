// How time passes in a world: what comes next, alarms, cron, and what goes wrong in between.
#include <algorithm>
#include <utility>

#include "base/mark.h"
#include "sim/world.h"

namespace sluice::sim {
namespace {

constexpr Duration kFullMax = seconds(20);
constexpr std::uint32_t kAlarmDoublingsMax = 8;

}  // namespace

std::optional<std::pair<Instant, std::string>> World::next_alarm() {
  if (!factory_) return std::nullopt;
  std::optional<std::pair<Instant, std::string>> first;
  for (const auto& [cell, store] : stores_) {
    if (!store->wake()) continue;
    const Instant at = std::max(timeline_.now(), timeline_.true_time_of(*store->wake()));
    if (!first || at < first->first) first.emplace(at, cell);
  }
  return first;
}

std::optional<Instant> World::next_time() {
  std::optional<Instant> next = timeline_.next();
  const auto earlier = [&](Instant t) {
    if (!next || t < *next) next = t;
  };
  if (const auto waked = next_alarm()) earlier(waked->first);
  if (cron_period.ms > 0) {
    if (!next_cron_) next_cron_ = timeline_.now() + cron_period;
    earlier(*next_cron_);
  }
  return next;
}

// The register is cleared as the alarm is handed over; one that fails is armed again.
void World::alarm(const std::string& cell) {
  note("alarm", cell);
  store(cell).set_wake(std::nullopt);
  const auto ended = [this, cell](bool well) {
    auto& failures = alarm_failures_[cell];
    if (well) {
      failures = 0;
      return;
    }
    SLUICE_MARK("sim: an alarm dies and is armed again");
    const auto wait = seconds(std::int64_t{1} << std::min(failures, kAlarmDoublingsMax));
    ++failures;
    const Instant again = timeline_.wall() + wait;
    const auto armed = store(cell).wake();
    store(cell).set_wake(armed ? std::min(*armed, again) : again);
  };
  if (Node* old = ghost(cell)) ring(*old, [](bool) {});  // It has an alarm of its own.
  Node* owner = node(cell);
  if (owner == nullptr) return ended(false);
  ring(*owner, ended);
}

void World::ring(Node& node, std::function<void(bool)> ended) {
  const TaskId task = node.add_task({.http = {}, .rpc = {}, .done = std::move(ended)});
  node.engine->alarm(task);
  node.run(task);
}

// What goes wrong without anybody's call.
void World::disturb() {
  if (strikes(faults.clock_step)) {
    SLUICE_MARK("sim: the clock steps");
    const auto most = std::int64_t{5} * 60 * 1000;
    const auto by = static_cast<std::int64_t>(prng_.below(2 * std::uint64_t{most})) - most;
    timeline_.step_wall({by});
  }
  if (faults.disk_full == 0 && faults.split == 0 && faults.crash == 0) return;
  std::vector<std::string> cells;
  for (const auto& [cell, store] : stores_) cells.push_back(cell);
  if (cells.empty()) return;
  const auto any = [&] { return cells[static_cast<std::size_t>(prng_.below(cells.size()))]; };
  if (strikes(faults.split)) split(any());
  if (strikes(faults.crash / 4)) crash(any());
  if (strikes(faults.crash / 8)) crash("front");
  if (strikes(faults.disk_full)) {
    SLUICE_MARK("sim: a store refuses writes");
    const std::string cell = any();
    store(cell).refuses = prng_.chance(1, 2) ? Errc::kFull : Errc::kIo;
    timeline_.after(some_time(kFullMax), [this, cell] { store(cell).refuses.reset(); });
  }
}

bool World::step() {
  disturb();
  const auto next = next_time();
  if (!next) return false;
  if (timeline_.next() == next) return timeline_.step();
  timeline_.pass_to(*next);
  if (next_cron_ && *next_cron_ == *next) {
    next_cron_ = *next + cron_period;
    cron();
    return true;
  }
  const auto waked = next_alarm();
  SLUICE_ASSERT(waked.has_value());
  alarm(waked->second);
  return true;
}

bool World::run_until(Instant t, std::uint64_t steps_max) {
  for (std::uint64_t steps = 0; steps < steps_max; ++steps) {
    const auto next = next_time();
    if (!next || *next > t) {
      timeline_.pass_to(t);
      return true;
    }
    step();
  }
  return false;
}

bool World::run_for(Duration d, std::uint64_t steps_max) {
  return run_until(timeline_.now() + d, steps_max);
}

}  // namespace sluice::sim
