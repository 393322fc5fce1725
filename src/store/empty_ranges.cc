#include "store/empty_ranges.h"

#include <algorithm>

namespace sluice::store {

bool EmptyRanges::contains(std::string_view lo, std::string_view hi) {
  const auto found = std::find_if(ranges_.begin(), ranges_.end(), [&](const Range& range) {
    return range.lo <= lo && hi <= range.hi;
  });
  if (found == ranges_.end()) return false;
  std::rotate(found, found + 1, ranges_.end());
  return true;
}

void EmptyRanges::add(std::string_view lo, std::string_view hi) {
  if (lo >= hi || contains(lo, hi)) return;
  std::erase_if(ranges_, [&](const Range& range) { return lo <= range.lo && range.hi <= hi; });
  if (ranges_.size() == kRangesMax) ranges_.erase(ranges_.begin());
  ranges_.push_back({.lo = std::string(lo), .hi = std::string(hi)});
}

void EmptyRanges::forget(std::string_view key) {
  std::erase_if(ranges_, [&](const Range& range) { return range.lo <= key && key < range.hi; });
}

}  // namespace sluice::store
