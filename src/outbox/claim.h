// The durable trace of claims that live in memory.
//
// The owner's dispatcher keeps its claims in memory and names them in one row, `ob/i`, which is
// rewritten by every commit that records outcomes or claims; requests start after that commit. A
// boot that finds a marker of an older epoch knows what may have been sent without a recorded
// outcome: those run one at a time, so a message that kills its worker cannot take others along.
#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/id.h"
#include "base/result.h"

namespace sluice::outbox {

struct InFlight {
  std::uint64_t epoch = 0;
  Instant until;  // Latest deadline and some: past it, somebody looks what became of them.
  std::vector<Seq> seqs;

  friend bool operator==(const InFlight&, const InFlight&) = default;
};

[[nodiscard]] Bytes encode(const InFlight& marker);
[[nodiscard]] Result<InFlight> decode_in_flight(ByteView row);

}  // namespace sluice::outbox
