// The state of one endpoint's queue: whether it runs, and when it is looked at next.
//
// `timer` is the due of its one row in the index of runnable endpoints; the two change in one
// commit. While the endpoint is paused, off or parked it has no timer, and its messages stay where
// they are: nothing is dropped, and no head moves.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"

namespace sluice::outbox {

enum class EndpointStatus : std::uint8_t {
  kActive = 1,
  kPaused = 2,  // By an operator.
  kOff = 3,     // The receiver answered 410 Gone.
  kParked = 4,  // Not in the manifest any more.
};

[[nodiscard]] std::string_view name(EndpointStatus status);

struct EndpointState {
  EndpointStatus status = EndpointStatus::kActive;
  std::optional<Instant> timer;
  std::uint32_t failures_in_row = 0;  // Attempts since the last success.
  bool timed_out_last = false;        // Such endpoints share at most half of the slots.
  std::optional<Instant> changed_at;  // When `status` last changed.

  friend bool operator==(const EndpointState&, const EndpointState&) = default;
};

[[nodiscard]] Bytes encode(const EndpointState& state);
[[nodiscard]] Result<EndpointState> decode_endpoint_state(ByteView row);

}  // namespace sluice::outbox
