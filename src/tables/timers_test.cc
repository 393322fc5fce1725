#include "tables/timers.h"

#include "doctest/doctest.h"

using namespace sluice;
using sluice::tables::parse_timer;
using sluice::tables::Timer;
using sluice::tables::timer_key;

TEST_SUITE("tables/timers") {
  TEST_CASE("a timer's key sorts by its due and is read back") {
    const std::string key = timer_key("rl/r/", Instant{1'750'000'000'000}, "mirror");
    CHECK(key == "rl/r/000001977420dc00/mirror");
    CHECK(parse_timer("rl/r/", key) == Timer{{1'750'000'000'000}, "mirror"});
    CHECK(timer_key("rl/r/", Instant{9}, "a") < timer_key("rl/r/", Instant{10}, "a"));
    CHECK(timer_key("rl/r/", Instant{-5}, "a") == timer_key("rl/r/", Instant{0}, "a"));
  }

  TEST_CASE("what is no timer is not read as one") {
    for (const char* key : {"", "rl/r/", "rl/r/000001977420dc00", "rl/r/000001977420dc00/",
                            "sy/r/000001977420dc00/mirror", "rl/r/000001977420DC00/mirror",
                            "rl/r/ffffffffffffffff/mirror", "rl/r/00001977420dc00/mirror"}) {
      CAPTURE(key);
      CHECK(!parse_timer("rl/r/", key));
    }
  }
}
