#include "task/scheduler.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/assert.h"

namespace sluice::inline task {

struct Scheduler::Root {
  // A queue of few. Before `body`: its awaiters leave it as they die.
  std::vector<Waiter*> runnable;
  Task<void> body;
  bool started = false;
  bool running = false;
  bool dropped = false;
};

Scheduler::Scheduler() = default;

Scheduler::~Scheduler() {
  while (!roots_.empty()) drop(roots_.begin()->first);
}

void Scheduler::spawn(TaskId id, Task<void> body) {
  SLUICE_ASSERT(id != 0);
  auto root = std::make_unique<Root>();
  root->body = std::move(body);
  const bool inserted = roots_.emplace(id, std::move(root)).second;
  SLUICE_ASSERT(inserted);
}

void Scheduler::run(TaskId id) {
  const auto found = roots_.find(id);
  if (found == roots_.end()) return;
  step(id, *found->second);
}

void Scheduler::run_all() {
  // A pass may make earlier tasks runnable (a lock is handed on), so passes repeat. Each pass
  // resumes at least one waiter, and waiters are finite: every loop that awaits has a bound.
  for (bool progressed = true; progressed;) {
    progressed = false;
    for (auto it = roots_.begin(); it != roots_.end();) {
      const TaskId id = it->first;
      Root& root = *it->second;
      if (root.running || (root.started && root.runnable.empty())) {
        ++it;
        continue;
      }
      step(id, root);
      progressed = true;
      it = roots_.upper_bound(id);
    }
  }
}

void Scheduler::step(TaskId id, Root& root) {
  SLUICE_ASSERT(!root.running);
  const TaskId outer = std::exchange(current_, id);
  root.running = true;
  if (!root.started) {
    root.started = true;
    root.body.start();
  }
  while (!root.dropped && !root.runnable.empty()) {
    Waiter& waiter = *root.runnable.front();
    root.runnable.erase(root.runnable.begin());
    waiter.queued_ = false;
    std::exchange(waiter.handle_, {}).resume();
  }
  root.running = false;
  current_ = outer;
  if (root.dropped || root.body.done()) drop(id);
}

void Scheduler::drop(TaskId id) {
  const auto found = roots_.find(id);
  if (found == roots_.end()) return;
  if (found->second->running) {  // Never under its own feet: `step` drops it when it returns.
    found->second->dropped = true;
    return;
  }
  const auto root = std::move(found->second);
  root->body = Task<void>();  // Awaiters of the frames reach the queue through the map.
  roots_.erase(found);
}

void Scheduler::enqueue(TaskId id, Waiter& waiter) {
  const auto found = roots_.find(id);
  if (found == roots_.end() || found->second == nullptr) return;  // Its task is being dropped.
  found->second->runnable.push_back(&waiter);
}

void Scheduler::forget(TaskId id, Waiter& waiter) {
  const auto found = roots_.find(id);
  if (found == roots_.end() || found->second == nullptr) return;
  auto& runnable = found->second->runnable;
  runnable.erase(std::remove(runnable.begin(), runnable.end(), &waiter), runnable.end());
}

Waiter::~Waiter() {
  if (queued_) scheduler_.forget(task_, *this);
}

void Waiter::await_suspend(std::coroutine_handle<> handle) noexcept {
  SLUICE_ASSERT(!handle_ && scheduler_.current_ != 0);
  handle_ = handle;
  task_ = scheduler_.current_;
}

void Waiter::wake() {
  if (std::exchange(woken_, true) || !handle_) return;
  queued_ = true;
  scheduler_.enqueue(task_, *this);
}

}  // namespace sluice::inline task
