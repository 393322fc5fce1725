#include "outbox/endpoint.h"

#include "codec/row.h"

namespace sluice::outbox {

std::string_view name(EndpointStatus status) {
  switch (status) {
    case EndpointStatus::kActive: return "active";
    case EndpointStatus::kPaused: return "paused";
    case EndpointStatus::kOff: return "off";
    case EndpointStatus::kParked: return "parked";
  }
  return "unknown";
}

Bytes encode(const EndpointState& state) {
  codec::RowWriter row;
  row.u8(static_cast<std::uint8_t>(state.status)).optional_instant(state.timer);
  row.u32(state.failures_in_row).flag(state.timed_out_last).optional_instant(state.changed_at);
  return row.take();
}

Result<EndpointState> decode_endpoint_state(ByteView bytes) {
  codec::RowReader row(bytes);
  EndpointState state;
  const std::uint8_t status = row.u8();
  state.timer = row.optional_instant();
  state.failures_in_row = row.u32();
  state.timed_out_last = row.flag();
  state.changed_at = row.optional_instant();
  SLUICE_TRY(row.end());
  if (status < 1 || status > 4) return Error{Errc::kCorrupt, "an endpoint has no known status"};
  state.status = static_cast<EndpointStatus>(status);
  return state;
}

}  // namespace sluice::outbox
