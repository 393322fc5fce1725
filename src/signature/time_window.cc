#include "signature/time_window.h"

#include <algorithm>
#include <string>

namespace sluice::signature {

std::optional<Refusal> check_window(const TimeSite& site, std::int64_t seconds, Instant now) {
  const Duration future = site.future_limit == FutureLimit::kAtMostPast
                              ? std::min(site.future, site.past)
                              : site.future;
  const std::int64_t age = saturating_subtract(second_of(now), seconds);
  const auto skew = [&] { return "clock skew " + std::to_string(age) + " s"; };
  if (age > site.past.ms / 1000) return Refusal{Reason::kTimestampTooOld, skew()};
  if (age < -(future.ms / 1000)) return Refusal{Reason::kTimestampTooNew, skew()};
  return std::nullopt;
}

std::optional<std::int64_t> parse_seconds(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789";
  const std::size_t end = std::min(text.find_first_not_of(kDigits), text.size());
  if (end == 0 || end > 15) return std::nullopt;
  const std::string_view fraction = text.substr(end);
  if (!fraction.empty() && (fraction[0] != '.' || fraction.size() == 1 || fraction.size() > 20 ||
                            fraction.find_first_not_of(kDigits, 1) != std::string_view::npos)) {
    return std::nullopt;
  }
  std::int64_t seconds = 0;
  for (const char c : text.substr(0, end)) seconds = seconds * 10 + (c - '0');
  return seconds;
}

std::int64_t second_of(Instant now) {
  const std::int64_t quotient = now.ms / 1000;
  return now.ms % 1000 < 0 ? quotient - 1 : quotient;
}

}  // namespace sluice::signature
