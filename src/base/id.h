// Ids sort by time and name their row.
//
//   seq   48 bits of wall milliseconds and a 16-bit counter, in one number
//   Id    seq and 8 random bytes: 128 bits, 32 lower-case hex digits as text
//
// Text from outside (API, headers) carries a prefix that says of what: `evt_`, `msg_`.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace sluice::inline base {

using Seq = std::uint64_t;

struct Id {
  Seq seq = 0;
  std::uint64_t random = 0;

  friend auto operator<=>(const Id&, const Id&) = default;
};

// Hands out sequence numbers that only grow, also when the wall clock steps back.
class SeqSource {
 public:
  // `last` is the greatest number already stored; 0 where there is none.
  explicit SeqSource(Seq last) : last_(last) {}

  [[nodiscard]] Seq next(Instant now);
  [[nodiscard]] Seq last() const { return last_; }

 private:
  Seq last_;
};

[[nodiscard]] constexpr Instant time_of(Seq seq) { return {static_cast<std::int64_t>(seq >> 16)}; }
// The least number of that instant: every number drawn before it is less. 0 for what is before
// 1970.
[[nodiscard]] constexpr Seq first_seq(Instant t) {
  return t.ms <= 0 ? 0 : static_cast<Seq>(t.ms) << 16;
}

// 16 lower-case hex digits: byte order is numeric order.
class FixedHex {
 public:
  constexpr explicit FixedHex(std::uint64_t number) {
    for (std::size_t i = digits_.size(); i-- > 0; number >>= 4) {
      digits_[i] = "0123456789abcdef"[number & 15U];
    }
  }

  // Points into this object.
  operator std::string_view() const {  // NOLINT: reads as text.
    return {digits_.data(), digits_.size()};
  }

 private:
  std::array<char, 16> digits_{};
};

[[nodiscard]] constexpr FixedHex fixed_hex(std::uint64_t number) { return FixedHex(number); }
[[nodiscard]] std::optional<std::uint64_t> parse_fixed_hex(std::string_view text);

[[nodiscard]] std::string format(const Id& id);
[[nodiscard]] std::string format(std::string_view prefix, const Id& id);

// Strict: exactly `prefix` and 32 lower-case hex digits.
[[nodiscard]] std::optional<Id> parse_id(std::string_view prefix, std::string_view text);

}  // namespace sluice::inline base
