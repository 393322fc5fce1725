// Task<T> is a coroutine that has not run yet: lazy, move-only, single-threaded, awaited once.
//
// An awaited task runs at once, and its parent suspends only if the task did. So a chain of a
// million ready awaits needs neither stack nor tail calls, which wasm lacks. Dropping a task
// destroys its frame where it stands: clean-up is a destructor.
//
// Parameters of a coroutine are values, or references to objects that outlive it; a reference to
// a caller's temporary dangles after the first suspension. And no temporary is constructed inside
// a `co_await` operand: GCC 12 destroys it twice. Name it, then move it in.
#pragma once

#include <coroutine>
#include <optional>
#include <utility>

#include "base/assert.h"

namespace sluice::inline task {

template <class T>
class Task;

class PromiseBase {
 public:
  struct FinalAwaiter {
    bool await_ready() const noexcept { return false; }
    // `used` keeps the signature as it is written: where the promise's type is local to a file,
    // clang 14 drops the unused `this`, takes what is left for a resume function, and asks for
    // tail calls, which wasm lacks.
    template <class Promise>
    [[gnu::noinline, gnu::used]] void await_suspend(
        std::coroutine_handle<Promise> self) const noexcept {
      PromiseBase& promise = self.promise();
      if (promise.starting_ || !promise.parent_) return;
      promise.parent_.resume();
    }
    void await_resume() const noexcept {}
  };

  std::suspend_always initial_suspend() const noexcept { return {}; }
  FinalAwaiter final_suspend() const noexcept { return {}; }
  [[noreturn]] void unhandled_exception() const noexcept { __builtin_trap(); }

 private:
  template <class T>
  friend class Task;

  std::coroutine_handle<> parent_;
  bool starting_ = false;  // Inside the parent's await: finishing then must not resume it.
};

template <class T>
class Promise : public PromiseBase {
 public:
  Task<T> get_return_object();
  template <class U>
  void return_value(U&& value) {
    value_.emplace(std::forward<U>(value));
  }
  T take() {
    SLUICE_ASSERT(value_.has_value());
    return std::move(*value_);
  }

 private:
  std::optional<T> value_;
};

template <>
class Promise<void> : public PromiseBase {
 public:
  Task<void> get_return_object();
  void return_void() const noexcept {}
  void take() const noexcept {}
};

template <class T>
class [[nodiscard]] Task {
 public:
  using promise_type = Promise<T>;

  Task() = default;
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      destroy();
      handle_ = std::exchange(other.handle_, {});
    }
    return *this;
  }
  ~Task() { destroy(); }

  // Runs a root task until its first suspension.
  void start() {
    SLUICE_ASSERT(handle_ && !handle_.done());
    handle_.resume();
  }
  [[nodiscard]] bool done() const { return handle_ && handle_.done(); }
  [[nodiscard]] bool is_empty() const { return !handle_; }

  // The result of a root task that is done.
  T take() {
    SLUICE_ASSERT(done());
    return handle_.promise().take();
  }

  auto operator co_await() && {
    struct Awaiter {
      std::coroutine_handle<promise_type> child;
      bool await_ready() const noexcept { return false; }
      [[gnu::noinline]] bool await_suspend(std::coroutine_handle<> parent) noexcept {
        PromiseBase& promise = child.promise();
        promise.parent_ = parent;
        promise.starting_ = true;
        child.resume();
        if (child.done()) return false;
        promise.starting_ = false;
        return true;
      }
      T await_resume() { return child.promise().take(); }
    };
    SLUICE_ASSERT(handle_ && !handle_.done());
    return Awaiter{handle_};
  }

 private:
  friend class Promise<T>;
  explicit Task(std::coroutine_handle<promise_type> handle) : handle_(handle) {}

  void destroy() {
    if (handle_) std::exchange(handle_, {}).destroy();
  }

  std::coroutine_handle<promise_type> handle_;
};

template <class T>
Task<T> Promise<T>::get_return_object() {
  return Task<T>(std::coroutine_handle<Promise<T>>::from_promise(*this));
}
inline Task<void> Promise<void>::get_return_object() {
  return Task<void>(std::coroutine_handle<Promise<void>>::from_promise(*this));
}

}  // namespace sluice::inline task
