#include "signature/signing_time.h"

#include <algorithm>
#include <array>

#include "codec/rfc3339.h"
#include "signature/message_shape.h"

namespace sluice::signature {
namespace {

constexpr std::size_t kSecondsDigits = 11;  // A number with more stands for milliseconds.
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kWeekdays = {"Thu", "Fri", "Sat", "Sun",
                                                       "Mon", "Tue", "Wed"};

std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  const std::int64_t quotient = a / b;
  return a % b < 0 ? quotient - 1 : quotient;
}

// ASCII digits only.
std::optional<std::int64_t> parse_digits(std::string_view text) {
  if (text.empty() || text.size() > kTimeTextMax) return std::nullopt;
  std::int64_t value = 0;
  bool saturated = false;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    saturated = saturated || __builtin_mul_overflow(value, 10, &value) ||
                __builtin_add_overflow(value, c - '0', &value);
  }
  return saturated ? INT64_MAX : value;
}

std::string two_digits(std::size_t n) {
  return {static_cast<char>('0' + n / 10), static_cast<char>('0' + n % 10)};
}

std::string_view weekday(Instant time) {
  const std::int64_t day = floor_divide(time.ms, days(1).ms);
  return kWeekdays[static_cast<std::size_t>(((day % 7) + 7) % 7)];
}

// "Sun, 06 Nov 1994 08:49:37 GMT": the one form that is written today, by way of RFC 3339, so that
// a date that does not exist is none here either.
std::optional<Instant> parse_http_date(std::string_view text) {
  if (text.size() != 29 || text.substr(3, 2) != ", " || text[7] != ' ' || text[11] != ' ' ||
      text[16] != ' ' || text.substr(25) != " GMT") {
    return std::nullopt;
  }
  const auto month = std::find(kMonths.begin(), kMonths.end(), text.substr(8, 3));
  if (month == kMonths.end()) return std::nullopt;
  const auto number = static_cast<std::size_t>(month - kMonths.begin()) + 1;
  const std::string date = std::string(text.substr(12, 4)) + "-" + two_digits(number) + "-" +
                           std::string(text.substr(5, 2)) + "T" + std::string(text.substr(17, 8)) +
                           "Z";
  const auto time = codec::parse_rfc3339(date);
  if (!time || weekday(*time) != text.substr(0, 3)) return std::nullopt;
  return time;
}

std::string format_http_date(Instant time) {
  const std::string date = codec::format_rfc3339(time);  // 2026-01-02T03:04:05.678Z
  const auto month = static_cast<std::size_t>((date[5] - '0') * 10 + (date[6] - '0'));
  return std::string(weekday(time)) + ", " + date.substr(8, 2) + " " +
         std::string(kMonths[month - 1]) + " " + date.substr(0, 4) + " " + date.substr(11, 8) +
         " GMT";
}

}  // namespace

std::optional<SigningTime> parse_time(TimeFormat format, std::string_view text) {
  if (format == TimeFormat::kRfc3339 || format == TimeFormat::kHttpDate) {
    const bool rfc3339 = format == TimeFormat::kRfc3339;
    const auto time = rfc3339 ? codec::parse_rfc3339(text) : parse_http_date(text);
    if (!time) return std::nullopt;
    return rfc3339 ? SigningTime{time->ms, 1} : SigningTime{floor_divide(time->ms, 1000), 1000};
  }
  const auto value = parse_digits(text);
  if (!value) return std::nullopt;
  const bool seconds =
      format == TimeFormat::kSeconds ||
      (format == TimeFormat::kSecondsOrMilliseconds && text.size() <= kSecondsDigits);
  return SigningTime{*value, seconds ? 1000 : 1};
}

std::string format_time(TimeFormat format, Instant time) {
  switch (format) {
    case TimeFormat::kMilliseconds: return std::to_string(time.ms);
    case TimeFormat::kRfc3339: return codec::format_rfc3339(time);
    case TimeFormat::kHttpDate: return format_http_date(time);
    case TimeFormat::kSeconds:
    case TimeFormat::kSecondsOrMilliseconds: break;
  }
  return std::to_string(floor_divide(time.ms, 1000));
}

std::optional<Refusal> check_time(const TimeSite& site, std::string_view text, Instant now,
                                  std::optional<Instant>& signed_at) {
  if (site.from.place == Place::kNone) return std::nullopt;
  const auto time = parse_time(site.format, text);
  if (!time) return Refusal{Reason::kTimestampMalformed, "the timestamp is not of its format"};
  const std::int64_t unit = time->unit_ms;
  const std::int64_t age = saturating_subtract(floor_divide(now.ms, unit), time->value);
  const Duration future = site.future_limit == FutureLimit::kAtMostPast
                              ? std::min(site.future, site.past)
                              : site.future;
  const auto skew = [&] { return "clock skew " + std::to_string(age / (1000 / unit)) + " s"; };
  if (age > floor_divide(site.past.ms, unit)) return Refusal{Reason::kTimestampTooOld, skew()};
  if (age < -floor_divide(future.ms, unit)) return Refusal{Reason::kTimestampTooNew, skew()};
  signed_at = Instant{time->value * unit};  // Within the limits of now, so it fits.
  return std::nullopt;
}

}  // namespace sluice::signature
