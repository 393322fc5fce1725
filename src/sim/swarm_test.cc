#include "sim/swarm.h"

#include <cinttypes>
#include <cstdio>

#include "doctest/doctest.h"
#include "sim/marks.h"

namespace sluice::sim {
namespace {

// Rare paths that the seeds of every lane have to take.
constexpr const char* kRare[] = {
    "inbox: a duplicate changes nothing",
    "outbox: a follower becomes head",
    "outbox: what was in flight at a crash runs alone",
    "retention: a body expires",
    "retention: a log is trimmed",
    "retention: a message expires",
    "retention: an event expires",
    "sim: a call arrives twice",
    "sim: a call is lost",
    "sim: a call's answer is lost",
    "sim: a cell has two owners",
    "sim: a store refuses writes",
    "sim: a tail of commits is lost",
    "sim: an HTTP answer is lost",
    "sim: an HTTP request arrives twice",
    "sim: an HTTP request is lost",
    "sim: an alarm dies and is armed again",
    "sim: the clock steps",
    "sim: unknown outcome, applied",
    "sim: unknown outcome, applied later",
    "sim: unknown outcome, not applied",
    "store: a commit of unknown outcome is sent again",
    "store: a commit of unknown outcome was applied",
    "store: an old epoch's commit is refused",
};

}  // namespace

TEST_SUITE("sim/swarm") {
  TEST_CASE("nothing is lost, claimed falsely or left behind, whatever goes wrong") {
    std::uint64_t before[std::size(kRare)];
    for (std::size_t i = 0; i < std::size(kRare); ++i) before[i] = marked(kRare[i]);
    RunReport total;
    for (std::uint64_t seed = 1; seed <= SLUICE_SIM_SEEDS; ++seed) {
      const RunReport run = run_seed(seed);
      for (const auto& violation : run.violations) {
        CAPTURE(seed);
        CHECK(violation == "");
      }
      add(total, run);
    }
    std::printf("trace swarm %d %016" PRIx64 "\n", SLUICE_SIM_SEEDS, total.hash);
    std::fflush(stdout);
    CHECK(total.violations.empty());
    CHECK(total.crashes > 0);
    CHECK(total.dead > 0);
    CHECK(total.duplicates > 0);
    CHECK(total.copied > 0);
    for (std::size_t i = 0; i < std::size(kRare); ++i) {
      CAPTURE(kRare[i]);
      CHECK(marked(kRare[i]) > before[i]);
    }
  }

  TEST_CASE("a crash in any host call of the story loses nothing") {
    const std::uint64_t stride = SLUICE_SIM_SEEDS >= 1000 ? 1 : 10;
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      const RunReport whole = run_with_crash(seed, 0);
      CHECK(whole.violations.empty());
      CHECK(whole.crashes == 0);
      CHECK(whole.host_calls > 100);
      for (std::uint64_t call = 1; call <= whole.host_calls; call += stride) {
        const RunReport run = run_with_crash(seed, call);
        CAPTURE(seed);
        CAPTURE(call);
        for (const auto& violation : run.violations) CHECK(violation == "");
        CHECK(run.crashes == 1);
      }
    }
  }

  TEST_CASE("a seed tells the same story each time, and another seed another one") {
    const RunReport first = run_seed(7);
    const RunReport again = run_seed(7);
    CHECK(first.hash == again.hash);
    CHECK(first.steps == again.steps);
    CHECK(run_seed(8).hash != first.hash);
  }
}

}  // namespace sluice::sim
