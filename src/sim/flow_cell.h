// For tests of flows: a cell in a simulated world, without an engine around it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "flow/cell.h"
#include "flow/slice.h"
#include "manifest/parse.h"
#include "sim/world.h"
#include "tables/log.h"

namespace sluice::sim {

template <class T>
using CellWork = std::function<Task<Result<T>>(flow::Cell&)>;

// Boots the cell, then works. References live as long as the world runs the task.
template <class T>
Task<void> boot_and_work(Host& host, const manifest::Manifest& manifest, std::string installation,
                         CellWork<T> work, std::optional<Result<T>>& result) {
  store::Store store(host);
  const auto opened = co_await store.open();
  if (!opened.has_value()) {
    result = opened.error();
    co_return;
  }
  tables::Numbering numbering(host.random());
  {
    auto transaction = co_await store.begin();
    if (!transaction.has_value()) {
      result = transaction.error();
      co_return;
    }
    const auto seeded = co_await numbering.seed(*transaction);
    const Id drawn{.seq = host.random().number(), .random = host.random().number()};
    std::string stream(tables::kEventStream);
    const auto history = co_await tables::Log::open(*transaction, std::move(stream), drawn);
    const auto committed = co_await transaction->commit();
    if (!seeded.has_value() || !history.has_value() || !committed.has_value()) {
      result = Error{Errc::kIo, "the boot failed"};
      co_return;
    }
  }
  Prng jitter(host.random().number());
  flow::Cell cell{.name = flow::cell_of(installation),
                  .installation = installation,
                  .host = host,
                  .store = store,
                  .numbering = numbering,
                  .jitter = jitter,
                  .manifest = manifest};
  result = co_await work(cell);
}

// The result, or nothing where the engine died.
template <class T>
std::optional<Result<T>> work_on(World& world, const manifest::Manifest& manifest,
                                 const std::string& installation, CellWork<T> work) {
  std::optional<Result<T>> result;
  Node* node = world.node(flow::cell_of(installation));
  if (node == nullptr) return result;
  const bool ended =
      world.run_task(flow::cell_of(installation),
                     boot_and_work<T>(*node, manifest, installation, std::move(work), result));
  if (!ended) return std::nullopt;
  return result;
}

// Reads in a transaction of its own that commits what the reading wrote, if anything.
template <class T>
Task<Result<T>> in_transaction(flow::Cell& cell,
                               std::function<Task<Result<T>>(store::Transaction&)> body) {
  SLUICE_CO_TRY(auto transaction, co_await cell.store.begin());
  SLUICE_CO_TRY(auto value, co_await body(transaction));
  SLUICE_CO_TRY(const auto outcome, co_await transaction.commit());
  if (outcome == store::Outcome::kConflict) co_return Error{Errc::kConflict, "lost a race"};
  co_return std::move(value);
}

}  // namespace sluice::sim
