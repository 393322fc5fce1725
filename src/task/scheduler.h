// Runs tasks on one thread: each task has its own queue of waiters that may go on.
//
//   host completes an operation --> Waiter::wake --> queue of the waiter's own task
//                                                     `- run(task) resumes them in order
//
// A waiter is never resumed inline from somebody else's completion. In a cell every entry runs
// all queues (`run_all`); in the front only the task that the event belongs to (`run`), because
// there I/O belongs to a request.
#pragma once

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>

#include "task/task.h"

namespace sluice::inline task {

using TaskId = std::uint32_t;  // 0 is no task.

class Waiter;

class Scheduler {
 public:
  Scheduler();
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;
  ~Scheduler();

  // Takes `body` as the task `id`, which must be free. Nothing runs before `run` or `run_all`.
  void spawn(TaskId id, Task<void> body);

  // Resumes the task's runnable waiters until there are none. Unknown tasks are ignored.
  void run(TaskId id);

  // Does so for every task, in order of their ids, until none is runnable.
  void run_all();

  // Destroys the task where it stands; its awaiters clean up in their destructors.
  void drop(TaskId id);

  [[nodiscard]] bool is_live(TaskId id) const { return roots_.contains(id); }
  [[nodiscard]] std::size_t live() const { return roots_.size(); }

  // The task that runs right now; 0 between runs.
  [[nodiscard]] TaskId current() const { return current_; }

 private:
  friend class Waiter;
  struct Root;

  void step(TaskId id, Root& root);
  void enqueue(TaskId id, Waiter& waiter);
  void forget(TaskId id, Waiter& waiter);

  std::map<TaskId, std::unique_ptr<Root>> roots_;
  TaskId current_ = 0;
};

// An awaitable that suspends until `wake`. It takes itself out of every queue when destroyed, so
// a dropped task is never resumed. Awaited once.
class Waiter {
 public:
  explicit Waiter(Scheduler& scheduler) : scheduler_(scheduler) {}
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
  ~Waiter();

  // Marks the waiter as done. Its task resumes it on its next run; harmless when repeated.
  void wake();

  [[nodiscard]] bool is_woken() const { return woken_; }

  bool await_ready() const noexcept { return woken_; }
  void await_suspend(std::coroutine_handle<> handle) noexcept;
  void await_resume() const noexcept {}

 private:
  friend class Scheduler;

  Scheduler& scheduler_;
  std::coroutine_handle<> handle_;
  TaskId task_ = 0;
  bool woken_ = false;
  bool queued_ = false;
};

}  // namespace sluice::inline task
