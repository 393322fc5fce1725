// Messages that were given up on: kept with their attempts until somebody redrives or drops them.
//
//   ob/x/<endpoint>/<~seq>     one row per dead message; the message itself stays in ob/m
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "outbox/message.h"
#include "store/transaction.h"

namespace sluice::tables {

enum class Changed : std::uint8_t {
  kYes,
  kNoSuchMessage,
  kNotInThatState,  // For example: redriving what is not dead.
};

struct DeadLetters {
  // The number is enough: also a message that cannot be read gets a row.
  static void add(store::Transaction& transaction, std::string_view endpoint, Seq seq);

  // Puts a dead message back into its queue under its old number, with a fresh schedule.
  static Task<Result<Changed>> redrive(store::Transaction& transaction, Seq seq, Instant now);

  // Gives a dead message up for good; a key that it blocks goes on.
  static Task<Result<Changed>> drop(store::Transaction& transaction, Seq seq, Instant now);

  // Dead messages of one endpoint before `before` (none: the newest), newest first.
  static Task<Result<std::vector<outbox::Message>>> list(store::Transaction& transaction,
                                                         std::string endpoint,
                                                         std::optional<Seq> before,
                                                         std::uint32_t limit);
};

}  // namespace sluice::tables
