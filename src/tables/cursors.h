// The steps of this cell: how far each got, when it runs next, and what it could not publish.
//
//   sy/s/<step>/<#source>          the cursor; its `due` is the time of
//   sy/r/<~due>/<step>             its one timer
//   sy/x/<step>/<#source>/<#item>  a reject
//
// A step reads one source, the whole of its API; `<#source>` leaves room for several.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/transaction.h"
#include "sync/cursor.h"
#include "sync/reject.h"
#include "tables/audit.h"
#include "tables/timers.h"

namespace sluice::tables {

struct StepRow {
  std::string step;
  sync::Cursor cursor;
};

struct RejectRow {
  std::string id;  // 32 hex digits: the item's hash.
  sync::Reject reject;
};

struct Cursors {
  // kCorrupt for a row that cannot be read.
  static Task<Result<std::optional<sync::Cursor>>> get(store::Transaction& transaction,
                                                       std::string step);

  // Writes the cursor and moves its timer. `before` is what this transaction read; the commit
  // checks that nobody else changed it.
  static Task<Result<void>> put(store::Transaction& transaction, std::string step,
                                std::optional<sync::Cursor> before, sync::Cursor after);

  // Makes the rows of new steps, due now, and takes the timers of steps that are in the manifest
  // no more; their cursors stay. True when some are left for another transaction.
  static Task<Result<bool>> reconcile(store::Transaction& transaction,
                                      std::vector<std::string> steps, Instant now);

  // The earliest timer, and the steps whose timers are due.
  static Task<Result<std::optional<Instant>>> first_due(store::Transaction& transaction);
  static Task<Result<std::vector<std::string>>> due(store::Transaction& transaction, Instant now,
                                                    std::uint32_t limit);

  // By name; a corrupt row is left out (the audit names it). `after` is the last name of the page
  // before.
  static Task<Result<std::vector<StepRow>>> list(store::Transaction& transaction, std::string after,
                                                 std::uint32_t limit);
  static Task<Result<std::vector<RejectRow>>> rejects(store::Transaction& transaction,
                                                      std::string step, std::string after,
                                                      std::uint32_t limit);

  // Operators' actions. kNotFound: there is no such step. A running slice stops at its next commit.
  static Task<Result<void>> run_now(store::Transaction& transaction, std::string step, Instant now);
  // Begins again `backfill` ago, also where the row cannot be read. What was published stays known
  // for some days.
  static Task<Result<void>> reset(store::Transaction& transaction, std::string step, Instant now);
  static Task<Result<void>> drop_reject(store::Transaction& transaction, std::string step,
                                        std::string id);

  // The cursor cannot be read: its timer is moved to `until`, so that the others go on, and it is
  // reported again then. `reset` makes a new one.
  static Task<Result<void>> set_aside(store::Transaction& transaction, std::string step,
                                      Instant until);

  // Keeps a record as a reject. The budget: one row of kRejectBytesMax. True when it is new.
  static Task<Result<bool>> reject(store::Transaction& transaction, std::string step,
                                   sync::Record record, Instant now);

  // Timers and cursors agree, rejects are counted.
  static Task<Result<Audit>> audit(store::Transaction& transaction);
};

}  // namespace sluice::tables
