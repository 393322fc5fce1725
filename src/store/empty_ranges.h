// Ranges of keys in which nothing is stored: what a cell need not ask its store again.
//
// Most timer ranges are empty most of the time, and each look at one is a call to the host. What
// is known here stays true because every write of the cell goes through its one store: a range is
// forgotten before a key in it is sent. Another owner's writes are not seen; but an owner that was
// overtaken commits nothing any more, so what it fails to read changes nothing.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::store {

class EmptyRanges {
 public:
  static constexpr std::size_t kRangesMax = 16;  // The one that is longest unused makes room.

  // Whether [lo, hi) is known to be empty.
  [[nodiscard]] bool contains(std::string_view lo, std::string_view hi);
  void add(std::string_view lo, std::string_view hi);

  // A row of that key may exist from now on.
  void forget(std::string_view key);
  void clear() { ranges_.clear(); }

 private:
  struct Range {
    std::string lo;
    std::string hi;
  };

  std::vector<Range> ranges_;  // The last used is the last.
};

}  // namespace sluice::store
