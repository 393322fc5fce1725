#include "store/blob.h"

#include "codec/row.h"
#include "doctest/doctest.h"
#include "sim/marks.h"
#include "sim/world.h"
#include "store/keys.h"
#include "store/sweep.h"

namespace sluice::store {
namespace {

constexpr const char* kCell = "main.0";
constexpr Duration kIntent = minutes(10);

Bytes body_of(std::size_t size) {
  Bytes body(size, '\0');
  for (std::size_t i = 0; i < size; ++i) body[i] = static_cast<char>((i * 7 + i / 251) & 0xffU);
  return body;
}

// Writes a blob ahead and a row that names it, the way an event does.
Task<void> write_and_name(Store& store, std::string blob, Bytes body, Result<void>& result) {
  const Instant due = store.host().clock().now() + kIntent;
  const std::string size = std::to_string(body.size());
  result = co_await write_blob(store, blob, std::move(body), due);
  if (!result.has_value()) co_return;
  auto transaction = co_await store.begin();
  if (!transaction.has_value()) co_return;
  result = co_await adopt_blob(*transaction, blob);
  if (!result.has_value()) co_return;
  transaction->put("e/" + blob, size);
  const auto outcome = co_await transaction->commit();
  if (!outcome.has_value()) result = outcome.error();
}

Task<void> read_named(Store& store, std::string blob, Result<Bytes>& body) {
  auto transaction = co_await store.begin();
  if (!transaction.has_value()) co_return;
  const auto row = co_await transaction->get("e/" + blob);
  if (!row.has_value() || !*row) co_return;
  const auto size = static_cast<std::uint32_t>(std::stoul((*row)->value));
  body = co_await read_blob(*transaction, blob, size);
}

Task<void> open(Store& store, Result<void>& result) { result = co_await store.open(); }

Task<void> sweep_all(Store& store, Instant now, Result<bool>& result) {
  for (int slices = 0; slices < 100; ++slices) {
    result = co_await sweep(store, now);
    if (!result.has_value() || !*result) co_return;
  }
}

// A blob, put or written ahead, named, and read back whole.
void check_size(std::size_t size) {
  CAPTURE(size);
  sim::World world(1, sim::Faults::none());
  Store store(*world.node(kCell));
  Result<void> result;
  CHECK(world.run_task(kCell, open(store, result)));
  CHECK(world.run_task(kCell, write_and_name(store, "b1", body_of(size), result)));
  CHECK(result.has_value());
  CHECK(world.store(kCell).count("gc/") == 0);
  CHECK(world.store(kCell).count("bl/b1/") == (size + kChunkMax - 1) / kChunkMax);
  Result<Bytes> read = Error{Errc::kNotFound, ""};
  CHECK(world.run_task(kCell, read_named(store, "b1", read)));
  CHECK((read.has_value() && *read == body_of(size)));
}

}  // namespace

TEST_SUITE("store/blob") {
  TEST_CASE("a blob comes back as it was written, at both edges of its chunks") {
    for (const std::size_t size : {std::size_t{1}, kChunkMax - 1, kChunkMax, kChunkMax + 1,
                                   12 * kChunkMax, 12 * kChunkMax + 1, 25 * kChunkMax}) {
      check_size(size);
    }
  }

  TEST_CASE("a blob that is not whole is corrupt") {
    for (const char* key : {"bl/b1/0000000000000000", "bl/b1/0000000000000001"}) {
      for (const bool erased : {true, false}) {
        sim::World world(1, sim::Faults::none());
        Store store(*world.node(kCell));
        Result<void> result;
        CHECK(world.run_task(kCell, open(store, result)));
        const Bytes body = body_of(kChunkMax + 5);
        CHECK(world.run_task(kCell, write_and_name(store, "b1", body, result)));
        if (erased) {
          world.store(kCell).erase(key);
        } else {
          world.store(kCell).put(key, "\x01");
        }
        Result<Bytes> read = Bytes();
        CHECK(world.run_task(kCell, read_named(store, "b1", read)));
        CHECK((!read.has_value() && read.error().code == Errc::kCorrupt));
      }
    }
  }

  TEST_CASE("a blob that the sweeper has begun to delete cannot be adopted any more") {
    sim::World world(1, sim::Faults::none());
    Store store(*world.node(kCell));
    struct Program {
      static Task<void> late(Store& store, Result<void>& result) {
        const Instant due = store.host().clock().now() + kIntent;
        result = co_await write_blob(store, "b1", body_of(20 * kChunkMax), due);
        if (!result.has_value()) co_return;
        const auto swept = co_await sweep(store, due + milliseconds(1));  // One slice of several.
        CHECK((swept.has_value() && *swept));
        auto transaction = co_await store.begin();
        if (!transaction.has_value()) co_return;
        result = co_await adopt_blob(*transaction, "b1");
      }
    };
    Result<void> result;
    CHECK(world.run_task(kCell, open(store, result)));
    CHECK(world.run_task(kCell, Program::late(store, result)));
    CHECK((!result.has_value() && result.error().code == Errc::kNotFound));
    CHECK(world.store(kCell).count("bl/b1/") > 0);
    Result<bool> swept = false;
    const Instant later = world.timeline().wall() + kIntent + kIntent;
    CHECK(world.run_task(kCell, sweep_all(store, later, swept)));
    CHECK(world.store(kCell).count("bl/") == 0);
    CHECK(world.store(kCell).count("gc/") == 0);
  }

  TEST_CASE("no crash leaks a chunk past the sweep or leaves a name without its blob") {
    const auto abandoned = sim::marked("sweep: an abandoned blob is deleted");
    std::uint64_t whole = 0;
    for (std::uint64_t seed = 1; seed <= SLUICE_SIM_SEEDS / 5; ++seed) {
      CAPTURE(seed);
      sim::World world(seed, {});
      world.faults = sim::Faults::draw(world.prng());
      world.faults.crash *= 3;
      world.faults.clock_step = 0;
      for (int i = 0; i < 6; ++i) {
        sim::Node* node = world.node(kCell);
        Store store(*node);
        Result<void> result = Error{Errc::kCancelled, ""};
        const auto alive = node->life();
        (void)world.run_task(*node, open(store, result));
        const std::size_t size = (1 + static_cast<std::size_t>(world.prng().below(30))) * 40'000;
        if (result.has_value() && *alive) {
          const std::string blob = "b" + std::to_string(i);
          (void)world.run_task(*node, write_and_name(store, blob, body_of(size), result));
        }
        if (*alive) world.crash(kCell);
      }
      world.heal();
      (void)world.run_for(kIntent + kIntent);
      auto& rows = world.store(kCell);
      sim::Node* node = world.node(kCell);
      Store store(*node);
      Result<void> opened = Error{Errc::kCancelled, ""};
      Result<bool> swept = true;
      CHECK(world.run_task(kCell, open(store, opened)));
      CHECK(opened.has_value());
      CHECK(world.run_task(kCell, sweep_all(store, world.timeline().wall(), swept)));
      CHECK((swept.has_value() && !*swept));
      CHECK(rows.count("gc/") == 0);
      std::size_t chunks = 0;
      for (int i = 0; i < 6; ++i) {
        const std::string blob = "b" + std::to_string(i);
        const auto row = rows.get("e/" + blob);
        if (!row) continue;
        Result<Bytes> read = Error{Errc::kNotFound, ""};
        CHECK(world.run_task(kCell, read_named(store, blob, read)));
        CHECK((read.has_value() && *read == body_of(std::stoul(row->value))));
        chunks += rows.count("bl/" + blob + "/");
        ++whole;
      }
      CHECK(rows.count("bl/") == chunks);
    }
    CHECK(whole > 0);
    CHECK(sim::marked("sweep: an abandoned blob is deleted") > abandoned);
  }

  TEST_CASE("a blob that is released is the sweeper's") {
    sim::World world(1, sim::Faults::none());
    Store store(*world.node(kCell));
    struct Program {
      static Task<void> run(Store& store) {
        auto transaction = co_await store.begin();
        if (!transaction.has_value()) co_return;
        CHECK(transaction->fits(blob_cost(100'000)));
        put_blob(*transaction, "b1", body_of(100'000));
        CHECK(transaction->cost().mutations == blob_cost(100'000).mutations);
        CHECK(transaction->cost().bytes <= blob_cost(100'000).bytes);
        const auto put = co_await transaction->commit();
        CHECK(put.has_value());
        auto second = co_await store.begin();
        if (!second.has_value()) co_return;
        release_blob(*second, "b1", sim::kStart);
        const auto released = co_await second->commit();
        CHECK(released.has_value());
        for (Result<bool> more = true; more.has_value() && *more;) {
          more = co_await sweep(store, sim::kStart);
          CHECK(more.has_value());
        }
      }
    };
    Result<void> result;
    CHECK(world.run_task(kCell, open(store, result)));
    CHECK(world.run_task(kCell, Program::run(store)));
    CHECK(world.store(kCell).count("bl/") == 0);
    CHECK(world.store(kCell).count("gc/") == 0);
  }
}

TEST_SUITE("store/sweep") {
  TEST_CASE("dedupe rows of the last two buckets stay, older ones go") {
    sim::World world(1, sim::Faults::none());
    auto& rows = world.store(kCell);
    const auto current = static_cast<std::uint64_t>(sim::kStart.ms / days(8).ms);
    for (std::uint64_t back = 0; back < 5; ++back) {
      for (int i = 0; i < 100; ++i) {
        rows.put(key({"in/d/", fixed(current - back), "/", hashed({std::to_string(i)}, 64)}),
                 "\x01");
      }
    }
    Store store(*world.node(kCell));
    Result<void> result;
    CHECK(world.run_task(kCell, open(store, result)));
    Result<bool> swept = true;
    CHECK(world.run_task(kCell, sweep_all(store, world.timeline().wall(), swept)));
    CHECK((swept.has_value() && !*swept));
    CHECK(rows.count("in/d/") == 200);
    CHECK(rows.count(key({"in/d/", fixed(current), "/"})) == 100);
    CHECK(rows.count(key({"in/d/", fixed(current - 1), "/"})) == 100);
    CHECK(rows.wake().has_value());
  }

  TEST_CASE("a pass whose own rows cannot be read begins anew, and leaves good ones") {
    sim::World world(1, sim::Faults::none());
    auto& rows = world.store(kCell);
    for (int i = 0; i < 100; ++i) {
      rows.put(key({"ik/", hashed({std::to_string(i)})}), codec::RowWriter().instant({}).take());
    }
    rows.put("m/sweep/answers", "\x01garbage");
    rows.put("m/sweep/next", "\x01garbage");
    Store store(*world.node(kCell));
    Result<void> result;
    CHECK(world.run_task(kCell, open(store, result)));
    struct Program {
      static Task<void> run(Store& store, Instant now, bool& due) {
        auto transaction = co_await store.begin();
        if (!transaction.has_value()) co_return;
        const auto next = co_await next_sweep(*transaction, now);
        due = next.has_value() && *next == now;
      }
    };
    bool due = false;
    CHECK(world.run_task(kCell, Program::run(store, world.timeline().wall(), due)));
    CHECK(due);
    Result<bool> swept = true;
    CHECK(world.run_task(kCell, sweep_all(store, world.timeline().wall(), swept)));
    CHECK((swept.has_value() && !*swept));
    CHECK(rows.count("ik/") == 0);
    CHECK(rows.count("m/sweep/") == 1);
    CHECK(world.run_task(kCell, Program::run(store, world.timeline().wall(), due)));
    CHECK(!due);
  }
}

}  // namespace sluice::store
