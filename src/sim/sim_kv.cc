#include <utility>

#include "base/mark.h"
#include "sim/node.h"
#include "sim/wait.h"
#include "sim/world.h"

namespace sluice::sim {
namespace {

constexpr Duration kAnswerMax = milliseconds(20);
constexpr Duration kLateMax = seconds(2);

using Entries = std::vector<std::optional<KvEntry>>;

Entries read(const SimStore& store, const std::vector<std::string>& keys) {
  Entries entries;
  entries.reserve(keys.size());
  for (const std::string& key : keys) entries.push_back(store.get(key));
  return entries;
}

}  // namespace

Task<Result<Entries>> SimKv::get(std::vector<std::string> keys) {
  SLUICE_ASSERT(!keys.empty() && keys.size() <= kGetKeysMax);
  World& world = node_.world();
  world.note("get", keys.front());
  if (node_.dies_here()) node_.kill();
  if (node_.strikes(world.faults.kv_io)) co_return Error{Errc::kIo, "simulated"};
  if (!node_.is_dying() && !node_.strikes(world.faults.kv_pending)) {
    co_return read(node_.store(), keys);
  }
  std::function<void(WaitPtr<Result<Entries>>)> start = [this, &world, keys](auto handle) {
    world.timeline().after(world.some_time(kAnswerMax), [this, handle, keys] {
      if (handle->operation != nullptr) finish<Result<Entries>>(handle, read(node_.store(), keys));
    });
  };
  co_return co_await wait<Result<Entries>>(node_, std::move(start));
}

Task<Result<KvPage>> SimKv::range(KvRange range) {
  World& world = node_.world();
  world.note("range", range.lo);
  if (node_.dies_here()) node_.kill();
  if (node_.strikes(world.faults.kv_io)) co_return Error{Errc::kIo, "simulated"};
  if (!node_.is_dying() && !node_.strikes(world.faults.kv_pending)) {
    co_return node_.store().range(range);
  }
  std::function<void(WaitPtr<Result<KvPage>>)> start = [this, &world, range](auto handle) {
    world.timeline().after(world.some_time(kAnswerMax), [this, handle, range] {
      if (handle->operation != nullptr) {
        finish<Result<KvPage>>(handle, node_.store().range(range));
      }
    });
  };
  co_return co_await wait<Result<KvPage>>(node_, std::move(start));
}

std::optional<Errc> SimKv::refusal(const KvCommit& commit) const {
  const SimStore& store = node_.store();
  if (!store.refuses) return std::nullopt;
  bool puts = false;
  for (const KvMutation& mutation : commit.mutations) puts = puts || mutation.value.has_value();
  return puts || *store.refuses != Errc::kFull ? store.refuses : std::nullopt;
}

Result<KvOutcome> SimKv::apply(const KvCommit& commit) {
  World& world = node_.world();
  const bool gated = node_.is_gated();
  const KvOutcome outcome = node_.store().apply(
      commit, gated ? SimStore::Durability::kWithFlush : SimStore::Durability::kAtOnce);
  world.note(outcome.is_committed() ? "committed" : "conflict", node_.name());
  if (gated && outcome.is_committed()) node_.commit_made();
  return outcome;
}

// The caller is not told which of the three it was.
Result<KvOutcome> SimKv::apply_perhaps(const KvCommit& commit) {
  World& world = node_.world();
  switch (world.prng().below(3)) {
    case 0:
      SLUICE_MARK("sim: unknown outcome, applied");
      static_cast<void>(apply(commit));
      break;
    case 1: SLUICE_MARK("sim: unknown outcome, not applied"); break;
    default: {
      SLUICE_MARK("sim: unknown outcome, applied later");
      auto* store = &node_.store();
      const bool single = node_.caps().has(kSingleOwner);
      world.timeline().after(
          world.some_time(kLateMax), [store, commit, single, alive = node_.life()] {
            // Where the platform guarantees one owner, nothing of a dead one arrives.
            if (single && !*alive) return;
            static_cast<void>(store->apply(commit, SimStore::Durability::kAtOnce));
          });
    }
  }
  return Error{Errc::kUnknownOutcome, "simulated"};
}

Task<Result<KvOutcome>> SimKv::commit(KvCommit commit) {
  World& world = node_.world();
  world.note("commit", commit.mutations.empty() ? std::string() : commit.mutations.front().key);
  for (const KvMutation& mutation : commit.mutations) {
    world.note(mutation.key, mutation.value.value_or(""));
  }
  if (node_.dies_here()) {
    if (world.prng().chance(1, 2) && !refusal(commit)) static_cast<void>(apply(commit));
    node_.kill();
  }
  if (!node_.is_dying()) {
    if (const auto refused = refusal(commit)) co_return Error{*refused, "simulated"};
    if (node_.strikes(world.faults.kv_overloaded)) co_return Error{Errc::kOverloaded, "simulated"};
    if (node_.strikes(world.faults.kv_io)) co_return Error{Errc::kIo, "simulated"};
    if (!node_.caps().has(kSync) && node_.strikes(world.faults.kv_unknown)) {
      co_return apply_perhaps(commit);
    }
    if (!node_.strikes(world.faults.kv_pending)) co_return apply(commit);
  }
  const bool posthumous = !node_.caps().has(kSingleOwner) && world.prng().chance(1, 2);
  auto* store = node_.has_store() ? &node_.store() : nullptr;
  std::function<void(WaitPtr<Result<KvOutcome>>)> start = [this, &world, commit, posthumous,
                                                           store](auto handle) {
    world.timeline().after(world.some_time(kAnswerMax), [this, handle, commit, posthumous, store] {
      if (handle->operation != nullptr) {
        finish<Result<KvOutcome>>(handle, apply(commit));
      } else if (posthumous) {
        static_cast<void>(store->apply(commit, SimStore::Durability::kAtOnce));
      }
    });
  };
  co_return co_await wait<Result<KvOutcome>>(node_, std::move(start));
}

}  // namespace sluice::sim
