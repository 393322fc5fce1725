// The machine's clocks and its source of randomness.
#pragma once

#include "host/clock.h"
#include "host/random.h"

namespace sluice::native {

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Instant now() override;
  [[nodiscard]] Duration monotonic() override;
};

// Draws from the system in blocks: ids need a few bytes each, several times per request.
class SystemRandom final : public Random {
 public:
  SystemRandom();
  [[nodiscard]] Bytes bytes(std::size_t count) override;

 private:
  static constexpr std::size_t kBlock = 4096;

  Bytes block_;
  std::size_t used_ = kBlock;
};

}  // namespace sluice::native
