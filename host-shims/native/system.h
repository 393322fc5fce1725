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

class SystemRandom final : public Random {
 public:
  SystemRandom();
  [[nodiscard]] Bytes bytes(std::size_t count) override;
};

}  // namespace sluice::native
