// The stored events: read one, list them, keep the count of their messages, and delete what is old.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "inbox/event.h"
#include "store/transaction.h"
#include "tables/expired.h"

namespace sluice::tables {

struct Events {
  [[nodiscard]] static std::string key(Seq seq);

  static Task<Result<std::optional<inbox::Event>>> get(store::Transaction& transaction, Seq seq);
  static void put(store::Transaction& transaction, const inbox::Event& event);

  // How the counts of the event's messages change; both stay at or above 0.
  struct Change {
    int unfinished = 0;
    int dead = 0;
  };
  // An event that cannot be read counts nothing: its row stays as it is, and messages go on.
  static Task<Result<void>> count(store::Transaction& transaction, Seq seq, Change change);

  // The bytes of the event's body, wherever they are. kCorrupt where its blob is not whole,
  // kNotFound where its time was over.
  static Task<Result<Bytes>> body(store::Transaction& transaction, inbox::Event event);

  // Takes the bodies from events received before `before`: a page of them. What is not settled
  // keeps its body, then as long as its row. Walks each event once.
  static Task<Result<Expired>> expire_bodies(store::Transaction& transaction, Instant before,
                                             Instant now);

  // Deletes settled events received before `before`: a page of them. The newest event stays: ids
  // continue after it.
  static Task<Result<Expired>> expire(store::Transaction& transaction, Instant before, Instant now);
};

}  // namespace sluice::tables
