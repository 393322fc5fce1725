#include "codec/rfc3339.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/assert.h"

namespace sluice::codec {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kLeast = -62'167'219'200'000;     // 0000-01-01T00:00:00.000Z
constexpr std::int64_t kGreatest = 253'402'300'799'999;  // 9999-12-31T23:59:59.999Z

struct Date {
  std::int64_t year = 0;
  std::int64_t month = 1;
  std::int64_t day = 1;
};

// Days since 1970-01-01 in the proleptic Gregorian calendar. Years begin in March here, so that
// the leap day is the last; 400 of them are an era of 146,097 days.
std::int64_t days_of(const Date& date) {
  const std::int64_t year = date.month <= 2 ? date.year - 1 : date.year;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t month = (date.month + 9) % 12;
  const std::int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

Date date_of(std::int64_t days) {
  const std::int64_t shifted = days + 719'468;
  const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146'096) / 146'097;
  const std::int64_t day_of_era = shifted - era * 146'097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month = (5 * day_of_year + 2) / 153;
  Date date;
  date.day = day_of_year - (153 * month + 2) / 5 + 1;
  date.month = month < 10 ? month + 3 : month - 9;
  date.year = year_of_era + era * 400 + (date.month <= 2 ? 1 : 0);
  return date;
}

std::int64_t days_in(std::int64_t year, std::int64_t month) {
  if (month == 2) return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

void append(std::string& text, std::int64_t number, std::size_t width) {
  std::string digits = std::to_string(number);
  SLUICE_ASSERT(digits.size() <= width);
  text.append(width - digits.size(), '0');
  text += digits;
}

// Takes fixed-width fields off the front; the error is sticky.
class Fields {
 public:
  explicit Fields(std::string_view text) : rest_(text) {}

  std::int64_t number(std::size_t digits) {
    std::int64_t value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      const char c = next();
      if (c < '0' || c > '9') ok_ = false;
      value = value * 10 + (c - '0');
    }
    return ok_ ? value : 0;
  }

  void literal(std::string_view any_of) {
    if (any_of.find(next()) == std::string_view::npos) ok_ = false;
  }

  // The digits behind a decimal point, cut to milliseconds; 0 where there is no point.
  std::int64_t fraction() {
    if (rest_.empty() || rest_[0] != '.') return 0;
    rest_.remove_prefix(1);
    std::size_t digits = 0;
    std::int64_t ms = 0;
    while (!rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9') {
      if (digits < 3) ms = ms * 10 + (rest_[0] - '0');
      ++digits;
      rest_.remove_prefix(1);
    }
    if (digits == 0 || digits > 9) ok_ = false;
    for (std::size_t i = digits; i < 3; ++i) ms *= 10;
    return ms;
  }

  // Minutes east of UTC.
  std::int64_t offset() {
    const char sign = next();
    if (sign == 'Z' || sign == 'z') return 0;
    if (sign != '+' && sign != '-') ok_ = false;
    const std::int64_t hours = number(2);
    literal(":");
    const std::int64_t minutes = number(2);
    if (hours > 23 || minutes > 59) ok_ = false;
    return (hours * 60 + minutes) * (sign == '-' ? -1 : 1);
  }

  [[nodiscard]] bool at_end() const { return ok_ && rest_.empty(); }

 private:
  char next() {
    if (rest_.empty()) {
      ok_ = false;
      return '\0';
    }
    const char c = rest_[0];
    rest_.remove_prefix(1);
    return c;
  }

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace

std::string format_rfc3339(Instant t) {
  const std::int64_t ms = std::clamp(t.ms, kLeast, kGreatest);
  std::int64_t days = ms / kDayMs;
  std::int64_t rest = ms % kDayMs;
  if (rest < 0) {
    rest += kDayMs;
    days -= 1;
  }
  const Date date = date_of(days);
  std::string text;
  append(text, date.year, 4);
  text += '-';
  append(text, date.month, 2);
  text += '-';
  append(text, date.day, 2);
  text += 'T';
  append(text, rest / 3'600'000, 2);
  text += ':';
  append(text, rest / 60'000 % 60, 2);
  text += ':';
  append(text, rest / 1000 % 60, 2);
  text += '.';
  append(text, rest % 1000, 3);
  text += 'Z';
  return text;
}

std::optional<Instant> parse_rfc3339(std::string_view text) {
  Fields fields(text);
  Date date;
  date.year = fields.number(4);
  fields.literal("-");
  date.month = fields.number(2);
  fields.literal("-");
  date.day = fields.number(2);
  fields.literal("Tt ");
  const std::int64_t hour = fields.number(2);
  fields.literal(":");
  const std::int64_t minute = fields.number(2);
  fields.literal(":");
  const std::int64_t second = fields.number(2);
  const std::int64_t ms = fields.fraction();
  const std::int64_t offset = fields.offset();
  if (!fields.at_end()) return std::nullopt;
  if (date.month < 1 || date.month > 12) return std::nullopt;
  if (date.day < 1 || date.day > days_in(date.year, date.month)) return std::nullopt;
  if (hour > 23 || minute > 59 || second > 60) return std::nullopt;

  const std::int64_t seconds = hour * 3600 + minute * 60 + std::min<std::int64_t>(second, 59);
  const std::int64_t local = days_of(date) * kDayMs + seconds * 1000 + ms;
  return Instant{local - offset * 60'000};
}

}  // namespace sluice::codec
