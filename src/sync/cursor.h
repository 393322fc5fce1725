// How far a step got: its cursor, the window it reads, and when it runs next.
//
//   idle --begin--> reading page 1 --page_done--> page 2 ... --window_done--> idle
//                      |   ^                                   cursor = window.end
//                    fail  | begin, when the backoff is over
//                      v   |
//                    failing: cursor and window stay; `due` is later
//
// The cursor moves in one place, `window_done`, only forward, and only to the end of a window whose
// every page was read and whose every item was published or kept as a reject. A lease says that a
// slice is at work; its deadline is a timer, so a slice that dies is followed by another one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/id.h"
#include "base/result.h"
#include "base/time.h"
#include "sync/window.h"

namespace sluice::sync {

// The place inside a window. A page that is read again after a stop is skipped up to `offset` only
// when it is the same page, byte for byte; else all of it is looked at again.
struct Place {
  std::uint32_t page = 1;    // From 1.
  std::string url;           // Of this page, where its predecessor named it.
  std::uint32_t offset = 0;  // Records done in it.
  std::string digest;        // Of the page that `offset` counts in.
  std::string page_before;   // Digest of the page before: a page that repeats is a fault.

  friend bool operator==(const Place&, const Place&) = default;
};

struct Lease {
  std::uint64_t epoch = 0;  // Of the boot that holds it; another boot's lease is void.
  Id id;
  Instant until;

  friend bool operator==(const Lease&, const Lease&) = default;
};

struct Cursor {
  std::optional<Instant> synced_to;
  std::optional<Window> window;
  Place place;
  std::optional<Lease> lease;
  std::optional<Instant> due;  // The step's one timer. None: the step is not in the manifest.
  std::uint32_t failures = 0;  // In a row.
  std::string reason;          // Of the last failure, an enumeration's name; empty when it is well.
  std::optional<Instant> ran_at;
  std::optional<Instant> clean_at;  // When a window was last read to its end.
  std::uint64_t published = 0;      // Since the step exists; so the three below.
  std::uint64_t known = 0;          // Items that had been read before.
  std::uint64_t rejected = 0;
  std::uint32_t rejects_kept = 0;  // Rows of rejects in the store.

  friend bool operator==(const Cursor&, const Cursor&) = default;
};

// The stored row, `sy/s/<step>/<#source>`.
[[nodiscard]] Bytes encode(const Cursor& cursor);
// Errors: kCorrupt, kUnknownFormat.
[[nodiscard]] Result<Cursor> decode_cursor(ByteView row);

// Whether another slice is at work. A lease that reaches further than `lease_max` from now was
// taken before the clock stepped back, and is void.
[[nodiscard]] bool is_leased(const Cursor& cursor, std::uint64_t epoch, Instant now,
                             Duration lease_max);

// Whether there is a window to read now; opens the next one where none is open.
enum class Begun : std::uint8_t { kReading, kNothingToRead };
[[nodiscard]] Begun begin(Cursor& cursor, Instant now, const WindowPolicy& policy);

// The page is read; the next one has this URL (empty: the next number).
void page_done(Cursor& cursor, std::string next_url);

// Every page is read: the cursor moves to the window's end.
void window_done(Cursor& cursor, Instant now);

// What a failure means for the place inside the window.
enum class Keep : std::uint8_t { kPlace, kNothing };  // kNothing: begins at the first page again.
void fail(Cursor& cursor, std::string_view reason, Keep keep);

// Forgets how far the step got; counts and rejects stay.
void reset(Cursor& cursor);

}  // namespace sluice::sync
