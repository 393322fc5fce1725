// A list that stands where it is declared and never allocates: room for so many items, of which
// only those that were added are constructed.
//
// For what a request is taken apart into: the bound is the format's, and most requests have one or
// two of up to 48. Adding beyond the bound is a mistake of the program, and ends it.
#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

#include "base/assert.h"

namespace sluice {

template <typename T, std::size_t kMax>
class BoundedList {
 public:
  BoundedList() {}  // Not `= default`: that would fill the room with zeros.
  BoundedList(BoundedList&& other) noexcept {
    for (T& item : other) push_back(std::move(item));
  }
  BoundedList(const BoundedList&) = delete;
  BoundedList& operator=(const BoundedList&) = delete;
  BoundedList& operator=(BoundedList&&) = delete;
  ~BoundedList() {
    if constexpr (!std::is_trivially_destructible_v<T>) std::destroy(begin(), end());
  }

  void push_back(T item) {
    SLUICE_ASSERT(size_ < kMax);
    std::construct_at(items_ + size_, std::move(item));
    ++size_;
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] T* begin() { return items_; }
  [[nodiscard]] T* end() { return items_ + size_; }
  [[nodiscard]] const T* begin() const { return items_; }
  [[nodiscard]] const T* end() const { return items_ + size_; }

 private:
  union {
    T items_[kMax];
  };
  std::size_t size_ = 0;
};

}  // namespace sluice
