// One operation that a host completes later, awaited by the task that started it.
//
// The operation lives in the awaiting coroutine's frame. A host keeps a pointer to it in its
// table and takes it out in `on_drop`, which runs when the frame is destroyed before the end; so
// a late completion finds nothing to resume.
//
//   Operation<Bytes> operation(scheduler, [this, op] { table_.erase(op); });
//   table_[op] = &operation;
//   Bytes bytes = co_await operation;          // ... elsewhere: table_[op]->complete(bytes)
#pragma once

#include <functional>
#include <optional>
#include <utility>

#include "task/scheduler.h"

namespace sluice::inline task {

template <class T>
class Operation {
 public:
  Operation(Scheduler& scheduler, std::function<void()> on_drop)
      : waiter_(scheduler), on_drop_(std::move(on_drop)) {}
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;
  ~Operation() {
    if (!result_ && on_drop_) on_drop_();
  }

  // Hands over the result, once. The waiter goes on when its task runs next.
  void complete(T result) {
    SLUICE_ASSERT(!result_);
    result_.emplace(std::move(result));
    waiter_.wake();
  }

  bool await_ready() const noexcept { return waiter_.await_ready(); }
  void await_suspend(std::coroutine_handle<> handle) noexcept { waiter_.await_suspend(handle); }
  T await_resume() {
    SLUICE_ASSERT(result_.has_value());
    return std::move(*result_);
  }

 private:
  Waiter waiter_;
  std::function<void()> on_drop_;
  std::optional<T> result_;
};

}  // namespace sluice::inline task
