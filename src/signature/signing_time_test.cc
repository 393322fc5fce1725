#include "signature/signing_time.h"

#include "doctest/doctest.h"

namespace sluice::signature {
namespace {

constexpr Instant kNow{1'531'420'618'123};  // 2018-07-12T18:36:58.123Z

std::string answer(TimeFormat format, std::string_view text, Instant now = kNow) {
  const TimeSite site{.from = {Place::kHeader, "x-time"}, .format = format};
  std::optional<Instant> signed_at;
  const auto refusal = check_time(site, text, now, signed_at);
  if (refusal) return std::string(name(refusal->reason));
  return std::to_string(signed_at->ms);
}

TEST_SUITE("signature/signing_time") {
  TEST_CASE("each format is read to its own precision") {
    CHECK(answer(TimeFormat::kSeconds, "1531420618") == "1531420618000");
    CHECK(answer(TimeFormat::kMilliseconds, "1531420618123") == "1531420618123");
    CHECK(answer(TimeFormat::kSecondsOrMilliseconds, "1531420618") == "1531420618000");
    CHECK(answer(TimeFormat::kSecondsOrMilliseconds, "1531420618123") == "1531420618123");
    CHECK(answer(TimeFormat::kRfc3339, "2018-07-12T18:36:58.123456789Z") == "1531420618123");
    CHECK(answer(TimeFormat::kRfc3339, "2018-07-12T20:36:58+02:00") == "1531420618000");
    CHECK(answer(TimeFormat::kHttpDate, "Thu, 12 Jul 2018 18:36:58 GMT") == "1531420618000");
  }

  TEST_CASE("what is written is read back") {
    for (const TimeFormat format :
         {TimeFormat::kSeconds, TimeFormat::kMilliseconds, TimeFormat::kSecondsOrMilliseconds,
          TimeFormat::kRfc3339, TimeFormat::kHttpDate}) {
      for (const std::int64_t ms :
           {0LL, 951'782'400'000LL, 1'531'420'618'000LL, 4'102'444'799'000LL}) {
        const auto time = parse_time(format, format_time(format, Instant{ms}));
        CHECK(time.has_value());
        if (time) CHECK(time->value * time->unit_ms == ms);
      }
    }
    CHECK(format_time(TimeFormat::kHttpDate, Instant{784'111'777'000}) ==
          "Sun, 06 Nov 1994 08:49:37 GMT");  // The example of RFC 9110.
  }

  TEST_CASE("24 hours in the future are refused in every format") {
    for (const TimeFormat format :
         {TimeFormat::kSeconds, TimeFormat::kMilliseconds, TimeFormat::kSecondsOrMilliseconds,
          TimeFormat::kRfc3339, TimeFormat::kHttpDate}) {
      CHECK(answer(format, format_time(format, kNow + hours(24))) == "timestamp_too_new");
      CHECK(answer(format, format_time(format, kNow - hours(24))) == "timestamp_too_old");
    }
  }

  TEST_CASE("another format is no time") {
    for (const std::string_view text :
         {"", "1531420618.5", "-1", "+1", " 1", "1 ", "0x1", "1e9", "2018-07-12T18:36:58Z"}) {
      CAPTURE(text);
      CHECK(answer(TimeFormat::kSeconds, text) == "timestamp_malformed");
    }
    for (const std::string_view text :
         {"1531420618", "2018-07-12", "2018-07-12T18:36:58", "2018-02-30T00:00:00Z"}) {
      CAPTURE(text);
      CHECK(answer(TimeFormat::kRfc3339, text) == "timestamp_malformed");
    }
    for (const std::string_view text :
         {"Fri, 12 Jul 2018 18:36:58 GMT", "Thu, 12 Jul 2018 18:36:58 UTC",
          "Thu, 31 Feb 2018 18:36:58 GMT", "Thu, 12 jul 2018 18:36:58 GMT",
          "Thursday, 12-Jul-18 18:36:58 GMT", "Thu, 12 Jul 2018 18:36:58 GMT "}) {
      CAPTURE(text);
      CHECK(answer(TimeFormat::kHttpDate, text) == "timestamp_malformed");
    }
  }

  TEST_CASE("milliseconds where seconds are expected are no time of today") {
    CHECK(answer(TimeFormat::kSeconds, "1531420618123") == "timestamp_too_new");
    CHECK(answer(TimeFormat::kMilliseconds, "1531420618") == "timestamp_too_old");
  }
}

}  // namespace
}  // namespace sluice::signature
