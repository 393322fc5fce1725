// For tests of tables: one cell's store in a simulated world, a transaction at a time.
#pragma once

#include <functional>
#include <optional>
#include <utility>

#include "sim/world.h"
#include "store/store.h"

namespace sluice::sim {

template <class T>
using TableWork = std::function<Task<Result<T>>(store::Transaction&)>;

template <class T>
Task<Result<T>> booted(Host& host, TableWork<T> body) {
  store::Store store(host);
  SLUICE_CO_TRY(co_await store.open());
  SLUICE_CO_TRY(auto transaction, co_await store.begin());
  auto result = co_await body(transaction);
  if (!result.has_value()) co_return result;
  SLUICE_CO_TRY(const auto outcome, co_await transaction.commit());
  if (outcome == store::Outcome::kConflict) co_return Error{Errc::kConflict, "lost a race"};
  co_return result;
}

template <class T>
Task<void> keep(Task<Result<T>> work, std::optional<Result<T>>& result) {
  result = co_await std::move(work);
}

struct TableCell {
  // Runs `body` in a transaction, and commits what it wrote.
  template <class T>
  Result<T> in(TableWork<T> body) {
    std::optional<Result<T>> result;
    Node* node = world.node("main.0");
    (void)world.run_task("main.0", keep<T>(booted<T>(*node, std::move(body)), result));
    if (!result) return Error{Errc::kIo, "the task did not end"};
    return *std::move(result);
  }

  World world{1, {}};
};

}  // namespace sluice::sim
