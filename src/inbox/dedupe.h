// Whether a delivery was seen before, and whether it is what it says it is.
//
// What a provider signs decides what may be trusted. A signed id names the delivery by itself. An
// unsigned id is a mere hint: whoever holds one signed body can send it under any id. So the digest
// of the signed bytes is claimed, and remembers the id it came with:
//
//   digest unknown                     new
//   digest known, under the same id    duplicate
//   digest known, under another id     suspected replay; claimed too, so its repeats are duplicates
//
// A known unsigned id on a new digest is a new event: nothing validly signed is ever dropped.
//
// Rows live in buckets of 8 days; a lookup reads the current bucket and the one before, and
// compares the row's own time with the source's horizon.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/id.h"
#include "base/result.h"

namespace sluice::inbox {

inline constexpr Duration kBucket = days(8);
inline constexpr Duration kHorizonMax = days(8);

struct Seen {
  Instant at;
  Id event;
  std::string identity;  // Hash of the unsigned id it came with; empty for the other kinds.

  friend bool operator==(const Seen&, const Seen&) = default;
};

[[nodiscard]] Bytes encode(const Seen& seen);
[[nodiscard]] Result<Seen> decode_seen(ByteView row);

[[nodiscard]] std::uint64_t bucket_of(Instant now);

// Whether a row of `at` still counts for a source with this horizon.
[[nodiscard]] bool is_within(Instant at, Instant now, Duration horizon);

enum class Delivery : std::uint8_t { kNew, kDuplicate, kSuspectedReplay };

// `seen` is the row of the signed id or of the digest; `repeat` that of digest and id together.
[[nodiscard]] Delivery judge(const std::optional<Seen>& seen, const std::optional<Seen>& repeat,
                             const std::string& identity);

}  // namespace sluice::inbox
