#include "tables/cursors.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "store/keys.h"
#include "tables/rows.h"

namespace sluice::tables {
namespace {

using store::Transaction;
using sync::Cursor;

constexpr std::string_view kRows = "sy/s/";
constexpr std::string_view kTimers = "sy/r/";
constexpr std::string_view kRejects = "sy/x/";

// The one source of a step: the whole of its API.
std::string whole() { return store::hashed({""}); }

std::string row_key(std::string_view step) {
  return std::string(kRows) + std::string(step) + "/" + whole();
}
std::string rejects_prefix(std::string_view step) {
  return std::string(kRejects) + std::string(step) + "/" + whole() + "/";
}

// The step that a cursor's key names.
std::string_view step_of(std::string_view key) {
  key.remove_prefix(kRows.size());
  return key.substr(0, key.find('/'));
}

// The row and its timer; the turn of the transaction keeps both as they were read.
void write(Transaction& transaction, std::string_view step, const std::optional<Cursor>& before,
           const Cursor& after) {
  const auto due_before = before ? before->due : std::nullopt;
  move_timer(transaction, kTimers, step, due_before, after.due);
  transaction.put(row_key(step), sync::encode(after));
}

}  // namespace

Task<Result<std::optional<Cursor>>> Cursors::get(Transaction& transaction, std::string step) {
  std::string key = row_key(step);
  co_return co_await load(transaction, std::move(key), &sync::decode_cursor);
}

Task<Result<void>> Cursors::put(Transaction& transaction, std::string step,
                                std::optional<Cursor> before, Cursor after) {
  std::string key = row_key(step);
  SLUICE_CO_TRY(const auto row, co_await transaction.get(key));
  // A row that this transaction wrote already has no version, and needs no check.
  if (!row)
    transaction.check_absent(std::move(key));
  else if (!row->version.empty())
    transaction.check(std::move(key), row->version);
  write(transaction, step, before, after);
  co_return Result<void>();
}

Task<Result<bool>> Cursors::reconcile(Transaction& transaction, std::vector<std::string> steps,
                                      Instant now) {
  constexpr store::Cost kOne{.mutations = 3, .checks = 0, .bytes = 4096};
  for (const std::string& step : steps) {
    if (!transaction.fits(kOne)) co_return true;
    auto found = co_await get(transaction, step);
    if (!found.has_value() && found.error().code == Errc::kCorrupt) continue;
    if (!found.has_value()) co_return found.error();
    if (*found && (*found)->due) continue;
    Cursor after = (*found).value_or(Cursor{});
    after.due = now;
    write(transaction, step, *found, after);
  }
  // Timers at any time: whatever has one and is in the manifest no more loses it.
  KvRange range = store::range_of(std::string(kTimers), kRangeRowsMax);
  SLUICE_CO_TRY(const auto page, co_await transaction.range(std::move(range)));
  for (const KvRow& row : page.rows) {
    const auto timer = parse_timer(kTimers, row.key);
    if (!timer || std::find(steps.begin(), steps.end(), timer->name) != steps.end()) continue;
    if (!transaction.fits(kOne)) co_return true;
    SLUICE_CO_TRY(auto cursor, co_await get(transaction, timer->name));
    if (!cursor) {
      transaction.erase(row.key);
      continue;
    }
    Cursor after = *cursor;
    after.due.reset();
    after.lease.reset();
    write(transaction, timer->name, cursor, after);
  }
  co_return false;
}

Task<Result<std::optional<Instant>>> Cursors::first_due(Transaction& transaction) {
  std::string prefix(kTimers);
  co_return co_await first_timer(transaction, std::move(prefix));
}

Task<Result<std::vector<std::string>>> Cursors::due(Transaction& transaction, Instant now,
                                                    std::uint32_t limit) {
  std::vector<std::string> steps;
  std::string prefix(kTimers);
  SLUICE_CO_TRY(auto timers, co_await due_timers(transaction, std::move(prefix), now, limit));
  for (Timer& timer : timers) steps.push_back(std::move(timer.name));
  co_return steps;
}

Task<Result<std::vector<StepRow>>> Cursors::list(Transaction& transaction, std::string after,
                                                 std::uint32_t limit) {
  std::vector<StepRow> rows;
  KvRange range = store::range_of(std::string(kRows), std::clamp<std::uint32_t>(limit, 1, 256));
  if (!after.empty()) range.lo = store::end_of(std::string(kRows) + after + "/");
  SLUICE_CO_TRY(const auto page, co_await transaction.range(std::move(range)));
  for (const KvRow& row : page.rows) {
    auto cursor = sync::decode_cursor(row.entry.value);
    if (!cursor.has_value()) continue;
    rows.push_back({.step = std::string(step_of(row.key)), .cursor = *std::move(cursor)});
  }
  co_return rows;
}

Task<Result<std::vector<RejectRow>>> Cursors::rejects(Transaction& transaction, std::string step,
                                                      std::string after, std::uint32_t limit) {
  std::vector<RejectRow> rows;
  const std::string prefix = rejects_prefix(step);
  KvRange range = store::range_of(prefix, std::clamp<std::uint32_t>(limit, 1, 256));
  if (!after.empty()) range.lo = store::end_of(prefix + after);
  SLUICE_CO_TRY(const auto page, co_await transaction.range(std::move(range)));
  for (const KvRow& row : page.rows) {
    auto reject = sync::decode_reject(row.entry.value);
    if (!reject.has_value()) continue;
    rows.push_back({.id = row.key.substr(prefix.size()), .reject = *std::move(reject)});
  }
  co_return rows;
}

Task<Result<void>> Cursors::run_now(Transaction& transaction, std::string step, Instant now) {
  SLUICE_CO_TRY(auto cursor, co_await get(transaction, step));
  if (!cursor) co_return Error{Errc::kNotFound, "there is no such step"};
  Cursor after = *cursor;
  after.due = now;
  after.lease.reset();
  co_return co_await put(transaction, step, std::move(cursor), std::move(after));
}

Task<Result<void>> Cursors::reset(Transaction& transaction, std::string step, Instant now) {
  auto found = co_await get(transaction, step);
  if (!found.has_value()) {
    if (found.error().code != Errc::kCorrupt) co_return found.error();
    std::string prefix(kTimers);
    SLUICE_CO_TRY(co_await replace_timers(transaction, std::move(prefix), step, std::nullopt));
    Cursor fresh;
    fresh.due = now;
    co_return co_await put(transaction, step, std::nullopt, std::move(fresh));
  }
  if (!*found) co_return Error{Errc::kNotFound, "there is no such step"};
  Cursor after = **found;
  sync::reset(after);
  after.due = now;
  co_return co_await put(transaction, step, *std::move(found), std::move(after));
}

Task<Result<void>> Cursors::set_aside(Transaction& transaction, std::string step, Instant until) {
  std::string prefix(kTimers);
  co_return co_await replace_timers(transaction, std::move(prefix), std::move(step), until);
}

Task<Result<void>> Cursors::drop_reject(Transaction& transaction, std::string step,
                                        std::string id) {
  std::string key = rejects_prefix(step) + id;
  SLUICE_CO_TRY(const auto row, co_await transaction.get(key));
  SLUICE_CO_TRY(auto cursor, co_await get(transaction, step));
  if (!row || !cursor) co_return Error{Errc::kNotFound, "there is no such reject"};
  transaction.erase(std::move(key));
  Cursor after = *cursor;
  if (after.rejects_kept > 0) --after.rejects_kept;
  co_return co_await put(transaction, step, std::move(cursor), std::move(after));
}

Task<Result<bool>> Cursors::reject(Transaction& transaction, std::string step, sync::Record record,
                                   Instant now) {
  std::string key = rejects_prefix(step) + sync::identity(step, record);
  SLUICE_CO_TRY(const auto row, co_await transaction.get(key));
  auto known = row ? sync::decode_reject(row->value) : Result<sync::Reject>(Error{});
  if (known.has_value()) {
    sync::count_again(*known, now);
    transaction.put(std::move(key), sync::encode(*known));
    co_return false;
  }
  transaction.put(std::move(key), sync::encode(sync::make_reject(record, now)));
  co_return !row.has_value();
}

Task<Result<Audit>> Cursors::audit(Transaction& transaction) {
  Audit audit;
  KvRange range = store::range_of(std::string(kRows), kRangeRowsMax);
  SLUICE_CO_TRY(const auto cursors, co_await transaction.range(std::move(range)));
  for (const KvRow& row : cursors.rows) {
    const std::string step(step_of(row.key));
    const auto cursor = sync::decode_cursor(row.entry.value);
    if (!cursor.has_value()) {
      audit.push_back({row.key, cursor.error().context});
      continue;
    }
    if (cursor->due) {
      std::string key = timer_key(kTimers, *cursor->due, step);
      SLUICE_CO_TRY(const auto timer, co_await transaction.get(std::move(key)));
      if (!timer) audit.push_back({row.key, "its timer is missing"});
    }
    KvRange kept = store::range_of(rejects_prefix(step), kRangeRowsMax);
    SLUICE_CO_TRY(const auto rejects, co_await transaction.range(std::move(kept)));
    const bool counted = rejects.next ? cursor->rejects_kept >= rejects.rows.size()
                                      : cursor->rejects_kept == rejects.rows.size();
    if (!counted) audit.push_back({row.key, "its rejects are not counted"});
  }
  KvRange timers_range = store::range_of(std::string(kTimers), kRangeRowsMax);
  SLUICE_CO_TRY(const auto timers, co_await transaction.range(std::move(timers_range)));
  for (const KvRow& row : timers.rows) {
    const auto timer = parse_timer(kTimers, row.key);
    if (!timer) {
      audit.push_back({row.key, "the key is no timer"});
      continue;
    }
    auto cursor = co_await get(transaction, timer->name);
    if (!cursor.has_value() || !*cursor || (*cursor)->due != timer->due) {
      audit.push_back({row.key, "no cursor knows this timer"});
    }
  }
  co_return audit;
}

}  // namespace sluice::tables
