// An operator wants a message attempted now: a dead one is redriven, a waiting one is made due.
#pragma once

#include <cstdint>

#include "base/id.h"
#include "store/transaction.h"

namespace sluice::tables {

enum class Retried : std::uint8_t {
  kRedriven,    // It was dead; its schedule begins anew.
  kHastened,    // It waited for a later due.
  kAlreadyDue,  // It is due or under way; nothing changed.
  kWaits,       // It follows the head of its ordering key.
  kFinished,
  kNoSuchMessage,
};

// A message that is in flight stays as it is: its outcome is recorded only on an unchanged row.
Task<Result<Retried>> retry_now(store::Transaction& transaction, Id message, Instant now);

}  // namespace sluice::tables
