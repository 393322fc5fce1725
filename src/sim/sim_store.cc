#include "sim/sim_store.h"

#include <algorithm>
#include <iterator>

#include "base/assert.h"
#include "base/id.h"

namespace sluice::sim {
namespace {

void assert_limits(const KvCommit& commit) {
  SLUICE_ASSERT(commit.checks.size() <= kChecksMax && commit.mutations.size() <= kMutationsMax);
  SLUICE_ASSERT(commit.commit_id.size() == 16);
  std::size_t bytes = 0;
  for (const KvMutation& mutation : commit.mutations) {
    const std::size_t value = mutation.value ? mutation.value->size() : 0;
    SLUICE_ASSERT(!mutation.key.empty() && mutation.key.size() <= kKeySizeMax);
    SLUICE_ASSERT(value <= kValueSizeMax);
    bytes += mutation.key.size() + value;
  }
  SLUICE_ASSERT(bytes <= kCommitBytesMax);
}

}  // namespace

std::optional<KvEntry> SimStore::get(const std::string& key) const {
  const auto found = rows_.find(key);
  if (found == rows_.end()) return std::nullopt;
  return found->second;
}

KvPage SimStore::range(const KvRange& range) const {
  SLUICE_ASSERT(range.limit >= 1 && range.limit <= kRangeRowsMax);
  KvPage page;
  if (range.hi <= range.lo) return page;
  const auto lo = rows_.lower_bound(range.lo);
  const auto hi = rows_.lower_bound(range.hi);
  std::size_t bytes = 0;
  auto forth = lo;
  auto back = hi;
  while (range.reverse ? back != lo : forth != hi) {
    const auto& row = range.reverse ? *std::prev(back) : *forth;
    bytes += row.first.size() + row.second.value.size();
    const bool full = page.rows.size() == range.limit || bytes > kRangeBytesMax;
    if (full && !page.rows.empty()) {
      page.next = range.reverse ? page.rows.back().key : row.first;
      break;
    }
    page.rows.push_back({.key = row.first, .entry = row.second});
    range.reverse ? static_cast<void>(--back) : static_cast<void>(++forth);
  }
  return page;
}

KvOutcome SimStore::apply(const KvCommit& commit, Durability durability) {
  assert_limits(commit);
  for (std::size_t i = 0; i < commit.checks.size(); ++i) {
    const KvCheck& check = commit.checks[i];
    const auto found = rows_.find(check.key);
    const bool holds = check.version
                           ? found != rows_.end() && found->second.version == *check.version
                           : found == rows_.end();
    if (!holds) return {.conflict = static_cast<std::uint32_t>(i)};
  }
  Undo undo{.rows = {}, .wake = wake_};
  for (const KvMutation& mutation : commit.mutations) {
    if (durability == Durability::kWithFlush) {
      undo.rows.emplace_back(mutation.key, get(mutation.key));
    }
    if (mutation.value) {
      rows_.insert_or_assign(mutation.key,
                             KvEntry{.value = *mutation.value, .version = next_version()});
    } else {
      rows_.erase(mutation.key);
    }
  }
  move_wake(commit.wake);
  if (durability == Durability::kWithFlush) tail_.push_back(std::move(undo));
  return {};
}

void SimStore::move_wake(const Wake& wake) {
  switch (wake.kind) {
    case Wake::Kind::kKeep: break;
    case Wake::Kind::kBy: wake_ = wake_ ? std::min(*wake_, wake.at) : wake.at; break;
    case Wake::Kind::kAt: wake_ = wake.at; break;
    case Wake::Kind::kNever: wake_.reset(); break;
  }
}

void SimStore::lose_tail(std::size_t kept) {
  while (tail_.size() > kept) {
    Undo undo = std::move(tail_.back());
    tail_.pop_back();
    for (auto it = undo.rows.rbegin(); it != undo.rows.rend(); ++it) {
      if (it->second) {
        rows_.insert_or_assign(it->first, std::move(*it->second));
      } else {
        rows_.erase(it->first);
      }
    }
    wake_ = undo.wake;
  }
  tail_.clear();
}

void SimStore::put(const std::string& key, Bytes value) {
  rows_.insert_or_assign(key, KvEntry{.value = std::move(value), .version = next_version()});
}

std::size_t SimStore::count(std::string_view prefix) const {
  std::size_t rows = 0;
  for (auto it = rows_.lower_bound(std::string(prefix)); it != rows_.end(); ++it, ++rows) {
    if (it->first.compare(0, prefix.size(), prefix) != 0) break;
  }
  return rows;
}

Bytes SimStore::next_version() { return Bytes(fixed_hex(++version_)); }

}  // namespace sluice::sim
