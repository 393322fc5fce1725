#include "tables/queue.h"

#include "base/mark.h"
#include "codec/row.h"
#include "store/keys.h"
#include "tables/rows.h"
#include "tables/timers.h"

namespace sluice::tables {
namespace {

using outbox::EndpointState;
using outbox::EndpointStatus;
using outbox::Message;
using outbox::MessageState;

constexpr std::string_view kTimers = "ob/r/";

std::string followers_prefix(std::string_view endpoint, std::string_view order) {
  return store::key({"ob/k/", endpoint, "/", order, "/"});
}

std::string follower_key(std::string_view endpoint, std::string_view order, Seq seq) {
  return store::key({followers_prefix(endpoint, order), store::fixed(seq)});
}

}  // namespace

Bytes encode(const KeyHead& head) {
  codec::RowWriter row;
  row.u64(head.head).u32(head.followers);
  return row.take();
}

Result<KeyHead> decode_key_head(ByteView bytes) {
  codec::RowReader row(bytes);
  KeyHead head;
  head.head = row.u64();
  head.followers = row.u32();
  SLUICE_TRY(row.end());
  return head;
}

std::string Queue::message_key(Seq seq) { return store::key({"ob/m/", store::fixed(seq)}); }

std::string Queue::state_key(std::string_view endpoint) { return store::key({"ob/e/", endpoint}); }

std::string Queue::head_key(std::string_view endpoint, std::string_view order) {
  return store::key({"ob/h/", endpoint, "/", order});
}

std::string Queue::due_key(std::string_view endpoint, Instant due, Seq seq) {
  return store::key({"ob/q/", endpoint, "/", store::fixed(due), "/", store::fixed(seq)});
}

std::string Queue::order_of(std::string_view endpoint, std::string_view text) {
  return text.empty() ? std::string() : store::hashed({endpoint, text});
}

Task<Result<std::optional<Message>>> Queue::message(store::Transaction& transaction, Seq seq) {
  co_return co_await load(transaction, message_key(seq), &outbox::decode_message);
}

void Queue::put(store::Transaction& transaction, const Message& message) {
  transaction.put(message_key(message.id.seq), outbox::encode(message));
}

Task<Result<EndpointState>> Queue::state(store::Transaction& transaction, std::string endpoint) {
  SLUICE_CO_TRY(auto found,
                co_await load(transaction, state_key(endpoint), &outbox::decode_endpoint_state));
  co_return found ? *std::move(found) : EndpointState{};
}

Task<Result<void>> Queue::enqueue(store::Transaction& transaction, Message message) {
  if (!message.order.empty()) {
    const std::string key = head_key(message.endpoint, message.order);
    SLUICE_CO_TRY(auto head, co_await load(transaction, key, &decode_key_head));
    if (head && head->head != message.id.seq) {
      head->followers += 1;
      transaction.put(key, encode(*head));
      transaction.put(follower_key(message.endpoint, message.order, message.id.seq), kIndexRow);
      message.state = MessageState::kFollower;
      put(transaction, message);
      co_return Result<void>();
    }
    if (!head) transaction.put(key, encode(KeyHead{.head = message.id.seq, .followers = 0}));
  }
  message.state = MessageState::kQueued;
  put(transaction, message);
  transaction.put(due_key(message.endpoint, message.due, message.id.seq), kIndexRow);
  co_return co_await lower_timer(transaction, message.endpoint, message.due);
}

Task<Result<void>> Queue::promote(store::Transaction& transaction, std::string endpoint,
                                  std::string order, Instant now) {
  if (order.empty()) co_return Result<void>();
  const std::string key = head_key(endpoint, order);
  const std::string prefix = followers_prefix(endpoint, order);
  KvRange range = store::range_of(prefix, 1);
  SLUICE_CO_TRY(const auto page, co_await transaction.range(std::move(range)));
  if (page.rows.empty()) {
    transaction.erase(key);
    co_return Result<void>();
  }
  const auto seq = parse_fixed_hex(page.rows.front().key.substr(prefix.size()));
  if (!seq) co_return Error{Errc::kCorrupt, "a follower's key does not end in a number"};
  SLUICE_CO_TRY(auto follower, co_await message(transaction, *seq));
  SLUICE_CO_TRY(auto head, co_await load(transaction, key, &decode_key_head));
  if (!follower || !head || head->followers == 0) {
    co_return Error{Errc::kCorrupt, "a follower without its message or its head"};
  }
  SLUICE_MARK("outbox: a follower becomes head");
  transaction.erase(follower_key(endpoint, order, *seq));
  transaction.put(key, encode(KeyHead{.head = *seq, .followers = head->followers - 1}));
  follower->state = MessageState::kQueued;
  follower->due = now;
  put(transaction, *follower);
  transaction.put(due_key(endpoint, now, *seq), kIndexRow);
  co_return co_await lower_timer(transaction, endpoint, now);
}

Task<Result<void>> Queue::lower_timer(store::Transaction& transaction, std::string endpoint,
                                      Instant due) {
  auto found = co_await state(transaction, endpoint);
  if (!found.has_value() && is_damage(found.error())) {
    SLUICE_MARK("outbox: an endpoint that cannot be read keeps its messages");
    co_return Result<void>();
  }
  SLUICE_CO_TRY(auto current, std::move(found));
  if (current.status != EndpointStatus::kActive) co_return Result<void>();
  if (current.timer && *current.timer <= due) co_return Result<void>();
  move_timer(transaction, kTimers, endpoint, current.timer, due);
  current.timer = due;
  transaction.put(state_key(endpoint), outbox::encode(current));
  co_return Result<void>();
}

Task<Result<void>> Queue::set_aside(store::Transaction& transaction, std::string endpoint,
                                    Instant until) {
  std::string prefix(kTimers);
  co_return co_await replace_timers(transaction, std::move(prefix), std::move(endpoint), until);
}

Task<Result<void>> Queue::settle(store::Transaction& transaction, std::string endpoint,
                                 EndpointState next, Instant now) {
  SLUICE_CO_TRY(const auto before, co_await state(transaction, endpoint));
  const std::string prefix = "ob/q/" + endpoint + "/";
  std::optional<Instant> timer;
  if (next.status == EndpointStatus::kActive) {
    KvRange range = store::range_of(prefix, 1);
    SLUICE_CO_TRY(const auto page, co_await transaction.range(std::move(range)));
    if (!page.rows.empty()) {
      const auto due = parse_fixed_hex(page.rows.front().key.substr(prefix.size(), 16));
      if (!due) co_return Error{Errc::kCorrupt, "a queue's key has no due"};
      timer = Instant{static_cast<std::int64_t>(*due)};
      // A timer that is reached already need not follow what is due behind it.
      if (before.timer && *before.timer <= *timer && *timer <= now) timer = before.timer;
    }
  }
  next.timer = timer;
  if (before.timer != timer) move_timer(transaction, kTimers, endpoint, before.timer, timer);
  if (!(next == before)) transaction.put(state_key(endpoint), outbox::encode(next));
  co_return Result<void>();
}

}  // namespace sluice::tables
