#include "wasm/call.h"

#include <vector>

namespace sluice::wasm {
namespace {

// The result's bytes, or nothing when the host does not have them.
std::optional<Bytes> take(sluice_op op, std::uint32_t size) {
  Bytes bytes(size, '\0');
  if (size == 0) return bytes;
  const std::int32_t taken = sluice_op_take(op, bytes.data(), size);
  if (taken < 0 || static_cast<std::uint32_t>(taken) != size) return std::nullopt;
  return bytes;
}

Completion completion_of(sluice_op op, std::int32_t status, std::uint32_t size) {
  std::optional<Bytes> bytes = take(op, size);
  if (!bytes) return {.status = SLUICE_ERROR_UNKNOWN_OUTCOME, .bytes = {}};
  return {.status = status, .bytes = std::move(*bytes)};
}

}  // namespace

Error error_of(std::int32_t status) {
  switch (status) {
    case SLUICE_ERROR_BAD_ARG: return {Errc::kBadArgument, "host"};
    case SLUICE_ERROR_TOO_BIG: return {Errc::kTooBig, "host"};
    case SLUICE_ERROR_NO_CAP: return {Errc::kNoCapability, "host"};
    case SLUICE_ERROR_OVERLOADED: return {Errc::kOverloaded, "host"};
    case SLUICE_ERROR_UNKNOWN_OUTCOME: return {Errc::kUnknownOutcome, "host"};
    case SLUICE_ERROR_BLOCKED: return {Errc::kBlocked, "host"};
    case SLUICE_ERROR_TIMEOUT: return {Errc::kTimeout, "host"};
    case SLUICE_ERROR_CANCELLED: return {Errc::kCancelled, "host"};
    case SLUICE_ERROR_BUDGET: return {Errc::kBudget, "host"};
    case SLUICE_ERROR_FULL: return {Errc::kFull, "host"};
    case SLUICE_ERROR_NOT_OWNER: return {Errc::kNotOwner, "host"};
    default: return {Errc::kIo, "host"};
  }
}

Call::Call(Calls& calls, OnCancel on_cancel, Import import, Bytes frame)
    : calls_(calls), task_(calls.scheduler_.current()), on_cancel_(on_cancel) {
  if (on_cancel != OnCancel::kFinish && calls.cancelled_.contains(task_)) {
    ready_ = Completion{.status = SLUICE_ERROR_CANCELLED, .bytes = {}};
    return;
  }
  sluice_hdr hdr{};
  const auto size = static_cast<std::uint32_t>(frame.size());
  const std::int32_t answer = import(task_, frame.data(), size, &hdr);
  if (answer == SLUICE_READY) {
    ready_ = completion_of(hdr.op, hdr.status, hdr.len);
  } else if (answer == SLUICE_PENDING) {
    const bool inserted = calls_.pending_.emplace(hdr.op, this).second;
    SLUICE_ASSERT(inserted);
    operation_.emplace(calls_.scheduler_, [this, op = hdr.op] { let_go(op); });
  } else {
    SLUICE_ASSERT(answer < 0);
    ready_ = Completion{.status = answer, .bytes = {}};
  }
}

void Call::let_go(sluice_op op) {
  calls_.pending_.erase(op);
  sluice_op_cancel(op);
}

std::optional<TaskId> Calls::complete(sluice_op op, std::int32_t status, std::uint32_t size) {
  const auto found = pending_.find(op);
  if (found == pending_.end()) return std::nullopt;
  Call& call = *found->second;
  pending_.erase(found);
  const TaskId task = call.task_;
  call.operation_->complete(completion_of(op, status, size));
  return task;
}

void Calls::cancel(TaskId task) {
  cancelled_.insert(task);
  std::vector<sluice_op> ended;
  for (const auto& [op, call] : pending_) {
    if (call->task_ == task && call->on_cancel_ == OnCancel::kRefuseOrEnd) ended.push_back(op);
  }
  for (const sluice_op op : ended) {
    Call& call = *pending_.at(op);
    call.let_go(op);
    call.operation_->complete({.status = SLUICE_ERROR_CANCELLED, .bytes = {}});
  }
}

}  // namespace sluice::wasm
