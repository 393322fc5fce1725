#include "tables/publish.h"

#include <algorithm>

#include "base/mark.h"
#include "codec/row.h"
#include "outbox/message.h"
#include "store/blob.h"
#include "store/keys.h"
#include "tables/events.h"
#include "tables/queue.h"
#include "tables/rows.h"

namespace sluice::tables {
namespace {

// An event's envelope without its body: at most its kept headers and identity.
constexpr std::size_t kEnvelopeBytes = 10 * 1024;
constexpr std::size_t kMessageMutations = 6;  // Message, queue, head, state, two timers.
constexpr std::size_t kMessageBytes = 1024;
constexpr std::size_t kTargetsAtOnce = 8;  // More than these go to `expand`.

// What `ob/expand/<~seq>` holds: the targets that have no message yet, in their order.
struct Expansion {
  Id event;
  std::vector<Target> targets;  // With hashed ordering keys.
};

Bytes encode(const Expansion& expansion) {
  codec::RowWriter row;
  row.id(expansion.event).count(expansion.targets.size());
  for (const auto& target : expansion.targets) row.text(target.endpoint).text(target.order_key);
  return row.take();
}

Result<Expansion> decode_expansion(ByteView bytes) {
  codec::RowReader row(bytes);
  Expansion expansion;
  expansion.event = row.id();
  const std::uint32_t count = row.count(8);
  for (std::uint32_t i = 0; i < count; ++i) {
    std::string endpoint = row.text();
    expansion.targets.push_back({.endpoint = std::move(endpoint), .order_key = row.text()});
  }
  SLUICE_TRY(row.end());
  return expansion;
}

std::string expand_key(Seq event) { return store::key({"ob/expand/", store::fixed(event)}); }

Task<Result<void>> add_message(store::Transaction& transaction, Numbering& numbering, Id event,
                               Target target, Instant now) {
  outbox::Message message;
  message.id = numbering.next(now);
  message.event = event;
  message.endpoint = std::move(target.endpoint);
  message.order = std::move(target.order_key);
  message.created_at = now;
  message.due = now;
  co_return co_await Queue::enqueue(transaction, std::move(message));
}

}  // namespace

store::Cost publish_cost(std::size_t body_size, std::size_t targets) {
  const std::size_t here = std::min(targets, kTargetsAtOnce);
  const store::Cost blob =
      body_size > inbox::kInlineMax ? store::blob_cost(body_size) : store::Cost{};
  return {.mutations = 2 + blob.mutations + here * kMessageMutations,
          .checks = blob.checks,
          .bytes = kEnvelopeBytes + inbox::kInlineMax + blob.bytes + here * kMessageBytes +
                   (targets - here) * 128};
}

std::vector<std::string> publish_reads(const std::vector<Target>& targets) {
  std::vector<std::string> keys;
  keys.reserve(2 * std::min(targets.size(), kTargetsAtOnce));
  for (std::size_t i = 0; i < std::min(targets.size(), kTargetsAtOnce); ++i) {
    keys.push_back(Queue::state_key(targets[i].endpoint));
    if (targets[i].order_key.empty()) continue;
    const std::string order = Queue::order_of(targets[i].endpoint, targets[i].order_key);
    keys.push_back(Queue::head_key(targets[i].endpoint, order));
  }
  return keys;
}

Task<Result<void>> publish(store::Transaction& transaction, Numbering& numbering,
                           inbox::Event event, std::vector<Target> targets, Instant now) {
  for (auto& target : targets)
    target.order_key = Queue::order_of(target.endpoint, target.order_key);
  const std::size_t here = std::min(targets.size(), kTargetsAtOnce);
  event.unfinished = static_cast<std::uint32_t>(targets.size());

  if (event.blob.empty() && event.body.size() > inbox::kInlineMax) {
    event.body_size = static_cast<std::uint32_t>(event.body.size());
    event.blob = format(event.id);
    store::put_blob(transaction, event.blob, std::move(event.body));
    event.body.clear();
  } else if (event.blob.empty()) {
    event.body_size = static_cast<std::uint32_t>(event.body.size());
  }
  if (here < targets.size()) {
    SLUICE_MARK("outbox: a fan-out goes on in a later slice");
    event.routing = inbox::Routing::kExpanding;
    Expansion rest{.event = event.id, .targets = {}};
    rest.targets.assign(targets.begin() + static_cast<std::ptrdiff_t>(here), targets.end());
    transaction.put(expand_key(event.id.seq), encode(rest));
    transaction.wake_by(now);
  }
  Events::put(transaction, event);
  const Id id = event.id;
  for (std::size_t i = 0; i < here; ++i) {
    SLUICE_CO_TRY(co_await add_message(transaction, numbering, id, targets[i], now));
  }
  co_return Result<void>();
}

Task<Result<bool>> expand(store::Transaction& transaction, Numbering& numbering, Instant now) {
  KvRange range = store::range_of("ob/expand/", 1);
  SLUICE_CO_TRY(const auto page, co_await transaction.range(std::move(range)));
  if (page.rows.empty()) co_return false;
  const std::string key = page.rows.front().key;
  auto expansion = decode_expansion(page.rows.front().entry.value);
  if (!expansion.has_value()) co_return expansion.error();

  const std::size_t here = std::min(expansion->targets.size(), kTargetsAtOnce);
  for (std::size_t i = 0; i < here; ++i) {
    SLUICE_CO_TRY(
        co_await add_message(transaction, numbering, expansion->event, expansion->targets[i], now));
  }
  const auto first = expansion->targets.begin();
  expansion->targets.erase(first, first + static_cast<std::ptrdiff_t>(here));
  if (!expansion->targets.empty()) {
    transaction.put(key, encode(*expansion));
    co_return true;
  }
  transaction.erase(key);
  SLUICE_CO_TRY(auto event, co_await Events::get(transaction, expansion->event.seq));
  if (!event) co_return Error{Errc::kCorrupt, "an expansion without its event"};
  event->routing = inbox::Routing::kRouted;
  Events::put(transaction, *event);
  co_return true;
}

}  // namespace sluice::tables
