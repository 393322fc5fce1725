// Sorting in place by little code: each std::sort brings two to ten kilobytes of introsort into the
// module for every type and order it is used with, and no list here is long. O(n log n) always;
// equals may change places.
#pragma once

#include <algorithm>
#include <functional>

namespace sluice {

template <typename Range, typename Less = std::less<>>
void sort(Range& range, const Less& less = {}) {
  std::make_heap(range.begin(), range.end(), less);
  std::sort_heap(range.begin(), range.end(), less);
}

}  // namespace sluice
