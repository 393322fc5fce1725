// A cell meets a manifest: what the new one adds gets its timers, what it removes is parked.
//
// Idempotent and resumable: each chunk is one commit, and `m/manifest` names the manifest's hash
// only when all of them are done. Nothing is dropped: messages of a removed endpoint wait until
// the endpoint comes back.
#pragma once

#include "base/result.h"
#include "flow/cell.h"

namespace sluice::app {

Task<Result<void>> reconcile(flow::Cell& cell);

}  // namespace sluice::app
