#include "native/wakes.h"

#include <algorithm>
#include <utility>

namespace sluice::native {

namespace {

constexpr int kDoublingsMax = 9;
constexpr Duration kBackoffMax = seconds(300);

Duration backoff(int failures) {
  const int doublings = std::clamp(failures - 1, 0, kDoublingsMax);
  return std::min(seconds(std::int64_t{1} << doublings), kBackoffMax);
}

}  // namespace

std::optional<Instant> Wakes::due(const Entry& entry) {
  if (entry.running || !entry.stored.has_value()) return std::nullopt;
  return std::max(*entry.stored, entry.not_before);
}

void Wakes::restore(const std::string& cell, std::optional<Instant> stored) {
  entries_[cell].stored = stored;
}

void Wakes::apply(const std::string& cell, const WakeChange& change, Instant now) {
  Entry& entry = entries_[cell];
  entry.stored = change.stored;
  if (change.replaced) {
    entry.replaced = true;
    entry.not_before = Instant{};
    entry.failures = 0;
  }
  if (change.asked.has_value() && *change.asked <= now) entry.not_before = Instant{};
}

std::optional<Instant> Wakes::next() const {
  std::optional<Instant> next;
  for (const auto& [cell, entry] : entries_) {
    const auto at = due(entry);
    if (at.has_value()) next = std::min(next.value_or(*at), *at);
  }
  return next;
}

std::vector<std::string> Wakes::take_due(Instant now, std::size_t most) {
  std::vector<std::pair<Instant, std::string>> found;
  for (const auto& [cell, entry] : entries_) {
    const auto at = due(entry);
    if (at.has_value() && *at <= now) found.emplace_back(*at, cell);
  }
  std::sort(found.begin(), found.end());
  if (found.size() > most) found.resize(most);
  std::vector<std::string> cells;
  for (auto& [at, cell] : found) {
    Entry& entry = entries_[cell];
    entry.running = true;
    entry.replaced = false;
    cells.push_back(std::move(cell));
  }
  return cells;
}

void Wakes::finish(const std::string& cell, AlarmEnd end, Instant now) {
  Entry& entry = entries_[cell];
  if (!entry.running) return;
  entry.running = false;
  if (end == AlarmEnd::kDone && (entry.replaced || !entry.stored.has_value())) {
    entry.failures = 0;
    if (!entry.stored.has_value()) entries_.erase(cell);
    return;
  }
  ++entry.failures;
  entry.not_before = now + backoff(entry.failures);
}

bool Wakes::is_running(const std::string& cell) const {
  const auto found = entries_.find(cell);
  return found != entries_.end() && found->second.running;
}

}  // namespace sluice::native
