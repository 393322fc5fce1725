#include "sync/backoff.h"

#include "doctest/doctest.h"

using namespace sluice;
using sluice::sync::backoff_ceiling;
using sluice::sync::kBackoffMax;
using sluice::sync::retry_at;

TEST_SUITE("sync/backoff") {
  TEST_CASE("the ceiling doubles from a minute to a day") {
    CHECK(backoff_ceiling(0) == Duration{0});
    CHECK(backoff_ceiling(1) == minutes(1));
    CHECK(backoff_ceiling(2) == minutes(2));
    CHECK(backoff_ceiling(11) == minutes(1024));
    CHECK(backoff_ceiling(12) == days(1));
    CHECK(backoff_ceiling(UINT32_MAX) == days(1));
  }

  TEST_CASE("the wait is drawn from the whole of the ceiling") {
    bool low = false;
    bool high = false;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
      const Instant at = retry_at(Instant{1000}, 3, std::nullopt, seed);
      CHECK(at >= Instant{1000});
      CHECK(at <= Instant{1000} + minutes(4));
      low = low || at < Instant{1000} + seconds(30);
      high = high || at > Instant{1000} + seconds(210);
    }
    CHECK(low);
    CHECK(high);
  }

  TEST_CASE("Retry-After is the least, and at most a day") {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
      CHECK(retry_at(Instant{0}, 1, minutes(30), seed) == Instant{0} + minutes(30));
      CHECK(retry_at(Instant{0}, 1, days(400), seed) == Instant{0} + kBackoffMax);
    }
  }
}
