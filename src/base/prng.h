// A small seeded generator (xoshiro256** seeded by splitmix64) for jitter and for simulation.
//
// Never for secrets: those come from the host's Random. The standard library's distributions
// differ between platforms, so `below` is spelled out here and is the same in every lane.
#pragma once

#include <array>
#include <cstdint>

namespace sluice::inline base {

class Prng {
 public:
  explicit Prng(std::uint64_t seed);

  [[nodiscard]] std::uint64_t next();

  // A number in [0, bound); `bound` is at least 1. Unbiased: rejects the short last range.
  [[nodiscard]] std::uint64_t below(std::uint64_t bound);

  // True in `numerator` of `denominator` cases.
  [[nodiscard]] bool chance(std::uint64_t numerator, std::uint64_t denominator);

 private:
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace sluice::inline base
