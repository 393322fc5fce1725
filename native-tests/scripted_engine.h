// Native only: drives the native host. An engine that does as its requests say, small enough to
// know exactly what must come out.
//
//   front   POST / with a body calls cell `main.0` with it: 200 and the answer, or 503
//   cell    put KEY VALUE | get KEY | fetch URL | putfetch URL | wake MS | slow
#pragma once

#include <memory>

#include "host/engine.h"

namespace sluice::native {

// What the engines of a test have done, across restarts.
struct Script {
  int boots = 0;   // Of cells.
  int alarms = 0;  // Started.
  int crons = 0;
  int shutdowns = 0;
  bool alarms_replace = true;  // Whether an alarm says when the next one is.
  bool private_allowed = true;
};

[[nodiscard]] Result<std::unique_ptr<Engine>> make_scripted_engine(Script& script, Host& host,
                                                                   Reply& reply, Boot boot);

}  // namespace sluice::native
