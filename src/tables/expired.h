// What one commit deleted because its time was over.
#pragma once

#include <cstdint>

namespace sluice::tables {

struct Expired {
  std::uint32_t count = 0;  // Entries, bodies, events or messages.
  bool more = false;        // There may be more of that age.
};

}  // namespace sluice::tables
