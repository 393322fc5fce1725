// What well-known providers send, in the shape they send it, for trying things out.
//
// Words in dollar signs are replaced: $ID$ (a fresh id, hex), $UUID$, $NUMBER$ (digits), $EVENT$,
// $S$ $MS$ $RFC3339$ (the time of signing).
#pragma once

#include <span>
#include <string_view>

namespace sluice::native {

struct SampleBody {
  std::string_view scheme;
  std::string_view event;         // The usual one.
  std::string_view event_header;  // Names the event; empty where the body does.
  std::string_view content_type;
  std::string_view body;
};

[[nodiscard]] std::span<const SampleBody> sample_bodies();

}  // namespace sluice::native
