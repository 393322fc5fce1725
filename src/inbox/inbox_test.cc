#include "doctest/doctest.h"
#include "inbox/dedupe.h"
#include "inbox/event.h"

namespace sluice::inbox {
namespace {

constexpr Instant kNow{1'700'000'000'000};

}  // namespace

TEST_SUITE("inbox/event") {
  TEST_CASE("an event comes back as it was written, its body byte for byte") {
    const Event event{.id = {.seq = 1, .random = 2},
                      .source = "github",
                      .received_at = kNow,
                      .headers = {{.name = "x-github-event", .value = "push"}},
                      .body = Bytes("\0\xff{", 3),
                      .blob = "",
                      .body_size = 3,
                      .identity = "abc",
                      .secret = 1,
                      .routing = Routing::kSuspectedReplay,
                      .unfinished = 2,
                      .dead = 1};
    const Bytes row = encode(event);
    CHECK(*decode_event(row) == event);
    for (std::size_t size = 0; size < row.size(); ++size) {
      CHECK(!decode_event(ByteView(row).substr(0, size)).has_value());
    }
  }

  TEST_CASE("headers that could carry a secret are not kept") {
    const Headers kept = kept_headers({{.name = "content-type", .value = "application/json"},
                                       {.name = "x-github-event", .value = "push"},
                                       {.name = "x-hub-signature-256", .value = "sha256=00"},
                                       {.name = "x-gitlab-token", .value = "s"},
                                       {.name = "x-api-key", .value = "s"},
                                       {.name = "authorization", .value = "Bearer s"},
                                       {.name = "x-forwarded-for", .value = "1.2.3.4"},
                                       {.name = "ce-type", .value = "t"},
                                       {.name = "accept", .value = "*/*"}});
    CHECK(kept == Headers{{.name = "content-type", .value = "application/json"},
                          {.name = "x-github-event", .value = "push"},
                          {.name = "ce-type", .value = "t"}});
  }

  TEST_CASE("a flood of headers is cut, not stored") {
    Headers flood;
    for (int i = 0; i < 1000; ++i) flood.push_back({.name = "x-a", .value = std::string(100, 'v')});
    CHECK(kept_headers(flood).size() == 64);
    CHECK(kept_headers({{.name = "x-a", .value = std::string(9000, 'v')}}).empty());
  }
}

TEST_SUITE("inbox/dedupe") {
  TEST_CASE("a digest tells new, duplicate and suspected replay apart") {
    const Seen seen{.at = kNow, .event = {.seq = 1, .random = 1}, .identity = "a"};
    CHECK(judge(std::nullopt, std::nullopt, "a") == Delivery::kNew);
    CHECK(judge(seen, std::nullopt, "a") == Delivery::kDuplicate);
    CHECK(judge(seen, std::nullopt, "b") == Delivery::kSuspectedReplay);
    CHECK(judge(seen, seen, "b") == Delivery::kDuplicate);
  }

  TEST_CASE("the horizon counts to the millisecond, and a clock that stepped back still counts") {
    CHECK(is_within(kNow, kNow + days(5), days(5)));
    CHECK(!is_within(kNow, kNow + days(5) + milliseconds(1), days(5)));
    CHECK(is_within(kNow, kNow - days(1), days(5)));
  }

  TEST_CASE("every row within the longest horizon is in this bucket or the one before") {
    for (std::int64_t day = 0; day < 40; ++day) {
      const Instant now = kNow + days(day);
      CHECK(bucket_of(now) - bucket_of(now - kHorizonMax) <= 1);
    }
  }

  TEST_CASE("a row of dedupe comes back as it was written") {
    const Seen seen{.at = kNow, .event = {.seq = 1, .random = 1}, .identity = "a"};
    CHECK(*decode_seen(encode(seen)) == seen);
  }
}

}  // namespace sluice::inbox
