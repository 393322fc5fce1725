#include "outbox/retry.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/assert.h"

namespace sluice::outbox {
namespace {

std::string_view reason_of(const Answer& answer) {
  if (answer.status == 0) return answer.fault;
  if (answer.status == 410) return "gone";
  if (answer.status == 429) return "throttled";
  if (answer.status >= 500) return "server_error";
  if (answer.status >= 400) return "client_error";
  if (answer.status >= 300) return "redirect";
  return "no_final_answer";
}

std::optional<std::int64_t> digits(std::string_view text) {
  if (text.empty() || text.size() > 10) return std::nullopt;
  std::int64_t number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number;
}

// Days since 1970-01-01 of a date in the proleptic Gregorian calendar.
std::int64_t days_from_civil(std::int64_t year, std::int64_t month, std::int64_t day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

}  // namespace

std::vector<Duration> default_schedule() {
  return {seconds(0), seconds(5), minutes(5), minutes(30), hours(2),
          hours(5),   hours(10),  hours(14),  hours(20),   hours(24)};
}

Plan plan(const Answer& answer, std::uint32_t failures, const std::vector<Duration>& schedule,
          Instant now, std::uint64_t random) {
  SLUICE_ASSERT(answer.status != 0 || !answer.fault.empty());
  if (answer.status >= 200 && answer.status < 300)
    return {.next = Next::kDone, .due = {}, .reason = {}};

  const std::string_view reason = reason_of(answer);
  if (answer.status == 410) return {.next = Next::kEndpointOff, .due = now, .reason = reason};

  const std::size_t next = static_cast<std::size_t>(failures) + 1;
  if (next >= schedule.size()) return {.next = Next::kDead, .due = {}, .reason = reason};

  const auto span = static_cast<std::uint64_t>(std::max<std::int64_t>(schedule[next].ms, 0)) + 1;
  Duration delay{static_cast<std::int64_t>(random % span)};
  if (answer.retry_after) delay = std::max(delay, std::min(*answer.retry_after, kRetryAfterMax));
  return {.next = Next::kRetry, .due = now + delay, .reason = reason};
}

std::optional<Duration> parse_retry_after(std::string_view text, Instant now) {
  if (const auto number = digits(text)) return seconds(*number);
  const auto date = parse_http_date(text);
  if (!date) return std::nullopt;
  return std::max(*date - now, Duration{0});
}

std::optional<Instant> parse_http_date(std::string_view text) {
  static constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed",
                                                            "Thu", "Fri", "Sat"};
  static constexpr std::array<std::string_view, 12> kMonths = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != 29 || text.substr(3, 2) != ", " || text[7] != ' ' || text[11] != ' ' ||
      text[16] != ' ' || text[19] != ':' || text[22] != ':' || text.substr(25) != " GMT") {
    return std::nullopt;
  }
  const auto month = std::find(kMonths.begin(), kMonths.end(), text.substr(8, 3));
  const auto day = digits(text.substr(5, 2));
  const auto year = digits(text.substr(12, 4));
  const auto hour = digits(text.substr(17, 2));
  const auto minute = digits(text.substr(20, 2));
  const auto second = digits(text.substr(23, 2));
  if (month == kMonths.end() || !day || !year || !hour || !minute || !second) return std::nullopt;
  if (*day < 1 || *day > 31 || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;

  const std::int64_t whole_days = days_from_civil(*year, month - kMonths.begin() + 1, *day);
  const auto weekday = static_cast<std::size_t>(((whole_days + 4) % 7 + 7) % 7);
  if (text.substr(0, 3) != kDays[weekday]) return std::nullopt;
  return Instant{(((whole_days * 24 + *hour) * 60 + *minute) * 60 + *second) * 1000};
}

}  // namespace sluice::outbox
