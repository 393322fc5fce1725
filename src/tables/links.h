// The links that this cell pulls: how far each copy got, and when it is pulled next.
//
//   rl/l/<link>          state and checkpoint; its `due` is the time of
//   rl/r/<~due>/<link>   its one timer
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "replication/link.h"
#include "store/transaction.h"
#include "tables/audit.h"
#include "tables/timers.h"

namespace sluice::tables {

struct LinkRow {
  std::string link;
  replication::Link state;
};

struct Links {
  // kCorrupt for a row that cannot be read.
  static Task<Result<std::optional<replication::Link>>> get(store::Transaction& transaction,
                                                            std::string link);

  // Writes the state and moves its timer. `before` is what this transaction read; the commit
  // checks that nobody else changed it.
  static Task<Result<void>> put(store::Transaction& transaction, std::string link,
                                std::optional<replication::Link> before, replication::Link after);

  // Makes the rows of new links, due now, and takes the timers of links that are not this cell's
  // any more; their checkpoints stay. True when some are left for another transaction.
  static Task<Result<bool>> reconcile(store::Transaction& transaction,
                                      std::vector<std::string> links, Instant now);

  // The earliest timer, and the links whose timers are due.
  static Task<Result<std::optional<Instant>>> first_due(store::Transaction& transaction);
  static Task<Result<std::vector<std::string>>> due(store::Transaction& transaction, Instant now,
                                                    std::uint32_t limit);

  // By name; a corrupt row is left out (the audit names it). `after` is the last name of the page
  // before.
  static Task<Result<std::vector<LinkRow>>> list(store::Transaction& transaction, std::string after,
                                                 std::uint32_t limit);

  // Operators' actions. kNotFound: there is no such link.
  static Task<Result<void>> pause(store::Transaction& transaction, std::string link);
  static Task<Result<void>> resume(store::Transaction& transaction, std::string link, Instant now);
  // Begins at the peer's beginning again, also where the row cannot be read; what is there already
  // is recognised.
  static Task<Result<void>> repair(store::Transaction& transaction, std::string link, Instant now);

  // The state cannot be read: its timer is moved to `until`, so that the others go on, and it is
  // reported again then. `repair` makes a new one.
  static Task<Result<void>> set_aside(store::Transaction& transaction, std::string link,
                                      Instant until);

  // Timers and states agree; a stopped link has no timer.
  static Task<Result<Audit>> audit(store::Transaction& transaction);
};

}  // namespace sluice::tables
