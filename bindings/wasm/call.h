// One call of an import that answers now or later, awaited by the task that makes it.
//
//   Call call(calls, sluice_kv_get, write_kv_get(keys));
//   const Completion completion = co_await call;      // does not suspend when READY
//
// A pending call lives in its coroutine's frame. Dropping the frame lets the operation go, so a
// late completion finds nothing to resume.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "abi/sluice_abi.h"
#include "base/bytes.h"
#include "base/result.h"
#include "task/operation.h"

namespace sluice::wasm {

using Import = std::int32_t (*)(sluice_task, const void*, std::uint32_t, sluice_hdr*);

struct Completion {
  std::int32_t status = 0;
  Bytes bytes;
};

// The error that a negative status stands for; kIo for one that is not known here.
[[nodiscard]] Error error_of(std::int32_t status);

// Whether a task that has been cancelled may still wait for a call.
enum class OnCancel : std::uint8_t {
  kFinish,      // Commits and reads.
  kRefuse,      // Calls to cells: a new one is refused, one under way is awaited.
  kRefuseOrEnd  // HTTP: one under way ends as well.
};

class Call;

// The table of pending calls and of cancelled tasks.
class Calls {
 public:
  explicit Calls(Scheduler& scheduler) : scheduler_(scheduler) {}
  Calls(const Calls&) = delete;
  Calls& operator=(const Calls&) = delete;

  // Takes the result, wakes the waiter, and says whose it is. Nothing when nobody waits for `op`.
  [[nodiscard]] std::optional<TaskId> complete(sluice_op op, std::int32_t status,
                                               std::uint32_t size);

  void cancel(TaskId task);
  // The task has ended, so its number may be used again.
  void forget(TaskId task) { cancelled_.erase(task); }

 private:
  friend class Call;

  Scheduler& scheduler_;
  std::map<sluice_op, Call*> pending_;
  std::set<TaskId> cancelled_;
};

class Call {
 public:
  Call(Calls& calls, OnCancel on_cancel, Import import, Bytes frame);
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;
  ~Call() = default;

  bool await_ready() const noexcept { return ready_.has_value() || operation_->await_ready(); }
  void await_suspend(std::coroutine_handle<> handle) noexcept { operation_->await_suspend(handle); }
  Completion await_resume() { return ready_ ? std::move(*ready_) : operation_->await_resume(); }

 private:
  friend class Calls;

  void let_go(sluice_op op);

  Calls& calls_;
  TaskId task_;
  OnCancel on_cancel_;
  std::optional<Completion> ready_;
  std::optional<Operation<Completion>> operation_;
};

}  // namespace sluice::wasm
