// Native only: tests the native host.
#include "native/wakes.h"

#include "doctest/doctest.h"

using namespace sluice;
using namespace sluice::native;

namespace {

WakeChange replaced(std::optional<Instant> at) {
  return {.stored = at, .replaced = true, .asked = {}};
}

WakeChange asked(Instant at, Instant stored) {
  return {.stored = stored, .replaced = false, .asked = at};
}

}  // namespace

TEST_SUITE("native/wakes") {
  TEST_CASE("the earliest wake is next, and due cells come in order of their times") {
    Wakes wakes;
    CHECK(!wakes.next().has_value());
    wakes.restore("b", Instant{50});
    wakes.restore("a", Instant{70});
    wakes.restore("c", Instant{60});
    CHECK(wakes.next() == Instant{50});
    CHECK(wakes.take_due({49}, 10).empty());
    CHECK(wakes.take_due({60}, 1) == std::vector<std::string>{"b"});
    CHECK(wakes.take_due({70}, 10) == std::vector<std::string>{"c", "a"});
    CHECK(!wakes.next().has_value());
  }

  TEST_CASE("a running alarm is not started again before it ends") {
    Wakes wakes;
    wakes.restore("a", Instant{1});
    CHECK(wakes.take_due({10}, 10).size() == 1);
    wakes.apply("a", asked({2}, {1}), {10});
    CHECK(wakes.take_due({10}, 10).empty());
    wakes.apply("a", replaced(Instant{10}), {10});
    wakes.finish("a", AlarmEnd::kDone, {10});
    CHECK(wakes.take_due({10}, 10).size() == 1);
  }

  TEST_CASE("failures back off by doubling up to five minutes, and a good alarm forgets them") {
    Wakes wakes;
    wakes.restore("a", Instant{1});
    Instant now{1000};
    for (const std::int64_t wait : {1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300}) {
      CHECK(wakes.take_due(now, 10).size() == 1);
      wakes.finish("a", AlarmEnd::kDropped, now);
      CHECK(wakes.next() == now + seconds(wait));
      now = now + seconds(wait);
    }
    CHECK(wakes.take_due(now, 10).size() == 1);
    wakes.apply("a", replaced(now), now);
    wakes.finish("a", AlarmEnd::kDone, now);
    CHECK(wakes.take_due(now, 10).size() == 1);
    wakes.finish("a", AlarmEnd::kDone, now);  // It said nothing about the next one.
    CHECK(wakes.next() == now + seconds(1));
  }

  TEST_CASE("new work ends the wait after a failure") {
    Wakes wakes;
    wakes.restore("a", Instant{1});
    (void)wakes.take_due({10}, 10);
    wakes.finish("a", AlarmEnd::kDropped, {10});
    CHECK(wakes.take_due({20}, 10).empty());
    wakes.apply("a", asked({20}, {1}), {20});
    CHECK(wakes.take_due({20}, 10).size() == 1);
  }

  TEST_CASE("a cell without a wake is forgotten") {
    Wakes wakes;
    wakes.restore("a", Instant{1});
    (void)wakes.take_due({10}, 10);
    wakes.apply("a", replaced(std::nullopt), {10});
    CHECK(wakes.is_running("a"));
    wakes.finish("a", AlarmEnd::kDone, {10});
    CHECK(!wakes.is_running("a"));
    CHECK(!wakes.next().has_value());
  }
}
