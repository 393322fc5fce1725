// Deletes what has had its time, by the manifest's limits.
//
//   body_retention       entries of logs, then bodies of settled events
//   envelope_retention   settled events, then messages that are done or dropped, with attempts
//
// In this order: an entry of `events` and its event name the same blob. What is unfinished or dead
// stays, however old; so does what cannot be read. `sluice_expired_total` counts what went.
#pragma once

#include "flow/cell.h"

namespace sluice::flow {

// One slice: at most one commit of each kind. True when there is more to delete right away.
Task<Result<bool>> apply_retention(Cell& cell, Instant now);

}  // namespace sluice::flow
