// Deletes what has had its time, a bounded slice per commit.
//
//   in/d/<bucket>     dedupe rows of buckets before the last two
//   gc/<due>/<blob>   chunks of blobs that nobody adopted in time, then their intent
//   ik/<#key>         answers to idempotency keys, after a day
//
// Passes are an hour apart; `m/sweep/next` says when, `m/sweep/answers` where the walk through rows
// without order of time stopped (store/walk.h). Nothing here is needed for correctness: readers
// look at a row's own time.
#pragma once

#include <string>

#include "base/result.h"
#include "store/store.h"

namespace sluice::store {

inline constexpr std::size_t kSweepDeletesMax = 80;  // In one commit.

[[nodiscard]] std::string next_sweep_key();
// When the next pass is due; at once where there was none yet, or where that cannot be read.
Task<Result<Instant>> next_sweep(Transaction& transaction, Instant now);

// One slice: at most one commit of each kind. True when there is more to delete right away; when
// not, the next pass is an hour later.
Task<Result<bool>> sweep(Store& store, Instant now);

}  // namespace sluice::store
