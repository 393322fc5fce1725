// Time as values: an Instant on the wall clock and a Duration between two, both in milliseconds.
//
// Arithmetic saturates, so that no timestamp from outside can overflow a comparison.
#pragma once

#include <compare>
#include <cstdint>

namespace sluice::inline base {

struct Duration {
  std::int64_t ms = 0;

  friend auto operator<=>(const Duration&, const Duration&) = default;
};

// Milliseconds since 1970-01-01T00:00:00Z.
struct Instant {
  std::int64_t ms = 0;

  friend auto operator<=>(const Instant&, const Instant&) = default;
};

[[nodiscard]] constexpr std::int64_t saturating_add(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  return a > 0 ? INT64_MAX : INT64_MIN;
}

[[nodiscard]] constexpr std::int64_t saturating_subtract(std::int64_t a, std::int64_t b) {
  std::int64_t difference = 0;
  if (!__builtin_sub_overflow(a, b, &difference)) return difference;
  return a >= 0 ? INT64_MAX : INT64_MIN;
}

[[nodiscard]] constexpr Duration milliseconds(std::int64_t n) { return {n}; }
[[nodiscard]] constexpr Duration seconds(std::int64_t n) { return {n * 1000}; }
[[nodiscard]] constexpr Duration minutes(std::int64_t n) { return {n * 60'000}; }
[[nodiscard]] constexpr Duration hours(std::int64_t n) { return {n * 3'600'000}; }
[[nodiscard]] constexpr Duration days(std::int64_t n) { return {n * 86'400'000}; }

[[nodiscard]] constexpr Instant operator+(Instant t, Duration d) {
  return {saturating_add(t.ms, d.ms)};
}
[[nodiscard]] constexpr Instant operator-(Instant t, Duration d) {
  return {saturating_subtract(t.ms, d.ms)};
}
[[nodiscard]] constexpr Duration operator-(Instant a, Instant b) {
  return {saturating_subtract(a.ms, b.ms)};
}
[[nodiscard]] constexpr Duration operator+(Duration a, Duration b) {
  return {saturating_add(a.ms, b.ms)};
}
[[nodiscard]] constexpr Duration operator-(Duration a, Duration b) {
  return {saturating_subtract(a.ms, b.ms)};
}

}  // namespace sluice::inline base
