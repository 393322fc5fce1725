#include "store/transaction.h"

#include <algorithm>
#include <utility>

#include "base/sort.h"
#include "store/keys.h"
#include "store/store.h"

namespace sluice::store {
namespace {

// What a transaction remembers of its reads: rows, not bodies.
constexpr std::size_t kFetchedMax = 128;
constexpr std::size_t kFetchedSizeMax = 16 * 1024;

std::size_t row_size(const KvRow& row) { return row.key.size() + row.entry.value.size(); }

bool is_in(const KvRange& range, std::string_view key) { return range.lo <= key && key < range.hi; }

// Keeps what the contract of a page allows, and says where the next one begins.
void cut(KvPage& page, const KvRange& range) {
  std::size_t kept = 0;
  for (std::size_t bytes = 0; kept < page.rows.size() && kept < range.limit; ++kept) {
    bytes += row_size(page.rows[kept]);
    if (kept > 0 && bytes > kRangeBytesMax) break;
  }
  if (kept == page.rows.size()) return;
  page.next = range.reverse ? page.rows[kept - 1].key : page.rows[kept].key;
  page.rows.resize(kept);
}

}  // namespace

Task<Result<std::optional<KvEntry>>> Transaction::get(std::string key) {
  SLUICE_ASSERT(!spent_);
  if (auto entry = known(key)) co_return *std::move(entry);
  std::vector<std::string> keys;
  keys.push_back(std::move(key));
  SLUICE_CO_TRY(auto entries, co_await get_all(std::move(keys)));
  co_return std::move(entries[0]);
}

std::optional<std::optional<KvEntry>> Transaction::known(const std::string& key) const {
  const auto written = mutations_.find(key);
  if (written != mutations_.end()) {
    if (!written->second.value) return std::optional<KvEntry>();
    return std::optional(KvEntry{.value = *written->second.value, .version = {}});
  }
  const auto fetched = fetched_.find(key);
  if (fetched != fetched_.end()) return fetched->second;
  return std::nullopt;
}

Task<Result<std::vector<std::optional<KvEntry>>>> Transaction::get_all(
    std::vector<std::string> keys) {
  SLUICE_ASSERT(!spent_);
  if (keys.size() > kGetKeysMax) co_return Error{Errc::kBadArgument, "too many keys in one get"};
  std::vector<std::optional<KvEntry>> entries(keys.size());
  std::vector<std::string> missing;
  std::vector<std::size_t> places;
  missing.reserve(keys.size());
  places.reserve(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!is_key(keys[i])) co_return Error{Errc::kBadArgument, "a key is not of the allowed form"};
    if (auto entry = known(keys[i])) {
      entries[i] = *std::move(entry);
      continue;
    }
    missing.push_back(std::move(keys[i]));
    places.push_back(i);
  }
  if (missing.empty()) co_return std::move(entries);

  std::vector<std::string> asked = missing;
  SLUICE_CO_TRY(auto found, co_await store_->host().kv().get(std::move(asked)));
  if (found.size() != missing.size()) co_return Error{Errc::kIo, "a get answered other keys"};
  for (std::size_t i = 0; i < found.size(); ++i) {
    const std::size_t size = found[i] ? found[i]->value.size() : 0;
    if (fetched_.size() < kFetchedMax && size <= kFetchedSizeMax) {
      fetched_.insert_or_assign(std::move(missing[i]), found[i]);
    }
    entries[places[i]] = std::move(found[i]);
  }
  co_return std::move(entries);
}

Task<Result<void>> Transaction::fetch(std::vector<std::string> keys) {
  sort(keys);
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  std::erase_if(keys, [&](const std::string& key) {
    return mutations_.contains(key) || fetched_.contains(key);
  });
  for (std::size_t at = 0; at < keys.size(); at += kGetKeysMax) {
    const auto begin = keys.begin() + static_cast<std::ptrdiff_t>(at);
    const auto size = static_cast<std::ptrdiff_t>(std::min(kGetKeysMax, keys.size() - at));
    std::vector<std::string> part(begin, begin + size);
    SLUICE_CO_TRY(co_await get_all(std::move(part)));
  }
  co_return Result<void>();
}

Task<Result<KvPage>> Transaction::range(KvRange range) {
  SLUICE_ASSERT(!spent_);
  SLUICE_ASSERT(range.limit >= 1 && range.limit <= kRangeRowsMax);
  if (range.lo.size() > kKeySizeMax || range.hi.size() > kKeySizeMax) {
    co_return Error{Errc::kBadArgument, "a bound of a range is too long"};
  }
  // Own deletions make a page shorter; each pass that finds nothing left of one goes on behind it.
  while (range.lo < range.hi) {
    if (store_->empty_.contains(range.lo, range.hi)) co_return overlay(range, {});
    KvRange asked = range;
    const std::size_t rows = std::min<std::size_t>(range.limit + erased_in(range), kRangeRowsMax);
    asked.limit = static_cast<std::uint32_t>(rows);
    SLUICE_CO_TRY(auto found, co_await store_->host().kv().range(std::move(asked)));
    if (found.rows.empty() && !found.next) store_->found_empty(range);
    KvPage page = overlay(range, std::move(found));
    if (!page.rows.empty() || !page.next) co_return std::move(page);
    std::string& bound = range.reverse ? range.hi : range.lo;
    SLUICE_ASSERT(range.reverse ? *page.next < bound : bound < *page.next);
    bound = *std::move(page.next);
  }
  co_return KvPage{};
}

std::size_t Transaction::erased_in(const KvRange& range) const {
  std::size_t erased = 0;
  const auto end = mutations_.lower_bound(range.hi);
  for (auto it = mutations_.lower_bound(range.lo); it != end; ++it) {
    erased += it->second.value ? 0U : 1U;
  }
  return erased;
}

// The page as it will be once the writes are committed.
KvPage Transaction::overlay(const KvRange& range, KvPage page) const {
  KvRange covered = range;  // What the page speaks of.
  if (page.next) (range.reverse ? covered.lo : covered.hi) = *page.next;
  const auto begin = mutations_.lower_bound(covered.lo);
  const auto end = mutations_.lower_bound(covered.hi);
  if (begin != end) {
    auto& rows = page.rows;
    const auto is_written = [&](const KvRow& row) { return mutations_.contains(row.key); };
    rows.erase(std::remove_if(rows.begin(), rows.end(), is_written), rows.end());
    for (auto it = begin; it != end; ++it) {
      SLUICE_ASSERT(is_in(range, it->first));
      if (!it->second.value) continue;
      rows.push_back({.key = it->first, .entry = {.value = *it->second.value, .version = {}}});
    }
    sort(rows, [&](const KvRow& a, const KvRow& b) {
      return range.reverse ? b.key < a.key : a.key < b.key;
    });
  }
  cut(page, range);
  return page;
}

void Transaction::put(std::string key, Bytes value, std::optional<Instant> expiry) {
  if (value.size() > kValueSizeMax) return break_with(Errc::kTooBig, "a value is too large");
  add(std::move(key), Write{.value = std::move(value), .expiry = expiry});
}

void Transaction::erase(std::string key) { add(std::move(key), Write{}); }

void Transaction::add(std::string key, Write write) {
  SLUICE_ASSERT(!spent_);
  if (!is_key(key)) return break_with(Errc::kBadArgument, "a key is not of the allowed form");
  const std::size_t size = key.size() + (write.value ? write.value->size() : 0);
  const auto found = mutations_.find(key);
  if (found != mutations_.end()) {
    cost_.bytes -= found->first.size() + (found->second.value ? found->second.value->size() : 0);
    found->second = std::move(write);
  } else {
    mutations_.emplace(std::move(key), std::move(write));
    ++cost_.mutations;
  }
  cost_.bytes += size;
}

void Transaction::check(std::string key, Bytes version) {
  if (version.empty() || version.size() > kVersionSizeMax) {
    return break_with(Errc::kBadArgument, "a check needs the version of a stored row");
  }
  add_check(std::move(key), std::move(version));
}

void Transaction::check_absent(std::string key) { add_check(std::move(key), std::nullopt); }

void Transaction::add_check(std::string key, std::optional<Bytes> version) {
  SLUICE_ASSERT(!spent_);
  if (!is_key(key)) return break_with(Errc::kBadArgument, "a key is not of the allowed form");
  const std::size_t size = key.size() + (version ? version->size() : 0);
  const auto [found, inserted] = checks_.emplace(std::move(key), version);
  if (!inserted) {
    if (found->second != version)
      break_with(Errc::kBadArgument, "two checks contradict each other");
    return;
  }
  ++cost_.checks;
  cost_.bytes += size;
}

void Transaction::break_with(Errc code, std::string_view context) {
  if (!broken_) broken_ = Error{code, context};
}

void Transaction::wake_by(Instant t) {
  switch (wake_.kind) {
    case Wake::Kind::kKeep: wake_ = {.kind = Wake::Kind::kBy, .at = t}; break;
    case Wake::Kind::kNever: wake_ = {.kind = Wake::Kind::kAt, .at = t}; break;
    case Wake::Kind::kBy:
    case Wake::Kind::kAt: wake_.at = std::min(wake_.at, t); break;
  }
}

void Transaction::wake_at(std::optional<Instant> t) {
  wake_.kind = t ? Wake::Kind::kAt : Wake::Kind::kNever;
  wake_.at = t.value_or(Instant{});
}

bool Transaction::fits(const Cost& more) const {
  return cost_.mutations + more.mutations <= kBudgetMutations &&
         cost_.checks + more.checks <= kBudgetChecks && cost_.bytes + more.bytes <= kBudgetBytes;
}

KvCommit Transaction::take_commit() {
  KvCommit commit;
  commit.checks.reserve(checks_.size());
  while (!checks_.empty()) {
    auto check = checks_.extract(checks_.begin());
    commit.checks.push_back({.key = std::move(check.key()), .version = std::move(check.mapped())});
  }
  commit.mutations.reserve(mutations_.size() + 1);  // One more: the store's own.
  while (!mutations_.empty()) {
    auto write = mutations_.extract(mutations_.begin());
    commit.mutations.push_back({.key = std::move(write.key()),
                                .value = std::move(write.mapped().value),
                                .expiry = write.mapped().expiry});
  }
  commit.wake = wake_;
  return commit;
}

Task<Result<Outcome>> Transaction::commit() {
  SLUICE_ASSERT(!spent_);
  spent_ = true;
  const Lock::Hold turn = std::move(hold_);
  if (broken_) co_return *broken_;
  if (mutations_.empty() && wake_.kind == Wake::Kind::kKeep) co_return Outcome::kCommitted;
  if (cost_.mutations > kOwnMutationsMax || cost_.checks > kOwnChecksMax ||
      cost_.bytes > kOwnBytesMax) {
    co_return Error{Errc::kTooBig, "a commit is larger than the contract allows"};
  }
  KvCommit commit = take_commit();
  co_return co_await store_->send(std::move(commit));
}

}  // namespace sluice::store
