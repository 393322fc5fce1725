// What an operator looks through: rows of one kind, newest first, in bounded pieces.
//
// A look never fails because of one row: what cannot be read is reported by its key, and the others
// go on. Filters are applied while scanning, and a scan is bounded; so a page may hold fewer rows
// than were asked for, even none, and still say where the next one begins.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "inbox/event.h"
#include "outbox/message.h"
#include "store/transaction.h"

namespace sluice::tables {

inline constexpr std::uint32_t kScanMax = 2048;  // Rows looked at for one page.

template <class T>
struct Found {
  std::string key;
  Result<T> value;  // kCorrupt or kUnknownFormat where the row cannot be read.
};

template <class T>
struct Browsed {
  std::vector<Found<T>> rows;  // Newest first.
  std::optional<Seq> next;     // Rows before this one are not looked at yet.
};

struct EventQuery {
  std::optional<Seq> before;  // None: from the newest.
  std::uint32_t limit = 50;
  std::string source;  // Empty: any.
};

struct MessageQuery {
  std::optional<Seq> before;
  std::uint32_t limit = 50;
  std::string endpoint;  // Empty: any.
  std::optional<outbox::MessageState> state;
};

struct DeadQuery {
  std::vector<std::string> endpoints;
  std::optional<Seq> before;
  std::uint32_t limit = 50;
};

// How many rows there are, looking at `max` of them at most.
struct Count {
  std::uint32_t count = 0;
  bool capped = false;        // There are more.
  std::optional<Seq> oldest;  // The least number that a counted key ends in.
};

struct Browse {
  static Task<Result<Browsed<inbox::Event>>> events(store::Transaction& transaction,
                                                    EventQuery query);
  static Task<Result<Browsed<outbox::Message>>> messages(store::Transaction& transaction,
                                                         MessageQuery query);
  // The dead messages of several endpoints, as one list.
  static Task<Result<Browsed<outbox::Message>>> dead(store::Transaction& transaction,
                                                     DeadQuery query);
  // The messages that were made in the commit that accepted the event: they follow its number.
  static Task<Result<std::vector<outbox::Message>>> messages_of(store::Transaction& transaction,
                                                                Id event);
  // The last attempts of a message, as many as one page of the store holds.
  static Task<Result<Browsed<outbox::Attempt>>> attempts(store::Transaction& transaction,
                                                         Seq message);

  // Dead messages of one endpoint behind `after`, oldest first: the order in which a redrive keeps
  // the order of keys.
  static Task<Result<std::vector<Seq>>> oldest_dead(store::Transaction& transaction,
                                                    std::string endpoint, std::optional<Seq> after,
                                                    std::uint32_t limit);

  // Endpoints that have a state, in the order of their names.
  static Task<Result<std::vector<std::string>>> endpoints(store::Transaction& transaction);

  static Task<Result<Count>> count(store::Transaction& transaction, std::string prefix,
                                   std::uint32_t max);
};

}  // namespace sluice::tables
