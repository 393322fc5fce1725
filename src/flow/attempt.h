// One HTTP try of one message: build and sign the request, send it, say what the answer means.
#pragma once

#include "flow/cell.h"
#include "outbox/retry.h"
#include "tables/deliveries.h"

namespace sluice::flow {

// Reads the event, signs its body for the endpoint as the manifest names it now, and sends it.
// Never fails: an event that cannot be read is an outcome too, and its message is dead.
Task<tables::Recorded> attempt_delivery(Cell& cell, tables::Claim claim);

}  // namespace sluice::flow
