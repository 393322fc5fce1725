// An operation of an engine that the world finishes later, or never.
//
// The handle outlives the engine: a late answer finds no operation and changes nothing.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "sim/node.h"
#include "task/operation.h"

namespace sluice::sim {

template <class T>
struct Wait {
  Operation<T>* operation = nullptr;
  Node* node = nullptr;
  TaskId task = 0;
};

template <class T>
using WaitPtr = std::shared_ptr<Wait<T>>;

template <class T>
Task<T> wait(Node& node, std::function<void(WaitPtr<T>)> start) {
  auto handle = std::make_shared<Wait<T>>();
  handle->node = &node;
  handle->task = node.scheduler().current();
  Operation<T> operation(node.scheduler(), [handle] { handle->operation = nullptr; });
  handle->operation = &operation;
  if (!node.is_dying()) start(handle);
  T result = co_await operation;
  co_return std::move(result);
}

// The engine may be gone when this returns.
template <class T>
void finish(const WaitPtr<T>& handle, T result) {
  if (handle->operation == nullptr) return;
  std::exchange(handle->operation, nullptr)->complete(std::move(result));
  handle->node->run(handle->task);
}

}  // namespace sluice::sim
