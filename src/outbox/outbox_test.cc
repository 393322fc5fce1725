#include "doctest/doctest.h"
#include "outbox/claim.h"
#include "outbox/endpoint.h"
#include "outbox/message.h"
#include "outbox/retry.h"

#include <set>

#include "base/prng.h"

namespace sluice::outbox {
namespace {

constexpr Instant kNow{1'700'000'000'000};

Plan after(std::uint16_t status, std::uint32_t failures = 0, std::uint64_t random = 0) {
  return plan({.status = status, .fault = {}, .retry_after = std::nullopt}, failures,
              default_schedule(), kNow, random);
}

Message sample() {
  return {.id = {.seq = 7, .random = 8},
          .event = {.seq = 5, .random = 6},
          .endpoint = "crm",
          .order = "00112233445566778899aabbccddeeff",
          .state = MessageState::kDead,
          .attempts = 3,
          .failures = 2,
          .created_at = kNow,
          .due = kNow + seconds(5),
          .finished_at = kNow + seconds(9),
          .status = 503,
          .reason = "server_error",
          .fence = {.epoch = 4, .n = 9}};
}

}  // namespace

TEST_SUITE("outbox/retry") {
  TEST_CASE("only 2xx is done, 410 turns the endpoint off, all else is tried again") {
    for (std::uint16_t status = 100; status < 600; ++status) {
      CAPTURE(status);
      const Next next = after(status).next;
      if (status >= 200 && status < 300) {
        CHECK(next == Next::kDone);
      } else if (status == 410) {
        CHECK(next == Next::kEndpointOff);
      } else {
        CHECK(next == Next::kRetry);
      }
    }
  }

  TEST_CASE("ten attempts are made, then the message is dead") {
    CHECK(default_schedule().size() == 10);
    CHECK(after(500, 8).next == Next::kRetry);
    CHECK(after(500, 9).next == Next::kDead);
    CHECK(after(302, 9).reason == "redirect");
  }

  TEST_CASE("a delay is jittered over its whole length, both ends included") {
    std::set<std::int64_t> delays;
    Prng prng(1);
    const std::vector<Duration> schedule = {seconds(0), milliseconds(3)};
    for (int i = 0; i < 200; ++i) {
      const Plan next = plan({.status = 500, .fault = {}, .retry_after = std::nullopt}, 0, schedule,
                             kNow, prng.next());
      delays.insert((next.due - kNow).ms);
    }
    CHECK(delays == std::set<std::int64_t>{0, 1, 2, 3});
  }

  TEST_CASE("Retry-After is a lower bound, up to a day") {
    const auto due = [](Duration advice) {
      return plan({.status = 429, .fault = {}, .retry_after = advice}, 0, default_schedule(), kNow,
                  5000)
          .due;
    };
    CHECK(due(seconds(1)) == kNow + seconds(5));
    CHECK(due(seconds(60)) == kNow + seconds(60));
    CHECK(due(days(30)) == kNow + days(1));
  }

  TEST_CASE("Retry-After is digits or a date, and nothing else is advice") {
    CHECK(parse_retry_after("120", kNow) == seconds(120));
    CHECK(parse_retry_after("0", kNow) == seconds(0));
    CHECK(parse_retry_after("Tue, 14 Nov 2023 22:13:30 GMT", kNow) == seconds(10));
    CHECK(parse_retry_after("Tue, 14 Nov 2023 22:13:10 GMT", kNow) == seconds(0));
    for (const auto* text : {"", " 1", "1 ", "-1", "+1", "1.5", "1e3", "0x10", "99999999999",
                             "Mon, 14 Nov 2023 22:13:30 GMT", "Tue, 14 Nov 2023 22:13:30 UTC",
                             "Tue, 14 Nov 2023 25:13:30 GMT", "Tue, 14 Foo 2023 22:13:30 GMT"}) {
      CAPTURE(text);
      CHECK(!parse_retry_after(text, kNow).has_value());
    }
  }

  TEST_CASE("the date of RFC 9110 reads as its instant") {
    CHECK(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT") == Instant{784'111'777'000});
  }
}

TEST_SUITE("outbox/rows") {
  TEST_CASE("rows come back as they were written") {
    CHECK(*decode_message(encode(sample())) == sample());
    const Attempt attempt{.at = kNow,
                          .took = seconds(2),
                          .status = 500,
                          .reason = "server_error",
                          .response = Bytes("a\0b", 3),
                          .truncated = true,
                          .fence = {.epoch = 1, .n = 2}};
    CHECK(*decode_attempt(encode(attempt)) == attempt);
    const EndpointState state{.status = EndpointStatus::kOff,
                              .timer = kNow,
                              .failures_in_row = 3,
                              .timed_out_last = true,
                              .changed_at = kNow};
    CHECK(*decode_endpoint_state(encode(state)) == state);
    const InFlight marker{.epoch = 3, .until = kNow, .seqs = {1, 2, 0xffff'ffff'ffffU}};
    CHECK(*decode_in_flight(encode(marker)) == marker);
  }

  TEST_CASE("a row cut anywhere is corrupt, and one of a newer format is unknown") {
    const Bytes row = encode(sample());
    for (std::size_t size = 0; size < row.size(); ++size) {
      CAPTURE(size);
      CHECK(decode_message(ByteView(row).substr(0, size)).error().code == Errc::kCorrupt);
    }
    Bytes newer = row;
    newer[0] = 2;
    CHECK(decode_message(newer).error().code == Errc::kUnknownFormat);
  }
}

}  // namespace sluice::outbox
