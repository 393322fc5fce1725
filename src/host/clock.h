// The clocks of a host. The wall clock may stand still within an event and may step back.
#pragma once

#include "base/time.h"

namespace sluice::inline host {

class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;

  [[nodiscard]] virtual Instant now() = 0;

  // Never goes back; from an arbitrary start. For measuring only, never for decisions.
  [[nodiscard]] virtual Duration monotonic() = 0;
};

}  // namespace sluice::inline host
