// Decides which slice of a source's history the next sync pass reads.
//
// Sources publish late: a row stamped 10:00 may become readable at 10:02. So a window stays
// `settle` away from now, and reaches `overlap` back before the cursor; rows that are read twice
// are recognised by their id and content (sync/page.h).
//
//            cursor                end         now
//   [ overlap  |  rows not yet seen  )  settle  |
//
// Windows are half-open: `begin` is read, `end` is not. A source without a cursor begins `backfill`
// ago, without overlap.
#pragma once

#include <optional>

#include "base/time.h"

namespace sluice::sync {

struct WindowPolicy {
  Duration overlap;   // How far a late row may lag behind the cursor.
  Duration settle;    // How long the source needs before its newest rows stop changing.
  Duration span_max;  // Bounds the work of one pass. More than 0.
  Duration backfill;  // How far back a source without a cursor begins.
};

struct Window {
  Instant begin;
  Instant end;

  friend bool operator==(const Window&, const Window&) = default;
};

// The next window after `cursor`, or nothing when every settled row has been read. The cursor
// moves to the window's end once all of it is read.
[[nodiscard]] std::optional<Window> next_window(std::optional<Instant> cursor, Instant now,
                                                const WindowPolicy& policy);

}  // namespace sluice::sync
