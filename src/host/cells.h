// Calls from one cell, or the front, to another cell by its name.
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "task/task.h"

namespace sluice::inline host {

class Cells {
 public:
  Cells() = default;
  Cells(const Cells&) = delete;
  Cells& operator=(const Cells&) = delete;
  virtual ~Cells() = default;

  // Sends an RPC frame (app/rpc.h) and waits for the reply frame. The host may repeat a call that
  // was not delivered, so every frame carries an idempotency key where a repeat would matter.
  // Errors: kOverloaded (nothing was done), kUnknownOutcome, kIo, kTimeout, kCancelled.
  virtual Task<Result<Bytes>> call(std::string cell, Bytes frame) = 0;
};

}  // namespace sluice::inline host
