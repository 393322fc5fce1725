#include "tables/retry_now.h"

#include <algorithm>
#include <utility>

#include "tables/dead_letters.h"
#include "tables/deliveries.h"
#include "tables/queue.h"

namespace sluice::tables {

using outbox::MessageState;

Task<Result<Retried>> retry_now(store::Transaction& transaction, Id id, Instant now) {
  SLUICE_CO_TRY(auto message, co_await Queue::message(transaction, id.seq));
  if (!message || message->id != id) co_return Retried::kNoSuchMessage;
  switch (message->state) {
    case MessageState::kDone:
    case MessageState::kDropped: co_return Retried::kFinished;
    case MessageState::kFollower: co_return Retried::kWaits;
    case MessageState::kDead: {
      SLUICE_CO_TRY(co_await DeadLetters::redrive(transaction, id.seq, now));
      co_return Retried::kRedriven;
    }
    case MessageState::kQueued: break;
  }
  if (message->due <= now) co_return Retried::kAlreadyDue;
  SLUICE_CO_TRY(const auto marker, co_await Deliveries::marker(transaction));
  if (marker && std::find(marker->seqs.begin(), marker->seqs.end(), id.seq) != marker->seqs.end()) {
    co_return Retried::kAlreadyDue;
  }
  transaction.erase(Queue::due_key(message->endpoint, message->due, id.seq));
  message->due = now;
  SLUICE_CO_TRY(co_await Queue::enqueue(transaction, *std::move(message)));
  co_return Retried::kHastened;
}

}  // namespace sluice::tables
