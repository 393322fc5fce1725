#include "tables/links.h"

#include <algorithm>
#include <utility>

#include "store/keys.h"
#include "tables/rows.h"

namespace sluice::tables {
namespace {

using replication::Link;
using replication::LinkStatus;
using store::Transaction;

constexpr std::string_view kRows = "rl/l/";
constexpr std::string_view kTimers = "rl/r/";

std::string row_key(std::string_view link) { return std::string(kRows) + std::string(link); }

// The row and its timer; the turn of the transaction keeps both as they were read.
void write(Transaction& transaction, std::string_view link, const std::optional<Link>& before,
           const Link& after) {
  const auto due_before = before ? before->due : std::nullopt;
  move_timer(transaction, kTimers, link, due_before, after.due);
  transaction.put(row_key(link), replication::encode(after));
}

}  // namespace

Task<Result<std::optional<Link>>> Links::get(Transaction& transaction, std::string link) {
  std::string key = row_key(link);
  co_return co_await load(transaction, std::move(key), &replication::decode_link);
}

Task<Result<void>> Links::put(Transaction& transaction, std::string link,
                              std::optional<Link> before, Link after) {
  std::string key = row_key(link);
  SLUICE_CO_TRY(const auto row, co_await transaction.get(key));
  // A row that this transaction wrote already has no version, and needs no check.
  if (!row)
    transaction.check_absent(std::move(key));
  else if (!row->version.empty())
    transaction.check(std::move(key), row->version);
  write(transaction, link, before, after);
  co_return Result<void>();
}

Task<Result<bool>> Links::reconcile(Transaction& transaction, std::vector<std::string> links,
                                    Instant now) {
  constexpr store::Cost kOne{.mutations = 3, .checks = 0, .bytes = 4096};
  for (const std::string& link : links) {
    if (!transaction.fits(kOne)) co_return true;
    auto found = co_await get(transaction, link);
    if (!found.has_value() && found.error().code == Errc::kCorrupt) continue;
    if (!found.has_value()) co_return found.error();
    if (*found && ((*found)->due || (*found)->status != LinkStatus::kLive)) continue;
    Link after = (*found).value_or(Link{});
    after.due = now;
    write(transaction, link, *found, after);
  }
  KvRange range = store::range_of(std::string(kTimers), kRangeRowsMax);
  SLUICE_CO_TRY(const auto page, co_await transaction.range(std::move(range)));
  for (const KvRow& row : page.rows) {
    const auto timer = parse_timer(kTimers, row.key);
    if (!timer || std::find(links.begin(), links.end(), timer->name) != links.end()) continue;
    if (!transaction.fits(kOne)) co_return true;
    SLUICE_CO_TRY(auto state, co_await get(transaction, timer->name));
    if (!state) {
      transaction.erase(row.key);
      continue;
    }
    Link after = *state;
    after.due.reset();
    write(transaction, timer->name, state, after);
  }
  co_return false;
}

Task<Result<std::optional<Instant>>> Links::first_due(Transaction& transaction) {
  std::string prefix(kTimers);
  co_return co_await first_timer(transaction, std::move(prefix));
}

Task<Result<std::vector<std::string>>> Links::due(Transaction& transaction, Instant now,
                                                  std::uint32_t limit) {
  std::vector<std::string> links;
  std::string prefix(kTimers);
  SLUICE_CO_TRY(auto timers, co_await due_timers(transaction, std::move(prefix), now, limit));
  for (Timer& timer : timers) links.push_back(std::move(timer.name));
  co_return links;
}

Task<Result<std::vector<LinkRow>>> Links::list(Transaction& transaction, std::string after,
                                               std::uint32_t limit) {
  std::vector<LinkRow> rows;
  KvRange range = store::range_of(std::string(kRows), std::clamp<std::uint32_t>(limit, 1, 256));
  // The least key behind: no byte of a key is less than a dash.
  if (!after.empty()) range.lo = row_key(after) + "-";
  SLUICE_CO_TRY(const auto page, co_await transaction.range(std::move(range)));
  for (const KvRow& row : page.rows) {
    auto state = replication::decode_link(row.entry.value);
    if (!state.has_value()) continue;
    rows.push_back({.link = row.key.substr(kRows.size()), .state = *std::move(state)});
  }
  co_return rows;
}

Task<Result<void>> Links::pause(Transaction& transaction, std::string link) {
  SLUICE_CO_TRY(auto state, co_await get(transaction, link));
  if (!state) co_return Error{Errc::kNotFound, "there is no such link"};
  if (state->status == LinkStatus::kGap) co_return Result<void>();  // It is stopped already.
  Link after = *state;
  after.status = LinkStatus::kPaused;
  after.due.reset();
  co_return co_await put(transaction, link, std::move(state), std::move(after));
}

Task<Result<void>> Links::resume(Transaction& transaction, std::string link, Instant now) {
  SLUICE_CO_TRY(auto state, co_await get(transaction, link));
  if (!state) co_return Error{Errc::kNotFound, "there is no such link"};
  if (state->status == LinkStatus::kGap) {
    co_return Error{Errc::kConflict, "the link has a gap and has to be repaired"};
  }
  Link after = *state;
  after.status = LinkStatus::kLive;
  after.due = now;
  co_return co_await put(transaction, link, std::move(state), std::move(after));
}

Task<Result<void>> Links::repair(Transaction& transaction, std::string link, Instant now) {
  auto found = co_await get(transaction, link);
  if (!found.has_value()) {
    if (found.error().code != Errc::kCorrupt) co_return found.error();
    std::string prefix(kTimers);
    SLUICE_CO_TRY(co_await replace_timers(transaction, std::move(prefix), link, std::nullopt));
    Link fresh;
    fresh.due = now;
    co_return co_await put(transaction, link, std::nullopt, std::move(fresh));
  }
  if (!*found) co_return Error{Errc::kNotFound, "there is no such link"};
  Link after = **found;
  replication::repair(after);
  after.due = now;
  co_return co_await put(transaction, link, *std::move(found), std::move(after));
}

Task<Result<void>> Links::set_aside(Transaction& transaction, std::string link, Instant until) {
  std::string prefix(kTimers);
  co_return co_await replace_timers(transaction, std::move(prefix), std::move(link), until);
}

Task<Result<Audit>> Links::audit(Transaction& transaction) {
  Audit audit;
  KvRange rows_range = store::range_of(std::string(kRows), kRangeRowsMax);
  SLUICE_CO_TRY(const auto rows, co_await transaction.range(std::move(rows_range)));
  for (const KvRow& row : rows.rows) {
    const auto state = replication::decode_link(row.entry.value);
    if (!state.has_value()) {
      audit.push_back({row.key, state.error().context});
      continue;
    }
    if (!state->due) continue;
    if (state->status != LinkStatus::kLive) audit.push_back({row.key, "stopped, with a timer"});
    std::string key = timer_key(kTimers, *state->due, row.key.substr(kRows.size()));
    SLUICE_CO_TRY(const auto timer, co_await transaction.get(std::move(key)));
    if (!timer) audit.push_back({row.key, "its timer is missing"});
  }
  KvRange timers_range = store::range_of(std::string(kTimers), kRangeRowsMax);
  SLUICE_CO_TRY(const auto timers, co_await transaction.range(std::move(timers_range)));
  for (const KvRow& row : timers.rows) {
    const auto timer = parse_timer(kTimers, row.key);
    if (!timer) {
      audit.push_back({row.key, "the key is no timer"});
      continue;
    }
    auto state = co_await get(transaction, timer->name);
    if (!state.has_value() || !*state || (*state)->due != timer->due) {
      audit.push_back({row.key, "no link knows this timer"});
    }
  }
  co_return audit;
}

}  // namespace sluice::tables
