// A range of timer rows: what is due when, in byte order.
//
//   <prefix><~due>/<name>      for instance rl/r/0000019a3b4c5d6e/mirror
//
// A timer row is an index: the row it belongs to holds the same due time, and both change in one
// commit. So the first row of the range is the earliest wake of its kind.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/transaction.h"

namespace sluice::tables {

struct Timer {
  Instant due;
  std::string name;

  friend bool operator==(const Timer&, const Timer&) = default;
};

[[nodiscard]] std::string timer_key(std::string_view prefix, Instant due, std::string_view name);
[[nodiscard]] std::optional<Timer> parse_timer(std::string_view prefix, std::string_view key);

// Moves a timer from `before` to `after`; either may be absent. Wakes the cell in time.
void move_timer(store::Transaction& transaction, std::string_view prefix, std::string_view name,
                std::optional<Instant> before, std::optional<Instant> after);

// The earliest timer of the range.
Task<Result<std::optional<Instant>>> first_timer(store::Transaction& transaction,
                                                 std::string prefix);

// At most `limit` timers that are due at `now`, the earliest first. A key that is no timer is
// passed over: the table's audit names it.
Task<Result<std::vector<Timer>>> due_timers(store::Transaction& transaction, std::string prefix,
                                            Instant now, std::uint32_t limit);

// Takes every timer of `name` away, for a row that cannot say which one is its own, and sets one at
// `after`, if given.
Task<Result<void>> replace_timers(store::Transaction& transaction, std::string prefix,
                                  std::string name, std::optional<Instant> after);

}  // namespace sluice::tables
