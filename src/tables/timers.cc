#include "tables/timers.h"

#include <algorithm>
#include <utility>

#include "base/id.h"
#include "store/keys.h"
#include "tables/rows.h"

namespace sluice::tables {
namespace {

constexpr std::size_t kDueDigits = 16;

}  // namespace

std::string timer_key(std::string_view prefix, Instant due, std::string_view name) {
  return store::key({prefix, store::fixed(std::max(due, Instant{0})), "/", name});
}

std::optional<Timer> parse_timer(std::string_view prefix, std::string_view key) {
  if (key.substr(0, prefix.size()) != prefix) return std::nullopt;
  key.remove_prefix(prefix.size());
  if (key.size() <= kDueDigits + 1 || key[kDueDigits] != '/') return std::nullopt;
  const auto due = parse_fixed_hex(key.substr(0, kDueDigits));
  if (!due || *due > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
  return Timer{.due = {static_cast<std::int64_t>(*due)},
               .name = std::string(key.substr(kDueDigits + 1))};
}

void move_timer(store::Transaction& transaction, std::string_view prefix, std::string_view name,
                std::optional<Instant> before, std::optional<Instant> after) {
  if (before && before != after) transaction.erase(timer_key(prefix, *before, name));
  if (!after) return;
  transaction.put(timer_key(prefix, *after, name), kIndexRow);
  transaction.wake_by(*after);
}

Task<Result<std::optional<Instant>>> first_timer(store::Transaction& transaction,
                                                 std::string prefix) {
  KvRange range = store::range_of(prefix, 1);
  SLUICE_CO_TRY(const auto page, co_await transaction.range(std::move(range)));
  if (page.rows.empty()) co_return std::optional<Instant>();
  const auto timer = parse_timer(prefix, page.rows[0].key);
  if (!timer) co_return Error{Errc::kCorrupt, "a timer's key cannot be read"};
  co_return std::optional<Instant>(timer->due);
}

Task<Result<std::vector<Timer>>> due_timers(store::Transaction& transaction, std::string prefix,
                                            Instant now, std::uint32_t limit) {
  std::vector<Timer> due;
  if (limit == 0 || now < Instant{0}) co_return due;
  KvRange range;
  range.lo = prefix;
  range.hi = store::key({prefix, store::fixed(now + milliseconds(1))});
  range.limit = std::min<std::uint32_t>(limit, kRangeRowsMax);
  SLUICE_CO_TRY(const auto page, co_await transaction.range(std::move(range)));
  for (const KvRow& row : page.rows) {
    auto timer = parse_timer(prefix, row.key);
    if (timer) due.push_back(*std::move(timer));
  }
  co_return due;
}

Task<Result<void>> replace_timers(store::Transaction& transaction, std::string prefix,
                                  std::string name, std::optional<Instant> after) {
  KvRange range = store::range_of(prefix, kRangeRowsMax);
  SLUICE_CO_TRY(const auto page, co_await transaction.range(std::move(range)));
  for (const KvRow& row : page.rows) {
    const auto timer = parse_timer(prefix, row.key);
    if (timer && timer->name == name) transaction.erase(row.key);
  }
  move_timer(transaction, prefix, name, std::nullopt, after);
  co_return Result<void>();
}

}  // namespace sluice::tables
