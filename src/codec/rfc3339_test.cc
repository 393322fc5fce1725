#include "codec/rfc3339.h"

#include "doctest/doctest.h"

using sluice::Instant;
using sluice::codec::format_rfc3339;
using sluice::codec::parse_rfc3339;

TEST_SUITE("codec/rfc3339") {
  TEST_CASE("a time is written in UTC with three digits of a second") {
    CHECK(format_rfc3339(Instant{0}) == "1970-01-01T00:00:00.000Z");
    CHECK(format_rfc3339(Instant{1767323045678}) == "2026-01-02T03:04:05.678Z");
    CHECK(format_rfc3339(Instant{-1}) == "1969-12-31T23:59:59.999Z");
    CHECK(format_rfc3339(Instant{951782400000}) == "2000-02-29T00:00:00.000Z");
  }

  TEST_CASE("times outside the format's years are clamped to its edges") {
    CHECK(format_rfc3339(Instant{INT64_MIN}) == "0000-01-01T00:00:00.000Z");
    CHECK(format_rfc3339(Instant{INT64_MAX}) == "9999-12-31T23:59:59.999Z");
  }

  TEST_CASE("what is written is read back") {
    for (std::int64_t ms = -40'000'000'000'000; ms < 60'000'000'000'000; ms += 777'777'777'777) {
      CAPTURE(ms);
      CHECK(parse_rfc3339(format_rfc3339(Instant{ms})) == Instant{ms});
    }
  }

  TEST_CASE("offsets are taken off and fractions cut") {
    CHECK(parse_rfc3339("2026-01-02T05:04:05.678999+02:00") == Instant{1767323045678});
    CHECK(parse_rfc3339("2026-01-01T21:34:05.6-05:30") == Instant{1767323045600});
    CHECK(parse_rfc3339("2026-01-02t03:04:05z") == Instant{1767323045000});
    CHECK(parse_rfc3339("2026-01-02 03:04:05Z") == Instant{1767323045000});
    CHECK(parse_rfc3339("2016-12-31T23:59:60Z") == Instant{1483228799000});
  }

  TEST_CASE("what is no time is refused") {
    for (const char* text : {"",
                             "2026",
                             "2026-01-02",
                             "2026-01-02T03:04:05",
                             "2026-02-29T00:00:00Z",
                             "2026-13-01T00:00:00Z",
                             "2026-00-01T00:00:00Z",
                             "2026-01-32T00:00:00Z",
                             "2026-01-02T24:00:00Z",
                             "2026-01-02T03:60:05Z",
                             "2026-01-02T03:04:61Z",
                             "2026-01-02T03:04:05.Z",
                             "2026-01-02T03:04:05.1234567890Z",
                             "2026-01-02T03:04:05Zx",
                             "2026-01-02T03:04:05+24:00",
                             "2026-01-02T03:04:05+0200",
                             "+026-01-02T03:04:05Z",
                             "2026-1-2T03:04:05Z",
                             " 2026-01-02T03:04:05Z",
                             "Fri, 02 Jan 2026 03:04:05 GMT"}) {
      CAPTURE(text);
      CHECK(!parse_rfc3339(text));
    }
  }
}
