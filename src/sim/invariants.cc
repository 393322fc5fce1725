#include "sim/invariants.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/id.h"
#include "replication/link.h"
#include "store/keys.h"
#include "store/store.h"
#include "sync/cursor.h"
#include "tables/cursors.h"
#include "tables/links.h"
#include "tables/log.h"
#include "tables/queue.h"

namespace sluice::sim {
namespace {

using outbox::Message;
using outbox::MessageState;

constexpr std::string_view kMain = "main.0";
constexpr std::string_view kMirror = "mirror.0";
constexpr std::uint32_t kSchedule = 6;  // Attempts in the swarm's manifest.

// Calls `each` with every row under `prefix`.
template <class Each>
void rows_of(const SimStore& store, const std::string& prefix, Each each) {
  const auto end = store.rows().lower_bound(store::end_of(prefix));
  for (auto it = store.rows().lower_bound(prefix); it != end; ++it) {
    each(it->first, it->second.value);
  }
}

template <class T>
void keep(Result<T> decoded, const std::string& key, std::vector<T>& rows, Violations& violations) {
  if (decoded.has_value()) {
    rows.push_back(*std::move(decoded));
  } else {
    violations.push_back("a row cannot be read: " + key);
  }
}

const Receiver* receiver_of(const Outside& outside, const std::string& endpoint) {
  if (endpoint == "keyed") return &outside.keyed;
  return endpoint == "plain" ? &outside.plain : &outside.rows;
}

const Receiver::Arrivals* arrivals_of(const Outside& outside, const Message& message) {
  const auto& arrivals = receiver_of(outside, message.endpoint)->arrivals();
  const auto found = arrivals.find(format("msg_", message.id));
  return found == arrivals.end() ? nullptr : &found->second;
}

std::size_t count_events(const CellState& state, std::string_view source, std::string_view text) {
  std::size_t found = 0;
  for (const auto& event : state.events) {
    found += event.source == source && (event.identity == text || event.body == text) ? 1U : 0U;
  }
  return found;
}

// What was accepted is there, once.
void check_inbox(const CellState& state, const Outside& outside, Violations& violations) {
  for (const auto& webhook : outside.sender.webhooks()) {
    const std::size_t events = count_events(state, "partner", webhook.id);
    if (webhook.accepted && events == 0) violations.push_back("accepted and lost: " + webhook.id);
    if (events > 1) violations.push_back("accepted twice: " + webhook.id);
  }
  for (const auto& item : outside.api.items()) {
    if (count_events(state, "step:orders", item.id) > 1) {
      violations.push_back("an item was published twice: " + item.id);
    }
  }
  for (const auto& publication : outside.publisher.publications()) {
    const std::size_t at = publication.body.find("{\"published");
    const std::string body = publication.body.substr(at, publication.body.size() - at - 1);
    const std::size_t events = count_events(state, "api", body);
    if (publication.accepted && events == 0) {
      violations.push_back("published and lost: " + publication.key);
    }
    if (events > 1) violations.push_back("published twice: " + publication.key);
    if (publication.answers_differ) {
      violations.push_back("a repeat is answered otherwise: " + publication.key);
    }
  }
}

// Each attempt is counted once, and under a younger fence than the one before.
void check_attempts(const CellState& state, const Message& message, Violations& violations) {
  const std::string id = format("msg_", message.id);
  const auto found = state.attempts.find(message.id.seq);
  const std::size_t rows = found == state.attempts.end() ? 0 : found->second.size();
  if (rows != message.attempts) violations.push_back("attempts are counted wrong: " + id);
  for (std::size_t n = 1; n < rows; ++n) {
    const outbox::Fence& before = found->second[n - 1].fence;
    const outbox::Fence& after = found->second[n].fence;
    const bool younger =
        before.epoch < after.epoch || (before.epoch == after.epoch && before.n < after.n);
    if (!younger) violations.push_back("the answer of an old claim counted: " + id);
  }
}

// Nothing is recorded that did not happen.
void check_outbox(const CellState& state, const Outside& outside, Violations& violations) {
  for (const auto& message : state.messages) {
    const std::string id = format("msg_", message.id);
    const auto* arrivals = arrivals_of(outside, message);
    if (message.state == MessageState::kDone && (arrivals == nullptr || !arrivals->answered_well)) {
      violations.push_back("done without a good answer: " + id);
    }
    if (message.state == MessageState::kDead && message.failures < kSchedule) {
      violations.push_back("given up on too early: " + id + " " + message.reason);
    }
    check_attempts(state, message, violations);
  }
}

std::optional<Instant> synced_to(const SimStore& store) {
  std::optional<Instant> to;
  rows_of(store, "sy/s/orders/", [&](const std::string&, const Bytes& row) {
    const auto cursor = sync::decode_cursor(row);
    if (cursor.has_value()) to = cursor->synced_to;
  });
  return to;
}

// The cursor passes nothing that is not published.
void check_cursor(const SimStore& store, const CellState& state, const Outside& outside,
                  Violations& violations) {
  const auto to = synced_to(store);
  if (!to) return;
  for (const auto& item : outside.api.items()) {
    if (item.at < *to && count_events(state, "step:orders", item.id) == 0) {
      violations.push_back("the cursor passed an item: " + item.id);
    }
  }
}

// The copy is a prefix of the original, and the checkpoint lies within the copy.
void check_copy(World& world, const CellState& main, Violations& violations) {
  const SimStore& store = world.store(std::string(kMirror));
  const CellState mirror = read_cell(store, "copy", violations);
  const bool shorter = mirror.log.size() <= main.log.size();
  const auto same = [](const auto& a, const auto& b) { return a.id == b.id && a.body == b.body; };
  if (!shorter || !std::equal(mirror.log.begin(), mirror.log.end(), main.log.begin(), same)) {
    violations.push_back("the copy is no prefix of the log");
    return;
  }
  const auto row = store.get("rl/l/copy");
  if (!row) return;
  const auto link = replication::decode_link(row->value);
  if (!link.has_value()) return violations.push_back("the link's row cannot be read");
  if (link->status != replication::LinkStatus::kLive) {
    violations.push_back("the link stopped: " + std::string(replication::status_name(*link)));
  }
  if (!link->applied) return;
  for (std::size_t n = mirror.log.size(); n < main.log.size(); ++n) {
    if (main.log[n].position <= link->applied->position) {
      return violations.push_back("the checkpoint passed an entry that is not copied");
    }
  }
}

// Of two messages of one key, the later one first arrives behind the earlier one.
void check_order(const CellState& state, const Outside& outside, Violations& violations) {
  std::map<std::string, std::vector<const Message*>> by_key;
  for (const auto& message : state.messages) {
    if (message.endpoint == "keyed") by_key[message.order].push_back(&message);
  }
  for (const auto& [key, messages] : by_key) {
    std::uint64_t last = 0;
    for (const Message* message : messages) {
      if (message->state == MessageState::kDead) continue;
      if (outside.operations.moved().contains(format("msg_", message->id))) continue;
      const auto* arrivals = arrivals_of(outside, *message);
      if (arrivals == nullptr) continue;
      if (arrivals->first < last)
        violations.push_back("out of order: " + format("msg_", message->id));
      last = arrivals->first;
    }
  }
}

void check_webhook(const CellState& state, const Outside& outside, const Sender::Webhook& webhook,
                   Violations& violations) {
  for (const auto& event : state.events) {
    if (event.identity != webhook.id) continue;
    std::size_t messages = 0;
    for (const auto& message : state.messages) {
      if (message.event != event.id) continue;
      ++messages;
      const auto* arrivals = arrivals_of(outside, message);
      const bool arrived = arrivals != nullptr && arrivals->body == webhook.body;
      if (message.state == MessageState::kDone && !arrived) {
        violations.push_back("delivered with other bytes: " + webhook.id);
      }
    }
    if (messages != 2) violations.push_back("a webhook has not two messages: " + webhook.id);
    if (event.unfinished != 0) violations.push_back("unfinished in the end: " + webhook.id);
  }
}

Task<void> run_audits(Host& host, std::string cell, Violations& violations) {
  store::Store store(host);
  const auto opened = co_await store.open();
  if (!opened.has_value()) co_return violations.push_back("a copy of a cell does not open");
  auto transaction = co_await store.begin();
  if (!transaction.has_value()) co_return;
  std::vector<Result<tables::Audit>> audits;
  audits.push_back(co_await tables::Queue::audit(*transaction));
  audits.push_back(co_await tables::Cursors::audit(*transaction));
  audits.push_back(co_await tables::Links::audit(*transaction));
  std::string events(tables::kEventStream);
  audits.push_back(co_await tables::Log::audit(*transaction, std::move(events)));
  std::string copy("copy");
  audits.push_back(co_await tables::Log::audit(*transaction, std::move(copy)));
  for (const auto& audit : audits) {
    if (!audit.has_value()) {
      violations.push_back("an audit failed: " + std::string(audit.error().context));
      continue;
    }
    for (const auto& found : *audit) {
      violations.push_back(cell + ": " + std::string(found.what) + ": " + found.key);
    }
  }
}

}  // namespace

CellState read_cell(const SimStore& store, const std::string& stream, Violations& violations) {
  CellState state;
  rows_of(store, "in/e/", [&](const std::string& key, const Bytes& row) {
    keep(inbox::decode_event(row), key, state.events, violations);
  });
  rows_of(store, "ob/m/", [&](const std::string& key, const Bytes& row) {
    keep(outbox::decode_message(row), key, state.messages, violations);
  });
  rows_of(store, "ob/a/", [&](const std::string& key, const Bytes& row) {
    const auto seq = parse_fixed_hex(std::string_view(key).substr(5, 16));
    keep(outbox::decode_attempt(row), key, state.attempts[seq.value_or(0)], violations);
  });
  const std::string log = "lg/e/" + stream + "/";
  rows_of(store, log, [&](const std::string& key, const Bytes& row) {
    const auto position = parse_fixed_hex(std::string_view(key).substr(log.size()));
    keep(replication::decode_entry(position.value_or(0), row), key, state.log, violations);
  });
  return state;
}

void check_safety(World& world, const Outside& outside, Violations& violations) {
  const SimStore& store = world.store(std::string(kMain));
  const CellState state = read_cell(store, "events", violations);
  check_inbox(state, outside, violations);
  check_outbox(state, outside, violations);
  check_cursor(store, state, outside, violations);
  check_copy(world, state, violations);
  check_order(state, outside, violations);
  for (const auto* receiver : {&outside.keyed, &outside.plain, &outside.rows}) {
    for (const auto& complaint : receiver->complaints()) violations.push_back(complaint);
  }
}

std::string unsettled(World& world, const Outside& outside) {
  if (!outside.sender.is_done()) return "a webhook is not accepted";
  if (!outside.publisher.is_done()) return "a message is not published";
  if (!outside.operations.is_restored()) return "the endpoints are not all on";
  const SimStore& store = world.store(std::string(kMain));
  const auto to = synced_to(store);
  if (!to || *to <= outside.api.items().back().at) return "the step has not arrived";
  Violations ignored;
  const CellState main = read_cell(store, "events", ignored);
  for (const auto& message : main.messages) {
    if (message.state == MessageState::kQueued || message.state == MessageState::kFollower) {
      return "unfinished: " + format("msg_", message.id) + " for " + message.endpoint;
    }
  }
  const bool copied = main.log.size() == world.store(std::string(kMirror)).count("lg/e/copy/");
  return copied ? "" : "the copy is shorter than the log";
}

void check_end(World& world, const Outside& outside, Violations& violations) {
  const CellState state = read_cell(world.store(std::string(kMain)), "events", violations);
  for (const auto& webhook : outside.sender.webhooks()) {
    check_webhook(state, outside, webhook, violations);
  }
  for (const auto& item : outside.api.items()) {
    if (count_events(state, "step:orders", item.id) != 1) {
      violations.push_back("an item was never published: " + item.id);
    }
  }
  for (const auto& event : state.events) {
    if (event.routing == inbox::Routing::kSuspectedReplay) {
      violations.push_back("an honest webhook was taken for a replay: " + event.identity);
    }
  }
}

void audit(World& world, const std::string& cell, Violations& violations) {
  World copy(1, Faults::none());
  SimStore& rows = copy.store(cell);
  for (const auto& [key, entry] : world.store(cell).rows()) rows.put(key, entry.value);
  Node* node = copy.node(cell);
  (void)copy.run_task(*node, run_audits(*node, cell, violations));
}

}  // namespace sluice::sim
