// When a cell wants to run next: the first row of every timer range.
//
//   ob/r ob/expand ob/c in/h sy/r rl/r gc   rows whose key begins with their due (expand: now)
//   ob/i                                    what is in flight, until its deadline
//   m/sweep                                 the sweeper's next pass
#pragma once

#include "base/result.h"
#include "flow/cell.h"

namespace sluice::app {

// Lanes that run right now. Their timers are reached on purpose; they count as half a minute away,
// as a backstop in case this instance is dropped.
struct Busy {
  bool outbox = false;
  bool steps = false;
  bool links = false;
  bool sweep = false;
};

// Replaces the cell's wake by what its timers say, as the transaction sees them.
Task<Result<void>> plan_cell_wake(store::Transaction& transaction, Busy busy, Duration at_least,
                                  Instant now);

// The same in a commit of its own.
Task<Result<void>> set_cell_wake(flow::Cell& cell, Busy busy, Duration at_least);

}  // namespace sluice::app
