#include "store/transaction.h"

#include <algorithm>

#include "doctest/doctest.h"
#include "sim/world.h"
#include "store/keys.h"
#include "store/store.h"

namespace sluice::store {
namespace {

constexpr const char* kCell = "main.0";

struct Bench {
  explicit Bench(sim::Faults faults = sim::Faults::none()) : world(1, faults) {
    store.emplace(*world.node(kCell));
  }
  bool run(Task<void> body) { return world.run_task(kCell, std::move(body)); }
  sim::SimStore& rows() { return world.store(kCell); }

  sim::World world;
  std::optional<Store> store;
};

Task<void> open(Store& store) { CHECK((co_await store.open()).has_value()); }

// What a page walk over [lo, hi) gives, page by page.
Task<void> walk(Transaction& transaction, KvRange range, std::vector<std::string>& keys) {
  for (int pages = 0; pages < 1000; ++pages) {
    KvRange asked = range;
    const auto page = co_await transaction.range(std::move(asked));
    CHECK(page.has_value());
    if (!page.has_value()) co_return;
    CHECK(page->rows.size() <= range.limit);
    CHECK((!page->rows.empty() || !page->next));
    for (const auto& row : page->rows) keys.push_back(row.key + "=" + row.entry.value);
    if (!page->next) co_return;
    (range.reverse ? range.hi : range.lo) = *page->next;
  }
}

struct Walked {
  std::vector<std::string> seen;    // Through the transaction, before its commit.
  std::vector<std::string> stored;  // From the store, after it.
};

Task<void> write_and_walk(Store& store, Prng& prng, KvRange range, Walked& walked) {
  auto transaction = co_await store.begin();
  if (!transaction.has_value()) co_return;
  for (int i = 0; i < 12; ++i) {
    std::string key = "t/" + std::to_string(10 + prng.below(30));
    if (prng.chance(1, 2)) {
      transaction->put(std::move(key), "new" + std::to_string(i));
    } else {
      transaction->erase(std::move(key));
    }
  }
  co_await walk(*transaction, range, walked.seen);
  const auto outcome = co_await transaction->commit();
  CHECK(outcome.has_value());
  auto after = co_await store.begin();
  if (after.has_value()) co_await walk(*after, range, walked.stored);
}

Task<void> expect_broken(Store& store, std::function<void(Transaction&)> change, Errc expected) {
  auto transaction = co_await store.begin();
  if (!transaction.has_value()) co_return;
  transaction->put("t/good", "1");
  change(*transaction);
  const auto outcome = co_await transaction->commit();
  CHECK(!outcome.has_value());
  if (!outcome.has_value()) CHECK(outcome.error().code == expected);
}

Task<void> commit_with(Store& store, std::function<void(Transaction&)> change,
                       std::optional<Result<Outcome>>& outcome) {
  auto transaction = co_await store.begin();
  if (!transaction.has_value()) co_return;
  change(*transaction);
  outcome = co_await transaction->commit();
}

}  // namespace

TEST_SUITE("store/transaction") {
  TEST_CASE("a range sees the transaction's own writes just as they will be stored") {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
      CAPTURE(seed);
      Bench bench;
      Prng prng(seed);
      CHECK(bench.run(open(*bench.store)));
      for (int i = 0; i < 15; ++i) {
        bench.rows().put("t/" + std::to_string(10 + prng.below(30)), "old");
      }
      KvRange range;
      range.lo = "t/" + std::to_string(10 + prng.below(15));
      range.hi = "t/" + std::to_string(25 + prng.below(20));
      range.limit = static_cast<std::uint32_t>(1 + prng.below(6));
      range.reverse = prng.chance(1, 2);
      Walked walked;
      CHECK(bench.run(write_and_walk(*bench.store, prng, range, walked)));
      CHECK(walked.seen == walked.stored);
    }
  }

  TEST_CASE("a get sees own writes and deletions, and fetches each key once") {
    Bench bench;
    CHECK(bench.run(open(*bench.store)));
    bench.rows().put("t/a", "old");
    bench.rows().put("t/b", "old");
    struct Program {
      static Task<void> run(Bench& bench) {
        auto transaction = co_await bench.store->begin();
        if (!transaction.has_value()) co_return;
        transaction->put("t/a", "new");
        transaction->erase("t/b");
        std::vector<std::string> keys{"t/a", "t/b", "t/c"};
        const auto rows = co_await transaction->get_all(std::move(keys));
        CHECK(rows.has_value());
        if (!rows.has_value()) co_return;
        CHECK((*rows)[0]->value == "new");
        CHECK((*rows)[0]->version.empty());
        CHECK(!(*rows)[1]);
        CHECK(!(*rows)[2]);
        bench.rows().put("t/c", "by nobody");  // What was read stays true within the turn.
        const auto again = co_await transaction->get("t/c");
        CHECK(again.has_value());
        if (again.has_value()) CHECK(!*again);
      }
    };
    CHECK(bench.run(Program::run(bench)));
  }

  TEST_CASE("a key, a value or a check against the limits fails the commit and writes nothing") {
    Bench bench;
    CHECK(bench.run(open(*bench.store)));
    const auto broken = [&](std::function<void(Transaction&)> change, Errc expected) {
      CHECK(bench.run(expect_broken(*bench.store, std::move(change), expected)));
      CHECK(!bench.rows().get("t/good"));
    };
    broken([](Transaction& t) { t.put("t/ bad", ""); }, Errc::kBadArgument);
    broken([](Transaction& t) { t.put(std::string(241, 'k'), ""); }, Errc::kBadArgument);
    broken([](Transaction& t) { t.erase(""); }, Errc::kBadArgument);
    broken([](Transaction& t) { t.put("t/a", Bytes(kValueSizeMax + 1, 'v')); }, Errc::kTooBig);
    broken([](Transaction& t) { t.check("t/a", ""); }, Errc::kBadArgument);
    broken([](Transaction& t) { t.check("t/a", Bytes(25, 'v')); }, Errc::kBadArgument);
    broken(
        [](Transaction& t) {
          t.check_absent("t/a");
          t.check("t/a", "v");
        },
        Errc::kBadArgument);
    broken(
        [](Transaction& t) {
          for (int i = 0; i < 9; ++i) t.check_absent("t/" + std::to_string(i));
        },
        Errc::kTooBig);
    broken(
        [](Transaction& t) {
          for (int i = 0; i < 89; ++i) t.put("t/" + std::to_string(i), "");
        },
        Errc::kTooBig);
    broken(
        [](Transaction& t) {
          for (int i = 0; i < 12; ++i) t.put("t/" + std::to_string(i), Bytes(kValueSizeMax, 'v'));
        },
        Errc::kTooBig);
  }

  TEST_CASE("the largest commit that is allowed is one that every host takes") {
    for (const std::uint32_t caps : {kMultiCommit + 0U, kMultiCommit | kSync | kSingleOwner}) {
      sim::Faults faults;
      faults.caps = caps;
      Bench bench(faults);
      CHECK(bench.run(open(*bench.store)));
      std::optional<Result<Outcome>> outcome;
      CHECK(bench.run(commit_with(
          *bench.store,
          [](Transaction& t) {
            for (int i = 0; i < 89; ++i) t.put("t/" + std::to_string(i), Bytes(7000, 'v'));
            for (int i = 0; i < 8; ++i) t.check_absent("c/" + std::to_string(i));
          },
          outcome)));
      CHECK((outcome && outcome->has_value()));
      CHECK(bench.rows().count("t/") == 89);
    }
  }

  TEST_CASE("the budget leaves room, and a replaced write counts once") {
    Bench bench;
    CHECK(bench.run(open(*bench.store)));
    std::optional<Result<Outcome>> outcome;
    CHECK(bench.run(commit_with(
        *bench.store,
        [](Transaction& t) {
          t.put("t/a", Bytes(1000, 'v'));
          t.put("t/a", Bytes(10, 'v'));
          CHECK(t.cost().mutations == 1);
          CHECK(t.cost().bytes == 13);
          t.erase("t/a");
          CHECK(t.cost().bytes == 3);
          CHECK(t.fits({.mutations = kBudgetMutations - 1}));
          CHECK(!t.fits({.mutations = kBudgetMutations}));
          CHECK(t.fits({.bytes = kBudgetBytes - 3}));
          CHECK(!t.fits({.bytes = kBudgetBytes - 2}));
          CHECK(t.fits({.checks = kBudgetChecks}));
          CHECK(!t.fits({.checks = kBudgetChecks + 1}));
        },
        outcome)));
    CHECK((outcome && outcome->has_value()));
  }

  TEST_CASE("a check that does not hold is a conflict, and nothing is written") {
    Bench bench;
    CHECK(bench.run(open(*bench.store)));
    bench.rows().put("t/a", "1");
    const Bytes version = bench.rows().get("t/a")->version;
    const auto commit = [&](std::function<void(Transaction&)> change) {
      std::optional<Result<Outcome>> outcome;
      CHECK(bench.run(commit_with(*bench.store, std::move(change), outcome)));
      return outcome && outcome->has_value() ? **outcome : Outcome::kConflict;
    };
    CHECK(commit([&](Transaction& t) {
            t.check("t/a", version);
            t.put("t/b", "1");
          }) == Outcome::kCommitted);
    bench.rows().put("t/a", "2");
    CHECK(commit([&](Transaction& t) {
            t.check("t/a", version);
            t.put("t/c", "1");
          }) == Outcome::kConflict);
    CHECK(commit([&](Transaction& t) {
            t.check_absent("t/a");
            t.put("t/c", "1");
          }) == Outcome::kConflict);
    CHECK(bench.rows().get("t/b"));
    CHECK(!bench.rows().get("t/c"));
  }

  TEST_CASE("a wake is kept, brought forward or replaced as asked") {
    Bench bench;
    CHECK(bench.run(open(*bench.store)));
    const auto commit = [&](std::function<void(Transaction&)> change) {
      std::optional<Result<Outcome>> outcome;
      CHECK(bench.run(commit_with(*bench.store, std::move(change), outcome)));
      CHECK((outcome && outcome->has_value()));
      return bench.rows().wake();
    };
    CHECK(commit([](Transaction& t) { t.wake_by(Instant{200}); }) == Instant{200});
    CHECK(commit([](Transaction& t) { t.wake_by(Instant{300}); }) == Instant{200});
    CHECK(commit([](Transaction& t) { t.put("t/a", ""); }) == Instant{200});
    CHECK(commit([](Transaction& t) {
            t.wake_by(Instant{150});
            t.wake_by(Instant{170});
          }) == Instant{150});
    CHECK(commit([](Transaction& t) { t.wake_at(Instant{400}); }) == Instant{400});
    CHECK(commit([](Transaction& t) {
            t.wake_at(std::nullopt);
            t.wake_by(Instant{500});
          }) == Instant{500});
    CHECK(commit([](Transaction& t) { t.wake_at(std::nullopt); }) == std::nullopt);
  }

  TEST_CASE("transactions take turns in the order in which they came") {
    Bench bench;
    CHECK(bench.run(open(*bench.store)));
    struct Program {
      static Task<void> append(Store& store, char letter, int& left) {
        auto transaction = co_await store.begin();
        if (!transaction.has_value()) co_return;
        const auto row = co_await transaction->get("t/word");
        const Bytes word = row.has_value() && *row ? (*row)->value : Bytes();
        transaction->put("t/word", word + letter);
        const auto outcome = co_await transaction->commit();
        CHECK(outcome.has_value());
        --left;
      }
    };
    bench.world.faults.kv_pending = 1000;
    int left = 4;
    auto* node = bench.world.node(kCell);
    for (const char letter : {'a', 'b', 'c', 'd'}) {
      node->spawn(node->add_task({}), Program::append(*bench.store, letter, left));
    }
    for (int steps = 0; left > 0 && steps < 1000; ++steps) bench.world.step();
    CHECK(bench.rows().get("t/word")->value == "abcd");
  }
}

}  // namespace sluice::store
