#include <map>
#include <set>

#include "store/keys.h"
#include "tables/queue.h"
#include "tables/rows.h"
#include "tables/timers.h"

namespace sluice::tables {
namespace {

using outbox::EndpointStatus;
using outbox::Message;
using outbox::MessageState;

// Everything under a prefix, up to kAuditRowsMax rows.
Task<Result<std::vector<KvRow>>> all_rows(store::Transaction& transaction, std::string prefix) {
  std::vector<KvRow> rows;
  KvRange range = store::range_of(std::move(prefix), kRangeRowsMax);
  while (rows.size() < kAuditRowsMax) {
    KvRange next = range;
    SLUICE_CO_TRY(auto page, co_await transaction.range(std::move(next)));
    for (auto& row : page.rows) rows.push_back(std::move(row));
    if (!page.next) break;
    range.lo = *std::move(page.next);
  }
  co_return rows;
}

struct Rows {
  std::map<std::string, Message> messages;  // By key.
  std::set<std::string> due;                // Keys of ob/q.
  std::set<std::string> followers;          // Keys of ob/k.
  std::set<std::string> timers;             // Keys of ob/r.
  std::map<std::string, KeyHead> heads;     // By key of ob/h.
};

Task<Result<Rows>> read(store::Transaction& transaction, Audit& audit) {
  Rows rows;
  SLUICE_CO_TRY(const auto messages, co_await all_rows(transaction, "ob/m/"));
  for (const auto& row : messages) {
    auto message = outbox::decode_message(row.entry.value);
    if (message.has_value()) {
      rows.messages.emplace(row.key, *std::move(message));
    } else {
      audit.push_back({.key = row.key, .what = "a message cannot be read"});
    }
  }
  SLUICE_CO_TRY(const auto due, co_await all_rows(transaction, "ob/q/"));
  for (const auto& row : due) rows.due.insert(row.key);
  SLUICE_CO_TRY(const auto followers, co_await all_rows(transaction, "ob/k/"));
  for (const auto& row : followers) rows.followers.insert(row.key);
  SLUICE_CO_TRY(const auto timers, co_await all_rows(transaction, "ob/r/"));
  for (const auto& row : timers) rows.timers.insert(row.key);
  SLUICE_CO_TRY(const auto heads, co_await all_rows(transaction, "ob/h/"));
  for (const auto& row : heads) {
    auto head = decode_key_head(row.entry.value);
    if (head.has_value()) rows.heads.emplace(row.key, *std::move(head));
  }
  co_return rows;
}

void audit_messages(const Rows& rows, Audit& audit) {
  std::size_t queued = 0;
  std::size_t following = 0;
  for (const auto& [key, message] : rows.messages) {
    const std::string& endpoint = message.endpoint;
    const bool is_queued = message.state == MessageState::kQueued;
    const bool is_follower = message.state == MessageState::kFollower;
    queued += is_queued ? 1U : 0U;
    following += is_follower ? 1U : 0U;
    if (is_queued && !rows.due.contains(Queue::due_key(endpoint, message.due, message.id.seq))) {
      audit.push_back({.key = key, .what = "a queued message is in no queue"});
    }
    if (is_follower && !rows.followers.contains(store::key({"ob/k/", endpoint, "/", message.order,
                                                            "/", store::fixed(message.id.seq)}))) {
      audit.push_back({.key = key, .what = "a follower is behind no head"});
    }
    const bool holds_key = is_queued || is_follower;
    if (holds_key && !message.order.empty()) {
      const auto head = rows.heads.find(Queue::head_key(endpoint, message.order));
      if (head == rows.heads.end()) {
        audit.push_back({.key = key, .what = "an unfinished message's key has no head"});
      } else if (is_queued && head->second.head != message.id.seq) {
        audit.push_back({.key = key, .what = "a queued message is not the head of its key"});
      }
    }
  }
  if (queued != rows.due.size()) {
    audit.push_back({.key = "ob/q/", .what = "queues hold what is not queued"});
  }
  if (following != rows.followers.size()) {
    audit.push_back({.key = "ob/k/", .what = "followers without their message"});
  }
  std::size_t counted = 0;
  for (const auto& [key, head] : rows.heads) counted += head.followers;
  if (counted != rows.followers.size()) {
    audit.push_back({.key = "ob/h/", .what = "followers are counted wrong"});
  }
}

Task<Result<void>> audit_timers(store::Transaction& transaction, const Rows& rows, Audit& audit) {
  std::map<std::string, std::string> first_due;  // Endpoint to 16 digits of its first due.
  for (const auto& key : rows.due) {
    const std::size_t slash = key.find('/', 5);
    first_due.emplace(key.substr(5, slash - 5), key.substr(slash + 1, 16));
  }
  std::set<std::string> expected;
  SLUICE_CO_TRY(const auto states, co_await all_rows(transaction, "ob/e/"));
  for (const auto& row : states) {
    const std::string endpoint = row.key.substr(5);
    auto state = outbox::decode_endpoint_state(row.entry.value);
    if (!state.has_value()) {
      audit.push_back({.key = row.key, .what = "an endpoint's state cannot be read"});
      continue;
    }
    if (state->timer) expected.insert(timer_key("ob/r/", *state->timer, endpoint));
    const auto due = first_due.find(endpoint);
    const bool runs = state->status == EndpointStatus::kActive && due != first_due.end();
    if (runs != state->timer.has_value()) {
      audit.push_back({.key = row.key, .what = "a timer without a queue, or a queue without one"});
    } else if (runs && std::string_view(store::fixed(*state->timer)) > due->second) {
      audit.push_back({.key = row.key, .what = "a timer is later than its queue"});
    }
    first_due.erase(endpoint);
  }
  if (expected != rows.timers) {
    audit.push_back({.key = "ob/r/", .what = "timers differ from the endpoints' states"});
  }
  if (!first_due.empty()) {
    audit.push_back({.key = "ob/q/", .what = "a queue of an endpoint without state"});
  }
  co_return Result<void>();
}

}  // namespace

Task<Result<Audit>> Queue::audit(store::Transaction& transaction) {
  Audit audit;
  SLUICE_CO_TRY(const Rows rows, co_await read(transaction, audit));
  audit_messages(rows, audit);
  SLUICE_CO_TRY(co_await audit_timers(transaction, rows, audit));
  co_return audit;
}

}  // namespace sluice::tables
