// For tests of tables: one cell's store in a simulated world, a transaction at a time.
#pragma once

#include <functional>
#include <optional>
#include <utility>

#include "doctest/doctest.h"
#include "sim/world.h"
#include "store/store.h"

namespace sluice::tables::test {

template <class T>
using Body = std::function<Task<Result<T>>(store::Transaction&)>;

template <class T>
Task<void> boot_and_run(Host& host, Body<T> body, std::optional<Result<T>>& result) {
  store::Store store(host);
  const auto opened = co_await store.open();
  CHECK(opened.has_value());
  auto transaction = co_await store.begin();
  CHECK(transaction.has_value());
  if (!transaction.has_value()) co_return;
  result = co_await body(*transaction);
  const auto committed = co_await transaction->commit();
  CHECK(committed.has_value());
}

struct Cell {
  // Runs `body` in a transaction, and commits what it wrote.
  template <class T>
  Result<T> in(Body<T> body) {
    std::optional<Result<T>> result;
    sim::Node* node = world.node("main.0");
    (void)world.run_task("main.0", boot_and_run<T>(*node, std::move(body), result));
    CHECK(result.has_value());
    if (!result) return Error{Errc::kIo, "the task did not end"};
    return *std::move(result);
  }

  sim::World world{1, {}};
};

}  // namespace sluice::tables::test
