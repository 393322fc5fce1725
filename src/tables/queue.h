// An endpoint's queue: which of its messages may go, in which order, and when to look again.
//
//   ob/m/<~seq>                      the message
//   ob/q/<endpoint>/<~due>/<~seq>    may be attempted from `due` on (heads only)
//   ob/h/<endpoint>/<#key>           head and number of followers of an ordering key
//   ob/k/<endpoint>/<#key>/<~seq>    a follower: waits until it is the head
//   ob/e/<endpoint>                  state; its `timer` is the due of
//   ob/r/<~due>/<endpoint>           the endpoint's one row among the runnable ones
//
// The timer is at or before the first due of the queue, and exists exactly while an active
// endpoint has something queued. So adding to a busy endpoint touches neither `ob/e` nor `ob/r`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "outbox/endpoint.h"
#include "outbox/message.h"
#include "store/transaction.h"
#include "tables/audit.h"

namespace sluice::tables {

struct KeyHead {
  Seq head = 0;
  std::uint32_t followers = 0;
};

[[nodiscard]] Bytes encode(const KeyHead& head);
[[nodiscard]] Result<KeyHead> decode_key_head(ByteView row);

struct Queue {
  [[nodiscard]] static std::string message_key(Seq seq);
  [[nodiscard]] static std::string state_key(std::string_view endpoint);
  [[nodiscard]] static std::string head_key(std::string_view endpoint, std::string_view order);
  [[nodiscard]] static std::string due_key(std::string_view endpoint, Instant due, Seq seq);

  // The hash of an ordering key; empty for an empty text.
  [[nodiscard]] static std::string order_of(std::string_view endpoint, std::string_view text);

  static Task<Result<std::optional<outbox::Message>>> message(store::Transaction& transaction,
                                                              Seq seq);
  static void put(store::Transaction& transaction, const outbox::Message& message);

  // The state of an endpoint; one that was never used is active and empty.
  static Task<Result<outbox::EndpointState>> state(store::Transaction& transaction,
                                                   std::string endpoint);

  // Puts a message that is in no queue into its endpoint's, or behind the head of its key.
  static Task<Result<void>> enqueue(store::Transaction& transaction, outbox::Message message);

  // Takes the finished head of a key away: the first follower becomes head and is due `now`.
  static Task<Result<void>> promote(store::Transaction& transaction, std::string endpoint,
                                    std::string order, Instant now);

  // Makes the endpoint's timer at most `due`, unless the endpoint does not run.
  static Task<Result<void>> lower_timer(store::Transaction& transaction, std::string endpoint,
                                        Instant due);

  // For an endpoint whose state cannot be read: its messages stay, and its timer looks again then.
  static Task<Result<void>> set_aside(store::Transaction& transaction, std::string endpoint,
                                      Instant until);

  // Sets the timer by what is queued now, and stores `state`. After messages were taken away, and
  // after the status changed.
  static Task<Result<void>> settle(store::Transaction& transaction, std::string endpoint,
                                   outbox::EndpointState state, Instant now);

  // Every invariant above, over the whole outbox.
  static Task<Result<Audit>> audit(store::Transaction& transaction);
};

}  // namespace sluice::tables
