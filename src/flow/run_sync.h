// One slice of a step: the next pages of its window are read and their items published.
//
//   lease --> GET page --> [ items + progress, one commit ]* --> next page ... --> cursor moves
//                 |
//                 `- no answer, or no page: the cursor stays, the step backs off
//
// Each commit publishes a chunk's items, keeps its rejects, and moves the place inside the window:
// a crash between two chunks repeats nothing, a crash in the middle of one repeats nothing either.
// Items that overlapping windows bring twice are known by their id and bytes. The cursor row
// carries a lease over the HTTP request: a slice that finds another lease, or none, writes nothing.
#pragma once

#include <string>

#include "flow/cell.h"
#include "flow/slice.h"

namespace sluice::flow {

// Runs a slice of the step, if its lease is free. Whether it is due is the caller's business.
// Errors: kNotFound (no such step in the manifest), those of the store. A failing source is no
// error: the report says so, and when the step runs next.
Task<Result<SliceReport>> run_sync(Cell& cell, std::string step, Budget budget);

}  // namespace sluice::flow
