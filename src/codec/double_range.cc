#include "codec/double_range.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace sluice::codec {
namespace {

// 2^1024 - 2^970, which has 309 digits.
constexpr std::string_view kLimit =
    "179769313486231580793728971405303415079934132710037826936173778980444968292764750946649017"
    "977587207096330286416692887910946555547851940402630657488671505820681908902000708383676273"
    "854845817711531764475730270069855571366959622842914819860834936475292719074168444365510704"
    "342711559699508093042880177904174497792";
constexpr std::int64_t kExponentMax = 1'000'000'000;  // Far beyond any text's length.

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The exponent behind 'e', held within what cannot overflow.
std::int64_t exponent_of(std::string_view text) {
  const bool negative = !text.empty() && text[0] == '-';
  std::int64_t value = 0;
  for (const char c : text) {
    if (is_digit(c)) value = std::min(value * 10 + (c - '0'), kExponentMax);
  }
  return negative ? -value : value;
}

}  // namespace

bool has_double(std::string_view number) {
  const std::size_t end = std::min(number.find_first_of("eE"), number.size());
  std::int64_t exponent = end == number.size() ? 0 : exponent_of(number.substr(end + 1));
  number = number.substr(0, end);
  if (!number.empty() && number[0] == '-') number.remove_prefix(1);
  const std::size_t point = std::min(number.find('.'), number.size());
  const std::size_t first = number.find_first_not_of("0.");
  if (first == std::string_view::npos) return true;
  // The number is 0.D times ten to the power of `exponent`, D beginning at `first`.
  exponent += static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first);
  if (first > point) ++exponent;
  const auto size = static_cast<std::int64_t>(kLimit.size());
  if (exponent != size) return exponent < size;
  std::size_t compared = 0;
  for (const char c : number.substr(first)) {
    if (c == '.') continue;
    if (compared == kLimit.size()) break;
    if (c != kLimit[compared]) return c < kLimit[compared];
    ++compared;
  }
  // Equal so far: what is left of the limit has to be more than nothing.
  return kLimit.find_first_not_of('0', compared) != std::string_view::npos;
}

}  // namespace sluice::codec
