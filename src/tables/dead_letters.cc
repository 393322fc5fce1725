#include "tables/dead_letters.h"

#include "base/mark.h"
#include "store/keys.h"
#include "tables/events.h"
#include "tables/queue.h"
#include "tables/rows.h"

namespace sluice::tables {
namespace {

using outbox::Message;
using outbox::MessageState;

std::string key_of(std::string_view endpoint, Seq seq) {
  return store::key({"ob/x/", endpoint, "/", store::fixed(seq)});
}

}  // namespace

void DeadLetters::add(store::Transaction& transaction, std::string_view endpoint, Seq seq) {
  transaction.put(key_of(endpoint, seq), kIndexRow);
}

Task<Result<Changed>> DeadLetters::redrive(store::Transaction& transaction, Seq seq, Instant now) {
  SLUICE_CO_TRY(auto message, co_await Queue::message(transaction, seq));
  if (!message) co_return Changed::kNoSuchMessage;
  if (message->state != MessageState::kDead) co_return Changed::kNotInThatState;
  SLUICE_MARK("outbox: a dead letter is redriven");
  transaction.erase(key_of(message->endpoint, seq));
  const Events::Change change{.unfinished = 1, .dead = -1};
  SLUICE_CO_TRY(co_await Events::count(transaction, message->event.seq, change));
  message->failures = 0;
  message->due = now;
  message->finished_at.reset();
  SLUICE_CO_TRY(co_await Queue::enqueue(transaction, *std::move(message)));
  co_return Changed::kYes;
}

Task<Result<Changed>> DeadLetters::drop(store::Transaction& transaction, Seq seq, Instant now) {
  SLUICE_CO_TRY(auto message, co_await Queue::message(transaction, seq));
  if (!message) co_return Changed::kNoSuchMessage;
  if (message->state != MessageState::kDead) co_return Changed::kNotInThatState;
  transaction.erase(key_of(message->endpoint, seq));
  const Events::Change change{.unfinished = 0, .dead = -1};
  SLUICE_CO_TRY(co_await Events::count(transaction, message->event.seq, change));
  message->state = MessageState::kDropped;
  message->finished_at = now;
  Queue::put(transaction, *message);
  if (!message->order.empty()) {
    const std::string key = Queue::head_key(message->endpoint, message->order);
    SLUICE_CO_TRY(const auto head, co_await load(transaction, key, &decode_key_head));
    if (head && head->head == seq) {  // It was a strict head.
      SLUICE_CO_TRY(co_await Queue::promote(transaction, message->endpoint, message->order, now));
    }
  }
  co_return Changed::kYes;
}

Task<Result<std::vector<Message>>> DeadLetters::list(store::Transaction& transaction,
                                                     std::string endpoint,
                                                     std::optional<Seq> before,
                                                     std::uint32_t limit) {
  const std::string prefix = "ob/x/" + endpoint + "/";
  KvRange range = store::range_of(prefix, limit, true);
  if (before) range.hi = store::key({prefix, store::fixed(*before)});
  SLUICE_CO_TRY(const auto page, co_await transaction.range(std::move(range)));
  std::vector<Message> found;
  for (const auto& row : page.rows) {
    const auto seq = parse_fixed_hex(row.key.substr(prefix.size()));
    if (!seq) continue;
    SLUICE_CO_TRY(auto message, co_await Queue::message(transaction, *seq));
    if (message) found.push_back(*std::move(message));
  }
  co_return found;
}

}  // namespace sluice::tables
