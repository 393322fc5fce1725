// The state of a link: how far its copy safely got, and whether it may go on.
//
//             page applied: checkpoint moves
//   kLive ------------------------------------> kLive
//     |  pause            resume                  ^
//     +-------> kPaused ------------------------->+
//     |  the peer says: no such past              |
//     +-------> kGap  --- repair (an operator) ---+   begins at the peer's beginning again
//
// The checkpoint is a token of the peer's stream. Everything up to it is in the local stream: it
// moves in the commit that appends the entries, entry by entry in the peer's order, and never
// back. When the peer's history is another one than the checkpoint's, the two pasts cannot be
// joined by position; the link stops and says so, because to go on would skip entries silently.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "replication/token.h"

namespace sluice::replication {

enum class LinkStatus : std::uint8_t { kLive = 1, kPaused = 2, kGap = 3 };

struct Link {
  LinkStatus status = LinkStatus::kLive;
  Gap gap = Gap::kNone;          // Why it stopped; kNone unless the status is kGap.
  std::optional<Token> applied;  // The checkpoint. None: nothing was pulled yet.
  std::optional<Instant> due;    // The link's one timer; none while it is stopped or unknown.
  std::uint32_t failures = 0;    // In a row.
  std::string reason;            // Of the last failure, an enumeration's name.
  std::optional<Instant> ran_at;
  std::optional<Instant> caught_up_at;  // When the peer last had nothing more.
  std::uint64_t copied = 0;             // Entries, since the link exists.
  std::uint64_t known = 0;              // Entries that had been copied before.

  friend bool operator==(const Link&, const Link&) = default;
};

// The stored row, `rl/l/<link>`.
[[nodiscard]] Bytes encode(const Link& link);
// Errors: kCorrupt, kUnknownFormat.
[[nodiscard]] Result<Link> decode_link(ByteView row);

// "live", "paused", or the name of the gap: "history_changed".
[[nodiscard]] std::string_view status_name(const Link& link);

// Moves the checkpoint to `next`, the token of an entry that was applied (or of an empty stream's
// beginning). kBackwards and kOtherPast leave it where it is.
enum class Advance : std::uint8_t { kMoved, kSame, kBackwards, kOtherPast };
[[nodiscard]] Advance advance(Link& link, const Token& next);

// The peer has no such past: the link stops until it is repaired.
void stop(Link& link, Gap gap);

// Begins at the peer's beginning again. Entries that are there already are known by their ids.
void repair(Link& link);

}  // namespace sluice::replication
