// Writes an event and its messages: the one way by which anything enters the outbox.
//
//   in/e/<~seq>                    the event, its body inline or as a blob of the same commit
//   ob/m/<~seq>  ob/q/...          each target's message, and its place in the endpoint's queue
//   ob/k/...  ob/h/...             or behind the head of its ordering key
//   ob/r/<~due>/<endpoint>  ob/e/<endpoint>    the endpoint's timer, where this one is earlier
//   ob/expand/<~seq>               the targets that did not fit into this commit
//
// The event is accepted whole or not at all; targets beyond the commit's budget become messages in
// a later slice (`expand`), and no caller sees the split.
#pragma once

#include <string>
#include <vector>

#include "inbox/event.h"
#include "store/transaction.h"
#include "tables/numbering.h"

namespace sluice::tables {

// Where an event goes. `order_key` is text from the event; empty for no order.
struct Target {
  std::string endpoint;
  std::string order_key;

  friend bool operator==(const Target&, const Target&) = default;
};

// The most that `publish` writes for this body and these targets; to be asked of
// `Transaction::fits` before the item that would pass the budget. Further targets go to `expand`.
[[nodiscard]] store::Cost publish_cost(std::size_t body_size, std::size_t targets);

// The keys that `publish` reads, so that a flow can read all it needs in one round trip.
[[nodiscard]] std::vector<std::string> publish_reads(const std::vector<Target>& targets);

// Puts `event` (with an id from `numbering`; a body over kInlineMax is moved to a blob, unless
// `event.blob` names one already) and its messages. `event.unfinished` is set here.
Task<Result<void>> publish(store::Transaction& transaction, Numbering& numbering,
                           inbox::Event event, std::vector<Target> targets, Instant now);

// Makes the messages that did not fit: at most one commit's worth of the first `ob/expand` row.
// True when a row was there.
Task<Result<bool>> expand(store::Transaction& transaction, Numbering& numbering, Instant now);

}  // namespace sluice::tables
