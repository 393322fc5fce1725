#include "tables/deliveries.h"

#include <algorithm>
#include <utility>

#include "base/mark.h"
#include "store/keys.h"
#include "store/walk.h"
#include "tables/dead_letters.h"
#include "tables/events.h"
#include "tables/numbering.h"
#include "tables/rows.h"

namespace sluice::tables {
namespace {

using outbox::Message;
using outbox::MessageState;
using outbox::Next;

constexpr std::string_view kMarker = "ob/i";
constexpr std::uint32_t kAttemptsShown = 100;

constexpr std::uint32_t kExpiredMax = 32;  // Messages, and attempts of one, of one commit.

std::string attempts_prefix(Seq message) {
  return store::key({"ob/a/", store::fixed(message), "/"});
}

std::string attempt_key(const Message& message) {
  return store::key({attempts_prefix(message.id.seq), store::fixed(message.attempts)});
}

Task<Result<void>> finish(store::Transaction& transaction, Message message, bool strict,
                          Instant now) {
  message.finished_at = now;
  const bool dead = message.state == MessageState::kDead;
  if (dead) DeadLetters::add(transaction, message.endpoint, message.id.seq);
  Queue::put(transaction, message);
  const Events::Change change{.unfinished = -1, .dead = dead ? 1 : 0};
  SLUICE_CO_TRY(co_await Events::count(transaction, message.event.seq, change));
  if (dead && strict) co_return Result<void>();  // The head stays and blocks its key.
  co_return co_await Queue::promote(transaction, message.endpoint, message.order, now);
}

// Deletes a message with its attempts, as far as the commit has room. True when it is gone.
Task<Result<bool>> erase_message(store::Transaction& transaction, std::string key, Seq seq) {
  KvRange range = store::range_of(attempts_prefix(seq), kExpiredMax);
  SLUICE_CO_TRY(const auto attempts, co_await transaction.range(std::move(range)));
  if (!transaction.fits({.mutations = attempts.rows.size() + 2, .checks = 0, .bytes = 4096})) {
    co_return false;
  }
  for (const KvRow& row : attempts.rows) transaction.erase(row.key);
  if (attempts.next) {
    SLUICE_MARK("retention: a message has more attempts than one commit deletes");
    co_return false;
  }
  SLUICE_MARK("retention: a message expires");
  transaction.erase(std::move(key));
  co_return true;
}

}  // namespace

Task<Result<std::vector<Timer>>> Deliveries::runnable(store::Transaction& transaction, Instant now,
                                                      std::uint32_t limit) {
  co_return co_await due_timers(transaction, "ob/r/", now, limit);
}

Task<Result<std::vector<Head>>> Deliveries::heads(store::Transaction& transaction,
                                                  std::string endpoint, Instant now,
                                                  std::uint32_t limit) {
  const std::string prefix = "ob/q/" + endpoint + "/";
  KvRange range{.lo = prefix,
                .hi = store::key({prefix, store::fixed(now + milliseconds(1))}),
                .limit = limit,
                .reverse = false};
  SLUICE_CO_TRY(const auto page, co_await transaction.range(std::move(range)));
  std::vector<Head> found;
  for (const auto& row : page.rows) {
    const std::string_view rest = std::string_view(row.key).substr(prefix.size());
    const auto due = rest.size() == 33 ? parse_fixed_hex(rest.substr(0, 16)) : std::nullopt;
    const auto seq = rest.size() == 33 ? parse_fixed_hex(rest.substr(17)) : std::nullopt;
    if (!due || !seq) co_return Error{Errc::kCorrupt, "a queue's key is malformed"};
    found.push_back({.due = {static_cast<std::int64_t>(*due)}, .seq = *seq});
  }
  co_return found;
}

store::Cost Deliveries::record_cost(const Recorded& recorded) {
  return {.mutations = 12, .checks = 0, .bytes = 24 * 1024 + recorded.attempt.response.size()};
}

std::vector<std::string> Deliveries::record_reads(std::span<const Recorded> recorded) {
  std::vector<std::string> keys;
  keys.reserve(3 * recorded.size());
  for (const Recorded& one : recorded) {
    const Message& message = one.claim.message;
    keys.push_back(Queue::message_key(message.id.seq));
    keys.push_back(Events::key(message.event.seq));
    keys.push_back(Queue::state_key(message.endpoint));
  }
  return keys;
}

Task<Result<bool>> Deliveries::record(store::Transaction& transaction, const Recorded& recorded,
                                      Instant now) {
  const Message& claimed = recorded.claim.message;
  SLUICE_CO_TRY(auto stored, co_await Queue::message(transaction, claimed.id.seq));
  if (!stored || !(*stored == claimed)) {
    SLUICE_MARK("outbox: a late outcome changes nothing");
    co_return false;
  }
  Message message = *std::move(stored);
  message.attempts += 1;
  message.status = recorded.attempt.status;
  message.reason = recorded.attempt.reason;
  message.fence = recorded.claim.fence;
  transaction.put(attempt_key(message), outbox::encode(recorded.attempt));
  transaction.erase(Queue::due_key(message.endpoint, message.due, message.id.seq));

  switch (recorded.plan.next) {
    case Next::kDone:
      message.state = MessageState::kDone;
      SLUICE_CO_TRY(co_await finish(transaction, std::move(message), recorded.strict, now));
      break;
    case Next::kDead:
      message.failures += 1;
      message.state = MessageState::kDead;
      SLUICE_CO_TRY(co_await finish(transaction, std::move(message), recorded.strict, now));
      break;
    case Next::kRetry:
    case Next::kEndpointOff:
      if (recorded.plan.next == Next::kRetry) message.failures += 1;
      message.due = recorded.plan.due;
      transaction.put(Queue::due_key(message.endpoint, message.due, message.id.seq), kIndexRow);
      Queue::put(transaction, message);
      break;
  }
  co_return true;
}

void Deliveries::bury(store::Transaction& transaction, const Recorded& recorded, Instant now) {
  SLUICE_MARK("outbox: a message is buried among rows that cannot be read");
  Message message = recorded.claim.message;
  transaction.erase(Queue::due_key(message.endpoint, message.due, message.id.seq));
  message.attempts += 1;
  message.failures += 1;
  message.status = recorded.attempt.status;
  message.reason = "corrupt";
  message.fence = recorded.claim.fence;
  message.state = MessageState::kDead;
  message.finished_at = now;
  transaction.put(attempt_key(message), outbox::encode(recorded.attempt));
  DeadLetters::add(transaction, message.endpoint, message.id.seq);
  Queue::put(transaction, message);
}

std::string Deliveries::marker_key() { return std::string(kMarker); }

Task<Result<std::optional<outbox::InFlight>>> Deliveries::marker(store::Transaction& transaction) {
  co_return co_await load(transaction, marker_key(), &outbox::decode_in_flight);
}

void Deliveries::put_marker(store::Transaction& transaction, const outbox::InFlight& marker) {
  transaction.put(marker_key(), outbox::encode(marker));
  transaction.wake_by(marker.until);
}

void Deliveries::erase_marker(store::Transaction& transaction) { transaction.erase(marker_key()); }

Task<Result<std::vector<outbox::Attempt>>> Deliveries::attempts(store::Transaction& transaction,
                                                                Seq seq) {
  KvRange range = store::range_of(attempts_prefix(seq), kAttemptsShown);
  SLUICE_CO_TRY(const auto page, co_await transaction.range(std::move(range)));
  std::vector<outbox::Attempt> found;
  for (const auto& row : page.rows) {
    auto attempt = outbox::decode_attempt(row.entry.value);
    if (!attempt.has_value()) co_return attempt.error();
    found.push_back(*std::move(attempt));
  }
  co_return found;
}

Task<Result<Expired>> Deliveries::expire(store::Transaction& transaction, Instant before) {
  std::string name("messages");
  std::string prefix("ob/m/");
  SLUICE_CO_TRY(auto walk, co_await store::resume_walk(transaction, std::move(name), prefix));
  SLUICE_CO_TRY(const Seq newest, co_await last_number(transaction, std::move(prefix)));
  std::string end = Queue::message_key(std::min(first_seq(before), newest));
  if (walk.from >= end) co_return Expired{};
  KvRange range{.lo = walk.from, .hi = std::move(end), .limit = kExpiredMax, .reverse = false};
  SLUICE_CO_TRY(const auto page, co_await transaction.range(std::move(range)));
  Expired expired{.more = page.next.has_value()};
  for (const KvRow& row : page.rows) {
    const auto message = outbox::decode_message(row.entry.value);
    if (!message.has_value() || !message->is_finished()) continue;
    if (!message->finished_at || *message->finished_at >= before) continue;
    std::string key = row.key;
    SLUICE_CO_TRY(const bool gone,
                  co_await erase_message(transaction, std::move(key), message->id.seq));
    if (!gone) {
      store::leave_walk(transaction, walk, row.key);
      expired.more = true;
      co_return expired;
    }
    ++expired.count;
  }
  store::leave_walk(transaction, walk, page.next);
  co_return expired;
}

}  // namespace sluice::tables
