#include "sync/window.h"

#include "doctest/doctest.h"

using namespace sluice;
using sluice::sync::next_window;
using sluice::sync::Window;
using sluice::sync::WindowPolicy;

namespace {

constexpr WindowPolicy kPolicy{
    .overlap = {5}, .settle = {10}, .span_max = {100}, .backfill = {1000}};

}  // namespace

TEST_SUITE("sync/window") {
  TEST_CASE("a window reaches back by the overlap and stops at the settled edge") {
    CHECK(next_window(Instant{1000}, Instant{1050}, kPolicy) == Window{{995}, {1040}});
  }

  TEST_CASE("nothing is read before something has settled") {
    CHECK(!next_window(Instant{1000}, Instant{1010}, kPolicy));
    CHECK(next_window(Instant{1000}, Instant{1011}, kPolicy) == Window{{995}, {1001}});
  }

  TEST_CASE("a window spans at most span_max behind the cursor, so a backlog drains in passes") {
    CHECK(next_window(Instant{1000}, Instant{1110}, kPolicy) == Window{{995}, {1100}});
    CHECK(next_window(Instant{1000}, Instant{1111}, kPolicy) == Window{{995}, {1100}});
    std::optional<Instant> cursor = Instant{0};
    int passes = 0;
    while (const auto window = next_window(cursor, Instant{100'010}, kPolicy)) {
      CHECK(window->end > *cursor);
      cursor = window->end;
      ++passes;
    }
    CHECK(passes == 1000);
    CHECK(cursor == Instant{100'000});
  }

  TEST_CASE("without a cursor the first window begins at the backfill, without overlap") {
    CHECK(next_window(std::nullopt, Instant{5010}, kPolicy) == Window{{4000}, {4100}});
  }

  TEST_CASE("a cursor ahead of the clock waits") {
    CHECK(!next_window(Instant{2000}, Instant{1000}, kPolicy));
  }

  TEST_CASE("times at the edges of their range do not overflow") {
    const WindowPolicy policy{
        .overlap = {INT64_MAX}, .settle = {0}, .span_max = {INT64_MAX}, .backfill = {INT64_MAX}};
    CHECK(next_window(Instant{0}, Instant{INT64_MAX}, policy) == Window{{-INT64_MAX}, {INT64_MAX}});
    CHECK(next_window(std::nullopt, Instant{0}, policy).has_value());
  }
}
