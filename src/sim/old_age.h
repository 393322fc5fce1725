// What must be left of the swarm's cells when retention had time to work on them.
#pragma once

#include "sim/invariants.h"

namespace sluice::sim {

// Whether the sweeper has been through both cells, and will be again.
[[nodiscard]] bool is_swept(World& world);

// Bodies are over, rows are not: every settled event has lost its body and nothing else, every
// other has all; logs are empty, and the link that had read them goes on. `before` is how it was.
void check_bodies_expired(World& world, const CellState& before, Violations& violations);

// All is over: only what is unfinished or dead is left, and the newest row of each kind.
void check_rows_expired(World& world, const CellState& before, Violations& violations);

}  // namespace sluice::sim
