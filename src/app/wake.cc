#include "app/wake.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "store/keys.h"
#include "store/sweep.h"
#include "tables/deliveries.h"

namespace sluice::app {
namespace {

constexpr Duration kBackstop = seconds(30);

struct Timer {
  std::string_view prefix;
  bool is_timed = true;  // The key goes on with its due; otherwise it is due at once.
  bool busy = false;
};

Task<Result<std::optional<Instant>>> first_due(store::Transaction& transaction, Timer timer,
                                               Instant now) {
  KvRange range = store::range_of(std::string(timer.prefix), 1);
  SLUICE_CO_TRY(const auto page, co_await transaction.range(std::move(range)));
  if (page.rows.empty()) co_return std::optional<Instant>();
  Instant due = now;
  if (timer.is_timed) {
    const auto number = parse_fixed_hex(page.rows.front().key.substr(timer.prefix.size(), 16));
    if (number) due = {static_cast<std::int64_t>(*number)};
  }
  if (timer.busy) due = std::max(due, now + kBackstop);
  co_return std::optional<Instant>(due);
}

}  // namespace

Task<Result<void>> plan_cell_wake(store::Transaction& transaction, Busy busy, Duration at_least,
                                  Instant now) {
  const Timer timers[] = {
      {.prefix = "ob/r/", .is_timed = true, .busy = busy.outbox},
      {.prefix = "ob/expand/", .is_timed = false, .busy = busy.outbox},
      {.prefix = "ob/c/", .is_timed = true, .busy = busy.outbox},
      {.prefix = "in/h/", .is_timed = true, .busy = false},
      {.prefix = "sy/r/", .is_timed = true, .busy = busy.steps},
      {.prefix = "rl/r/", .is_timed = true, .busy = busy.links},
      {.prefix = "gc/", .is_timed = true, .busy = busy.sweep},
  };
  std::optional<Instant> wake;
  const auto at_most = [&](std::optional<Instant> due) {
    if (due && (!wake || *due < *wake)) wake = due;
  };
  for (const Timer& timer : timers) {
    SLUICE_CO_TRY(const auto due, co_await first_due(transaction, timer, now));
    at_most(due);
  }
  std::vector<std::string> rows{tables::Deliveries::marker_key(), store::next_sweep_key()};
  SLUICE_CO_TRY(co_await transaction.fetch(std::move(rows)));
  SLUICE_CO_TRY(const auto marker, co_await tables::Deliveries::marker(transaction));
  if (marker) at_most(std::max(marker->until, busy.outbox ? now + kBackstop : marker->until));
  SLUICE_CO_TRY(const auto sweep, co_await store::next_sweep(transaction, now));
  at_most(busy.sweep ? std::max(sweep, now + kBackstop) : sweep);
  if (wake) wake = std::max(*wake, now + at_least);
  transaction.wake_at(wake);
  co_return Result<void>();
}

Task<Result<void>> set_cell_wake(flow::Cell& cell, Busy busy, Duration at_least) {
  const Instant now = cell.host.clock().now();
  SLUICE_CO_TRY(auto transaction, co_await cell.store.begin());
  SLUICE_CO_TRY(co_await plan_cell_wake(transaction, busy, at_least, now));
  SLUICE_CO_TRY(const auto outcome, co_await transaction.commit());
  if (outcome == store::Outcome::kConflict) {
    co_return Error{Errc::kConflict, "setting the wake lost a race"};
  }
  co_return Result<void>();
}

}  // namespace sluice::app
