// One slice of a link: pages of the peer's log are copied to the local stream of the link's name.
//
//   GET /v1/log/{stream}?after=CHECKPOINT --> [ entries + checkpoint, one commit ]* --> next page
//        |
//        +- 410, or another history --> the link stops and says why; nothing is skipped
//        `- no answer, or no page   --> the checkpoint stays, the link backs off
//
// Every commit appends entries in the peer's order and moves the checkpoint to the last of them,
// so at any moment everything up to the checkpoint is here. Entries that come twice are known by
// their ids. What was read before the request is compared again in the commit that acts on it.
#pragma once

#include <string>

#include "flow/cell.h"
#include "flow/slice.h"

namespace sluice::flow {

// Runs a slice of the link, unless it is stopped. Whether it is due is the caller's business.
// Errors: kNotFound (no such link in the manifest), those of the store. A failing peer is no
// error: the report says so, and when the link runs next.
Task<Result<SliceReport>> pull_link(Cell& cell, std::string link, Budget budget);

}  // namespace sluice::flow
