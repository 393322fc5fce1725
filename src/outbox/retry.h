// What the answer to an attempt means for the next one.
//
//   2xx            done
//   410            the endpoint is off; the message stays
//   anything else  retry after the schedule's next delay, with full jitter; a redirect is a failure
//   the last one   dead
//
// `Retry-After` (RFC 9110, section 10.2.3) is honoured as a lower bound, up to a day. The schedule
// is that of Standard Webhooks: 0 s, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace sluice::outbox {

inline constexpr Duration kRetryAfterMax = hours(24);

[[nodiscard]] std::vector<Duration> default_schedule();

// What came of one HTTP try. `fault` is empty where there was an answer.
struct Answer {
  std::uint16_t status = 0;
  std::string_view fault;  // A literal: "timeout", "connect", ...
  std::optional<Duration> retry_after;
};

enum class Next : std::uint8_t { kDone, kRetry, kEndpointOff, kDead };

struct Plan {
  Next next{};
  Instant due;              // For kRetry and kEndpointOff.
  std::string_view reason;  // A literal; empty for kDone.
};

// `failures` counts the failed attempts before this one. `random` is any 64 random bits.
[[nodiscard]] Plan plan(const Answer& answer, std::uint32_t failures,
                        const std::vector<Duration>& schedule, Instant now, std::uint64_t random);

// A number of seconds, or an IMF-fixdate. Anything else, also a negative or overlong number, is
// no advice.
[[nodiscard]] std::optional<Duration> parse_retry_after(std::string_view text, Instant now);

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, section 5.6.7), exactly.
[[nodiscard]] std::optional<Instant> parse_http_date(std::string_view text);

}  // namespace sluice::outbox
