#include "store/empty_ranges.h"

#include "doctest/doctest.h"
#include "sim/marks.h"
#include "sim/world.h"
#include "store/keys.h"
#include "store/store.h"

namespace sluice::store {
namespace {

constexpr const char* kCell = "main.0";

// As many as are kept: [a, a1), [b, b1), ...
EmptyRanges full() {
  EmptyRanges ranges;
  for (char c = 'a'; c < 'a' + static_cast<char>(EmptyRanges::kRangesMax); ++c) {
    const std::string lo(1, c);
    ranges.add(lo, lo + "1");
  }
  return ranges;
}

Task<void> open(Store& store) { CHECK((co_await store.open()).has_value()); }

// How many rows a range shows; -1 where it cannot be read.
Task<void> count(Store& store, std::string prefix, int& rows) {
  rows = -1;
  auto transaction = co_await store.begin();
  if (!transaction.has_value()) co_return;
  const auto page = co_await transaction->range(range_of(std::move(prefix), kRangeRowsMax));
  if (page.has_value()) rows = static_cast<int>(page->rows.size());
}

Task<void> put(Store& store, std::string key, std::optional<Result<Outcome>>& outcome) {
  auto transaction = co_await store.begin();
  if (!transaction.has_value()) co_return;
  transaction->put(std::move(key), "1");
  outcome = co_await transaction->commit();
}

int count_in(sim::World& world, Store& store, std::string prefix) {
  int rows = -1;
  (void)world.run_task(kCell, count(store, std::move(prefix), rows));
  return rows;
}

}  // namespace

TEST_SUITE("store/empty_ranges") {
  TEST_CASE("what lies inside a known range is known") {
    EmptyRanges ranges;
    CHECK(!ranges.contains("a", "b"));
    ranges.add("b", "d");
    CHECK(ranges.contains("b", "d"));
    CHECK(ranges.contains("b5", "c"));
    CHECK(!ranges.contains("a", "c"));
    CHECK(!ranges.contains("c", "d0"));
  }

  TEST_CASE("a key is of the range that begins with it, not of the one that ends with it") {
    EmptyRanges ranges;
    ranges.add("a", "b");
    ranges.add("b", "c");
    ranges.forget("b");
    CHECK(ranges.contains("a", "b"));
    CHECK(!ranges.contains("b", "c"));
    ranges.forget("a5");
    CHECK(!ranges.contains("a", "b"));
  }

  TEST_CASE("every range that holds a key is forgotten with it") {
    EmptyRanges ranges;
    ranges.add("a", "f");
    ranges.add("c", "h");
    ranges.forget("d");
    CHECK(!ranges.contains("a", "b"));
    CHECK(!ranges.contains("g", "h"));
  }

  TEST_CASE("a wider range takes the place of those within it") {
    EmptyRanges ranges = full();
    ranges.add("b", "q");  // All but the first lie in it: there is room again.
    ranges.add("x", "y");
    CHECK(ranges.contains("a", "a1"));
    CHECK(ranges.contains("b", "q"));
  }

  TEST_CASE("the one that is longest unused makes room") {
    EmptyRanges ranges = full();
    CHECK(ranges.contains("a", "a1"));
    ranges.add("z", "z1");
    CHECK(ranges.contains("a", "a1"));
    CHECK(!ranges.contains("b", "b1"));
  }

  TEST_CASE("a range without keys is not kept") {
    EmptyRanges ranges;
    ranges.add("b", "b");
    ranges.add("c", "b");
    CHECK(!ranges.contains("b", "b"));
  }

  TEST_CASE("a store is not asked again for a range in which it had nothing, until it has") {
    sim::World world(1, sim::Faults::none());
    Store store(*world.node(kCell));
    CHECK(world.run_task(kCell, open(store)));
    CHECK(count_in(world, store, "t/") == 0);
    world.store(kCell).put("t/behind-its-back", "1");
    CHECK(count_in(world, store, "t/") == 0);
    std::optional<Result<Outcome>> outcome;
    CHECK(world.run_task(kCell, put(store, "t/own", outcome)));
    CHECK((outcome && outcome->has_value()));
    CHECK(count_in(world, store, "t/") == 2);
  }

  TEST_CASE("a row of a commit that comes late is seen") {
    int late = 0;
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
      CAPTURE(seed);
      sim::Faults faults;
      faults.caps = kMultiCommit;
      sim::World world(seed, faults);
      Store store(*world.node(kCell));
      CHECK(world.run_task(kCell, open(store)));
      world.faults.kv_unknown = 900;
      std::optional<Result<Outcome>> outcome;
      (void)world.run_task(kCell, put(store, "t/late", outcome));
      const int before = count_in(world, store, "t/");
      (void)world.run_for(minutes(1));
      const int stored = static_cast<int>(world.store(kCell).count("t/"));
      late += before == 0 && stored == 1 ? 1 : 0;
      CHECK(count_in(world, store, "t/") == stored);
    }
    CHECK(late > 0);
  }
}

}  // namespace sluice::store
