// A bounded piece of the work of a step or a link.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.h"

namespace sluice::flow {

// How long a row that cannot be read is set aside before it is reported again.
inline constexpr Duration kSetAside = hours(1);

// What one slice may use. The request and the commit under way are finished.
struct Budget {
  std::uint32_t requests_max = 10;
  std::uint32_t items_max = 500;  // Published, or copied.
};

struct SliceReport {
  bool more = false;            // There is work left that could go on at once.
  std::optional<Instant> next;  // The timer that is set now; none: somebody else is at work, or it
                                // is stopped.
  std::uint32_t requests = 0;
  std::uint32_t items = 0;  // Published, or copied.
  std::uint32_t known = 0;  // Had been before.
  std::uint32_t rejected = 0;
  std::string_view failure;  // An enumeration's name; empty when all is well.
};

}  // namespace sluice::flow
