// When a request was signed, in the forms that providers write it, and whether that is in time.
//
//   1531420618          kSeconds            2018-07-12T20:10:18.123Z         kRfc3339
//   1531420618123       kMilliseconds       Thu, 12 Jul 2018 20:10:18 GMT    kHttpDate (RFC 9110)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "signature/verify.h"

namespace sluice::signature {

// A time and the unit it was written in, in which it is compared.
struct SigningTime {
  std::int64_t value = 0;  // Since 1970. A number too large to hold saturates.
  std::int64_t unit_ms = 1000;
};

[[nodiscard]] std::optional<SigningTime> parse_time(TimeFormat format, std::string_view text);

[[nodiscard]] std::string format_time(TimeFormat format, Instant time);

// A refusal when the text is no time, or one too far from now; both limits are inclusive. They are
// compared in the text's own unit, as providers' libraries do: with seconds, any moment of the
// 300th second is still in time.
[[nodiscard]] std::optional<Refusal> check_time(const TimeSite& site, std::string_view text,
                                                Instant now, std::optional<Instant>& signed_at);

}  // namespace sluice::signature
