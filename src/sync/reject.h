// An item that could not be published: kept, with its reason, until somebody looks.
//
// One row per step and item, whatever the number of times it was met: a window that is read again
// counts it again and stores nothing new. A reject does not hold the cursor: the row is written in
// the commit that passes over it, so nothing is passed over unseen. When a step has as many
// rejects as it may keep, the cursor is held until some are dropped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "sync/page.h"

namespace sluice::sync {

inline constexpr std::uint32_t kRejectsMax = 1000;         // Rows for one step.
inline constexpr std::size_t kRejectBytesMax = 16 * 1024;  // Kept of an item.

struct Reject {
  Rejection reason = Rejection::kIdMissing;
  std::string id;  // Of the item, where it has one.
  Instant first_at;
  Instant last_at;
  std::uint32_t count = 1;  // How often it was met.
  std::uint32_t size = 0;   // Of the whole item.
  Bytes raw;                // As the API wrote it, cut at kRejectBytesMax.

  friend bool operator==(const Reject&, const Reject&) = default;
};

// The stored row, `sy/x/<step>/<#source>/<#item>`.
[[nodiscard]] Bytes encode(const Reject& reject);
// Errors: kCorrupt, kUnknownFormat.
[[nodiscard]] Result<Reject> decode_reject(ByteView row);

// The row of a record that is a reject, when it is met first.
[[nodiscard]] Reject make_reject(const Record& record, Instant now);
// Meets it again.
void count_again(Reject& reject, Instant now);

}  // namespace sluice::sync
