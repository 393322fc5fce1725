#include <memory>
#include <utility>

#include "base/bounded_list.h"
#include "base/headers.h"
#include "base/id.h"
#include "base/prng.h"
#include "base/result.h"
#include "base/time.h"
#include "doctest/doctest.h"

namespace sluice {
namespace {

Result<int> half(int n) {
  if (n % 2 != 0) return Error{Errc::kBadArgument, "odd"};
  return n / 2;
}

Result<int> quarter(int n) {
  SLUICE_TRY(const int once, half(n));
  SLUICE_TRY(half(once));
  return half(once);
}

}  // namespace

TEST_SUITE("base/result") {
  TEST_CASE("an error passes through SLUICE_TRY, a value goes on") {
    CHECK(*quarter(8) == 2);
    CHECK(quarter(6).error() == Error{Errc::kBadArgument, "odd"});
    CHECK(quarter(7).error() == Error{Errc::kBadArgument, "odd"});
  }

  TEST_CASE("each code has a name and one disposition") {
    for (int code = 1; code <= 18; ++code) {
      CAPTURE(code);
      CHECK(!name(static_cast<Errc>(code)).empty());
    }
    CHECK(disposition(Errc::kOverloaded) == Disposition::kRetry);
    CHECK(disposition(Errc::kMalformed) == Disposition::kRefuse);
    CHECK(disposition(Errc::kCorrupt) == Disposition::kReport);
  }
}

TEST_SUITE("base/bounded_list") {
  TEST_CASE("only what was added is constructed, moved and destroyed") {
    const auto counted = std::make_shared<int>(0);
    {
      BoundedList<std::shared_ptr<int>, 3> list;
      CHECK(list.empty());
      list.push_back(counted);
      list.push_back(counted);
      CHECK(list.size() == 2);
      CHECK(counted.use_count() == 3);
      const BoundedList<std::shared_ptr<int>, 3> moved(std::move(list));
      CHECK(moved.size() == 2);
      CHECK(*moved.begin() == counted);
      CHECK(moved.end() - moved.begin() == 2);
      CHECK(counted.use_count() == 3);
    }
    CHECK(counted.use_count() == 1);
  }
}

TEST_SUITE("base/time") {
  TEST_CASE("arithmetic stops at both ends instead of overflowing") {
    constexpr Instant kLast{INT64_MAX};
    constexpr Instant kFirst{INT64_MIN};
    CHECK(kLast + milliseconds(1) == kLast);
    CHECK(kFirst - milliseconds(1) == kFirst);
    CHECK(kLast - kFirst == Duration{INT64_MAX});
    CHECK(kFirst - kLast == Duration{INT64_MIN});
    CHECK(Instant{5} - Instant{7} == Duration{-2});
  }
}

TEST_SUITE("base/prng") {
  TEST_CASE("equal seeds draw equal numbers, other seeds others") {
    Prng a(1);
    Prng b(1);
    Prng c(2);
    int same = 0;
    for (int i = 0; i < 100; ++i) {
      const std::uint64_t drawn = a.next();
      CHECK(drawn == b.next());
      same += drawn == c.next() ? 1 : 0;
    }
    CHECK(same == 0);
  }

  TEST_CASE("below reaches every number under its bound and none beyond") {
    Prng prng(3);
    std::array<int, 7> seen{};
    for (int i = 0; i < 7000; ++i) ++seen[static_cast<std::size_t>(prng.below(7))];
    for (const int times : seen) CHECK((times > 800 && times < 1200));
    CHECK(prng.below(1) == 0);
  }

  TEST_CASE("a chance of none never strikes and a chance of all always") {
    Prng prng(4);
    for (int i = 0; i < 100; ++i) {
      CHECK(!prng.chance(0, 10));
      CHECK(prng.chance(10, 10));
    }
  }
}

TEST_SUITE("base/id") {
  TEST_CASE("sequence numbers only grow, also when the clock steps back") {
    SeqSource source(0);
    Seq last = source.next(Instant{1000});
    CHECK(time_of(last) == Instant{1000});
    for (const std::int64_t ms : {1000, 1000, 500, -3, 1001}) {
      const Seq next = source.next(Instant{ms});
      CHECK(next > last);
      last = next;
    }
    CHECK(time_of(last) == Instant{1001});
  }

  TEST_CASE("more than a counter's worth in one millisecond moves on to the next") {
    SeqSource source(0);
    Seq last = 0;
    for (int i = 0; i < 70'000; ++i) {
      const Seq next = source.next(Instant{42});
      CHECK(next > last);
      last = next;
    }
    CHECK(time_of(last) >= Instant{42});
    CHECK(time_of(last) <= Instant{44});
  }

  TEST_CASE("an id survives its text, and nothing else is an id") {
    const Id id{.seq = 0x0123456789abcdefULL, .random = 0xfedcba9876543210ULL};
    CHECK(format(id) == "0123456789abcdeffedcba9876543210");
    CHECK(format("evt_", id) == "evt_0123456789abcdeffedcba9876543210");
    CHECK(parse_id("evt_", format("evt_", id)) == id);
    CHECK(!parse_id("msg_", format("evt_", id)));
    CHECK(!parse_id("", "0123456789ABCDEFfedcba9876543210"));
    CHECK(!parse_id("", "0123456789abcdeffedcba987654321"));
    CHECK(!parse_id("", "0123456789abcdeffedcba98765432100"));
    CHECK(!parse_id("", ""));
  }

  TEST_CASE("the byte order of fixed-width numbers is their numeric order") {
    const std::uint64_t numbers[] = {0, 1, 9, 10, 255, 256, UINT64_MAX - 1, UINT64_MAX};
    for (std::size_t i = 0; i + 1 < std::size(numbers); ++i) {
      const FixedHex less = fixed_hex(numbers[i]);
      const FixedHex more = fixed_hex(numbers[i + 1]);
      CHECK(std::string_view(less) < std::string_view(more));
      CHECK(parse_fixed_hex(fixed_hex(numbers[i])) == numbers[i]);
    }
    CHECK(!parse_fixed_hex("12"));
    CHECK(!parse_fixed_hex("000000000000000G"));
  }
}

TEST_SUITE("base/headers") {
  TEST_CASE("repeats stay apart, and the first one is found") {
    const Headers headers = {
        {.name = "a", .value = "1"}, {.name = "b", .value = "2"}, {.name = "a", .value = "3"}};
    CHECK(count(headers, "a") == 2);
    CHECK(count(headers, "c") == 0);
    CHECK(find(headers, "a") == "1");
    CHECK(!find(headers, "c"));
    CHECK(lower_case("X-Shopify-\xc3\x84") == "x-shopify-\xc3\x84");
  }
}

}  // namespace sluice
