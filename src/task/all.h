// Runs several tasks side by side inside one task and waits for all of them.
//
// The children share the parent's task id, so their operations belong to it. The results keep the
// order of the tasks. Dropping the parent drops every child.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "task/scheduler.h"

namespace sluice::inline task {

namespace detail {

template <class T>
Task<void> run_one(Task<T> task, std::optional<T>& slot, std::size_t& left, Waiter& done) {
  slot.emplace(co_await std::move(task));
  if (--left == 0) done.wake();
}

}  // namespace detail

template <class T>
Task<std::vector<T>> all(Scheduler& scheduler, std::vector<Task<T>> tasks) {
  std::vector<std::optional<T>> slots(tasks.size());
  std::size_t left = tasks.size();
  Waiter done(scheduler);
  std::vector<Task<void>> running;
  running.reserve(tasks.size());
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    running.push_back(detail::run_one(std::move(tasks[i]), slots[i], left, done));
    running.back().start();
  }
  if (left != 0) co_await done;
  std::vector<T> results;
  results.reserve(slots.size());
  for (auto& slot : slots) results.push_back(std::move(*slot));
  co_return results;
}

}  // namespace sluice::inline task
