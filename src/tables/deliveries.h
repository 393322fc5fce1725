// The dispatcher's view of the outbox: what is due, what is claimed, and what came of it.
//
// A claim lives in the owner's memory and carries the message as it was read. Its outcome is
// recorded only while the row is still exactly that message: a late answer, after the message was
// recorded, redriven or dropped by others, changes nothing.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "inbox/event.h"
#include "outbox/claim.h"
#include "outbox/retry.h"
#include "store/transaction.h"
#include "tables/expired.h"
#include "tables/queue.h"
#include "tables/timers.h"

namespace sluice::tables {

struct Head {
  Instant due;
  Seq seq = 0;
};

struct Claim {
  outbox::Message message;
  outbox::Fence fence;
};

struct Recorded {
  Claim claim;
  outbox::Attempt attempt;
  outbox::Plan plan;
  bool strict = false;  // A dead head blocks its key.
};

struct Deliveries {
  // Endpoints whose timer is reached, in order of their timers.
  static Task<Result<std::vector<Timer>>> runnable(store::Transaction& transaction, Instant now,
                                                   std::uint32_t limit);

  // The due heads of one endpoint, first due first.
  static Task<Result<std::vector<Head>>> heads(store::Transaction& transaction,
                                               std::string endpoint, Instant now,
                                               std::uint32_t limit);

  // What one recorded outcome takes of a commit's budget, at most.
  [[nodiscard]] static store::Cost record_cost(const Recorded& recorded);

  // The keys that recording these reads, so that they can be read together.
  [[nodiscard]] static std::vector<std::string> record_reads(std::span<const Recorded> recorded);

  // Records one outcome: attempt, message, event, queue, followers. False for a late one. The
  // endpoint's timer is the caller's to settle, once per endpoint, when all are recorded.
  static Task<Result<bool>> record(store::Transaction& transaction, const Recorded& recorded,
                                   Instant now);

  // For an outcome that cannot be recorded, because a row beside the message cannot be read: the
  // message is dead without looking at any other row. Otherwise it would be sent again for ever.
  static void bury(store::Transaction& transaction, const Recorded& recorded, Instant now);

  [[nodiscard]] static std::string marker_key();
  // The marker of what is in flight, as an earlier boot or this one left it.
  static Task<Result<std::optional<outbox::InFlight>>> marker(store::Transaction& transaction);
  static void put_marker(store::Transaction& transaction, const outbox::InFlight& marker);
  static void erase_marker(store::Transaction& transaction);

  static Task<Result<std::vector<outbox::Attempt>>> attempts(store::Transaction& transaction,
                                                             Seq seq);

  // Deletes messages that were done or dropped before `before`, with their attempts: a commit's
  // worth. The newest message stays: ids continue after it.
  static Task<Result<Expired>> expire(store::Transaction& transaction, Instant before);
};

}  // namespace sluice::tables
