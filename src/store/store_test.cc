#include "store/store.h"

#include <algorithm>

#include "codec/hex.h"
#include "doctest/doctest.h"
#include "sim/marks.h"
#include "sim/world.h"
#include "store/blob.h"
#include "store/keys.h"

namespace sluice::store {
namespace {

constexpr const char* kCell = "main.0";

Bytes bytes(std::string hex) {
  hex.erase(std::remove(hex.begin(), hex.end(), ' '), hex.end());
  return codec::decode_hex(hex, codec::HexCase::kLowerOnly).value_or("");
}

Task<void> open(Store& store, Result<void>& result) { result = co_await store.open(); }

Result<void> open_on(sim::World& world, Store& store) {
  Result<void> result = Error{Errc::kCancelled, "the boot died"};
  (void)world.run_task(*world.node(kCell), open(store, result));
  return result;
}

// Adds one to the counter and leaves a row of its own, so that both must agree.
Task<void> add_one(Store& store, std::string name, std::optional<Result<Outcome>>& outcome) {
  auto transaction = co_await store.begin();
  if (!transaction.has_value()) {
    outcome = transaction.error();
    co_return;
  }
  const auto row = co_await transaction->get("t/count");
  if (!row.has_value()) {
    outcome = row.error();
    co_return;
  }
  const int count = *row ? std::stoi((*row)->value) : 0;
  transaction->check_absent("d/" + name);
  transaction->put("t/count", std::to_string(count + 1));
  transaction->put("d/" + name, "1");
  outcome = co_await transaction->commit();
}

int counted(sim::SimStore& rows) {
  const auto row = rows.get("t/count");
  return row ? std::stoi(row->value) : 0;
}

// A program of one cell that keeps adding, through crashes and take-overs.
struct Adder {
  explicit Adder(std::uint64_t seed) : world(seed, {}) {
    world.faults = sim::Faults::draw(world.prng());
  }

  void add() {
    sim::Node* node = world.node(kCell);
    const auto alive = node->life();
    if (alive != owner) {
      store = std::make_unique<Store>(*node);
      owner = alive;
    }
    if (!store->is_open()) {
      Result<void> result = Error{Errc::kCancelled, "the boot died"};
      (void)world.run_task(*node, open(*store, result));
      if (!result.has_value() || !*alive) return lose(*alive);
    }
    std::optional<Result<Outcome>> outcome;
    const std::string name = std::to_string(++tried);
    (void)world.run_task(*node, add_one(*store, name, outcome));
    if (outcome && outcome->has_value() && **outcome == Outcome::kCommitted && *alive) {
      node->emit([this, name] { told.push_back(name); });  // As a reply is: gated.
    }
    if (!*alive || !store->is_open()) lose(*alive);
  }

  // The engine is gone, or another one owns the cell.
  void lose(bool alive) {
    if (alive) world.crash(kCell);
    store.reset();
    owner.reset();
  }

  sim::World world;
  std::unique_ptr<Store> store;
  std::shared_ptr<const bool> owner;
  int tried = 0;
  std::vector<std::string> told;  // What was reported as committed.
};

}  // namespace

TEST_SUITE("store/store") {
  TEST_CASE("each boot raises the epoch") {
    sim::World world(1, sim::Faults::none());
    for (std::uint64_t epoch = 1; epoch <= 3; ++epoch) {
      Store store(*world.node(kCell));
      CHECK(open_on(world, store).has_value());
      CHECK(store.epoch() == epoch);
      world.crash(kCell);
    }
  }

  TEST_CASE("a store that cannot commit several keys at once is no store for a cell") {
    sim::Faults faults;
    faults.caps = kSync;
    sim::World world(1, faults);
    Store store(*world.node(kCell));
    CHECK(open_on(world, store).error().code == Errc::kNoCapability);
    CHECK(world.store(kCell).rows().empty());
  }

  TEST_CASE("an owner that was taken over cannot commit, and knows it from then on") {
    sim::Faults faults;
    faults.caps = kMultiCommit | kSync;
    sim::World world(1, faults);
    sim::Node* node = world.node(kCell);
    Store old(*node);
    CHECK(open_on(world, old).has_value());
    world.split(kCell);
    Store fresh(*world.node(kCell));
    CHECK(open_on(world, fresh).has_value());
    CHECK(fresh.epoch() == old.epoch() + 1);

    std::optional<Result<Outcome>> late;
    node->spawn(node->add_task({}), add_one(old, "late", late));
    CHECK((late && !late->has_value()));
    if (late && !late->has_value()) CHECK(late->error().code == Errc::kNotOwner);
    CHECK(!old.is_open());
    std::optional<Result<Outcome>> good;
    CHECK(world.run_task(kCell, add_one(fresh, "good", good)));
    CHECK((good && good->has_value()));
    CHECK(world.store(kCell).count("d/") == 1);
  }

  TEST_CASE("a commit of unknown outcome is found out or sent again, and counts once") {
    const auto found_before = sim::marked("store: a commit of unknown outcome was applied");
    const auto again_before = sim::marked("store: a commit of unknown outcome is sent again");
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
      CAPTURE(seed);
      sim::Faults faults;
      faults.caps = kMultiCommit;
      sim::World world(seed, faults);
      Store store(*world.node(kCell));
      CHECK(open_on(world, store).has_value());
      world.faults.kv_unknown = 500;
      int told = 0;
      int unknown = 0;
      for (int i = 0; i < 5; ++i) {
        std::optional<Result<Outcome>> outcome;
        CHECK(world.run_task(kCell, add_one(store, std::to_string(i), outcome)));
        if (!outcome) continue;
        told += outcome->has_value() && **outcome == Outcome::kCommitted ? 1 : 0;
        unknown += outcome->has_value() ? 0 : 1;
      }
      (void)world.run_for(minutes(1));
      const int stored = counted(world.store(kCell));
      CHECK(stored >= told);
      CHECK(stored <= told + unknown);
      CHECK(static_cast<int>(world.store(kCell).count("d/")) == stored);
    }
    CHECK(sim::marked("store: a commit of unknown outcome was applied") > found_before);
    CHECK(sim::marked("store: a commit of unknown outcome is sent again") > again_before);
  }

  TEST_CASE("what is reported as committed stays, whatever crashes or takes over") {
    std::uint64_t told = 0;
    std::uint64_t crashes = 0;
    std::uint64_t tails = 0;
    std::uint64_t splits = 0;
    for (std::uint64_t seed = 1; seed <= SLUICE_SIM_SEEDS; ++seed) {
      CAPTURE(seed);
      Adder adder(seed);
      for (int i = 0; i < 25; ++i) adder.add();
      sim::World& world = adder.world;
      world.heal();
      (void)world.run_for(minutes(5));
      auto& rows = world.store(kCell);
      for (const auto& name : adder.told) CHECK(rows.get("d/" + name));
      told += adder.told.size();
      CHECK(static_cast<int>(rows.count("d/")) == counted(rows));
      CHECK(counted(rows) <= adder.tried);

      const int before = counted(rows);
      adder.add();
      adder.add();  // The first one may find that its engine was dead.
      CHECK(counted(rows) > before);
      crashes += world.crashes();
      tails += world.tails_lost();
      splits += world.splits();
    }
    CHECK(told > 0);
    CHECK(crashes > 0);
    CHECK(tails > 0);
    CHECK(splits > 0);
  }
}

TEST_SUITE("store/README") {
  // The lines of the example in README.md.
  TEST_CASE("rows have the documented bytes") {
    sim::World world(1, sim::Faults::none());
    sim::SimStore& rows = world.store(kCell);
    rows.put("m/owner", bytes("01 02000000 00000000 10000000 abababababababababababababababab"));
    rows.put("m/schema", bytes("01 01 01"));
    Store store(*world.node(kCell));
    CHECK(open_on(world, store).has_value());
    CHECK(store.epoch() == 3);
    const Bytes owner = rows.get("m/owner")->value;
    CHECK(owner.size() == 29);
    CHECK(owner.substr(0, 13) == bytes("01 03000000 00000000 10000000"));
    CHECK(encode(Schema{.newest = 1, .floor = 1}) == bytes("01 01 01"));
    struct Program {
      static Task<void> run(Store& store) {
        auto transaction = co_await store.begin();
        if (!transaction.has_value()) co_return;
        put_blob(*transaction, "b", "hi");
        const auto outcome = co_await transaction->commit();
        CHECK(outcome.has_value());
      }
    };
    CHECK(world.run_task(kCell, Program::run(store)));
    CHECK(rows.get(chunk_key("b", 0))->value == bytes("01 00 02000000 6869"));
  }
}

TEST_SUITE("store/migrate") {
  TEST_CASE("a store that a newer version wrote is refused, and nothing in it changes") {
    sim::World world(1, sim::Faults::none());
    sim::SimStore& rows = world.store(kCell);
    rows.put("m/schema", encode(Schema{.newest = 3, .floor = 3}));
    const auto before = rows.rows();
    Store store(*world.node(kCell), Formats{.oldest = 1, .newest = 2});
    CHECK(open_on(world, store).error().code == Errc::kUnknownFormat);
    CHECK(rows.rows() == before);
  }

  TEST_CASE("a store of a format that is no longer read is refused") {
    CHECK(admit({.newest = 2, .floor = 1}, {.oldest = 2, .newest = 3}).error().code ==
          Errc::kUnknownFormat);
    CHECK(admit({.newest = 2, .floor = 2}, {.oldest = 2, .newest = 3}).has_value());
  }

  TEST_CASE("old code comes back until the floor is raised, and not after") {
    sim::World world(1, sim::Faults::none());
    const Formats old_code{.oldest = 1, .newest = 1};
    const Formats new_code{.oldest = 1, .newest = 2};
    struct Program {
      static Task<void> raise(Store& store, std::uint8_t floor, Result<void>& result) {
        result = co_await raise_floor(store, floor);
      }
    };
    const auto boot = [&](Formats formats, std::optional<std::uint8_t> raise) {
      Store store(*world.node(kCell), formats);
      Result<void> result = open_on(world, store);
      if (result.has_value() && raise) {
        (void)world.run_task(kCell, Program::raise(store, *raise, result));
      }
      if (result.has_value() && raise) CHECK(store.format() == *raise);
      world.crash(kCell);
      return result;
    };
    CHECK(boot(new_code, std::nullopt).has_value());
    CHECK(boot(old_code, std::nullopt).has_value());
    CHECK(boot(new_code, 3).error().code == Errc::kBadArgument);
    CHECK(boot(new_code, 2).has_value());
    CHECK(boot(new_code, 1).error().code == Errc::kBadArgument);
    CHECK(boot(old_code, std::nullopt).error().code == Errc::kUnknownFormat);
    CHECK(boot(new_code, std::nullopt).has_value());
  }

  TEST_CASE("the schema's row survives its bytes, and nothing else is read as one") {
    const Bytes row = encode(Schema{.newest = 2, .floor = 1});
    CHECK(*decode_schema(row) == Schema{.newest = 2, .floor = 1});
    for (std::size_t size = 0; size < row.size(); ++size) {
      CHECK(!decode_schema(ByteView(row).substr(0, size)).has_value());
    }
    CHECK(decode_schema(encode(Schema{.newest = 1, .floor = 2})).error().code == Errc::kCorrupt);
    CHECK(decode_schema("\x09\x01\x01").error().code == Errc::kUnknownFormat);
  }
}

}  // namespace sluice::store
