// The engine of a front or of a cell: what every binding drives.
//
// `make_engine` parses the manifest and wires the parts by constructor. A front verifies and calls
// cells; a cell owns its store. The engine lives shorter than its host and its reply.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "host/engine.h"

namespace sluice::app {

// Errors: kMalformed (the manifest has errors, which the log names one by one), kNoCapability (a
// cell on a store without MULTI_COMMIT).
[[nodiscard]] Result<std::unique_ptr<Engine>> make_engine(Host& host, Reply& reply, Boot boot);

}  // namespace sluice::app
