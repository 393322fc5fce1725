// A verified webhook becomes an event: dedupe, event, log entry and messages in one commit, and
// only then an answer. A duplicate gets the answer of the first and changes nothing.
#pragma once

#include <string>

#include "flow/cell.h"
#include "inbox/dedupe.h"
#include "tables/seen.h"

namespace sluice::flow {

// A delivery whose signature was verified. `print.scope` is the source.
struct Delivery {
  tables::Fingerprint print;
  std::uint32_t secret = 0;
  Headers headers;
  Bytes body;
};

struct Received {
  inbox::Delivery delivery{};
  Id event;  // Of the first delivery, for a duplicate.
};

// Errors: those of a commit; nothing was accepted then, unless it is kUnknownOutcome.
Task<Result<Received>> receive_webhook(Cell& cell, Delivery delivery);

}  // namespace sluice::flow
