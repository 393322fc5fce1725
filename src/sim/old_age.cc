#include "sim/old_age.h"

#include <algorithm>
#include <set>

#include "codec/row.h"
#include "replication/link.h"
#include "store/sweep.h"

namespace sluice::sim {
namespace {

constexpr const char* kMain = "main.0";
constexpr const char* kMirror = "mirror.0";

void check_event(const inbox::Event& before, const inbox::Event& now, Violations& violations) {
  inbox::Event expected = before;
  if (before.is_settled()) {
    expected.body.clear();
    expected.blob.clear();
  }
  if (now == expected) return;
  violations.push_back("retention changed an event otherwise: " + format("evt_", before.id));
}

// No chunk is left of a body that no event names.
void check_blobs(World& world, const CellState& now, Violations& violations) {
  std::set<std::string> named;
  for (const auto& event : now.events) named.insert(event.blob);
  for (const auto& [key, entry] : world.store(kMain).rows()) {
    if (key.substr(0, 3) != "bl/") continue;
    if (!named.contains(key.substr(3, key.rfind('/') - 3))) {
      violations.push_back("a chunk that nobody names: " + key);
    }
  }
  for (const char* cell : {kMain, kMirror}) {
    if (world.store(cell).count("gc/") > 0) violations.push_back("a blob is not given up");
  }
}

void check_logs(World& world, Violations& violations) {
  for (const char* prefix : {"lg/e/events/", "lg/e/copy/", "lg/h/copy/"}) {
    const std::size_t left = world.store(kMain).count(prefix) + world.store(kMirror).count(prefix);
    if (left > 0) violations.push_back("a log is not trimmed: " + std::string(prefix));
  }
  const auto row = world.store(kMirror).get("rl/l/copy");
  const auto link = row ? replication::decode_link(row->value) : Error{Errc::kNotFound, ""};
  if (!link.has_value() || link->status != replication::LinkStatus::kLive) {
    violations.push_back("trimming what was copied stopped the link");
  }
}

// Rows are in the order of their numbers, so the last one is the newest.
template <class T, class Stays>
void check_left(const std::vector<T>& before, const std::vector<T>& now, Stays stays,
                std::string_view what, Violations& violations) {
  std::vector<Id> expected;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (stays(before[i]) || i + 1 == before.size()) expected.push_back(before[i].id);
  }
  const auto same = [](const T& row, const Id& id) { return row.id == id; };
  if (std::equal(now.begin(), now.end(), expected.begin(), expected.end(), same)) return;
  violations.push_back("retention left other " + std::string(what) + ": " +
                       std::to_string(now.size()) + " of " + std::to_string(expected.size()));
}

}  // namespace

bool is_swept(World& world) {
  for (const char* cell : {kMain, kMirror}) {
    const SimStore& store = world.store(cell);
    const auto row = store.get(store::next_sweep_key());
    if (!row || store.count("gc/") > 0) return false;
    codec::RowReader reader(row->value);
    if (reader.instant() <= world.timeline().wall()) return false;
  }
  return true;
}

void check_bodies_expired(World& world, const CellState& before, Violations& violations) {
  const CellState now = read_cell(world.store(kMain), "events", violations);
  if (now.events.size() != before.events.size() || now.messages != before.messages ||
      now.attempts != before.attempts) {
    violations.push_back("retention deleted rows before their time");
    return;
  }
  for (std::size_t i = 0; i < now.events.size(); ++i) {
    check_event(before.events[i], now.events[i], violations);
  }
  check_blobs(world, now, violations);
  check_logs(world, violations);
}

void check_rows_expired(World& world, const CellState& before, Violations& violations) {
  const CellState now = read_cell(world.store(kMain), "events", violations);
  check_left(
      before.events, now.events, [](const auto& event) { return !event.is_settled(); }, "events",
      violations);
  check_left(
      before.messages, now.messages, [](const auto& message) { return !message.is_finished(); },
      "messages", violations);
  std::set<Seq> left;
  for (const auto& message : now.messages) left.insert(message.id.seq);
  for (const auto& [message, attempts] : before.attempts) {
    const auto found = now.attempts.find(message);
    const std::size_t rows = found == now.attempts.end() ? 0 : found->second.size();
    if (rows != (left.contains(message) ? attempts.size() : 0)) {
      violations.push_back("attempts and their message did not go together");
    }
  }
  if (world.store(kMain).count("in/d/") > 0) violations.push_back("old dedupe rows are left");
  check_blobs(world, now, violations);
}

}  // namespace sluice::sim
