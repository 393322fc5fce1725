// What must hold of the stored state of the swarm's cells, at any moment and in the end.
//
// The rows are read as they are, behind the back of every engine; the tables' own audits run on a
// copy.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "inbox/event.h"
#include "outbox/message.h"
#include "replication/entry.h"
#include "sim/operations.h"
#include "sim/outside.h"
#include "sim/world.h"

namespace sluice::sim {

using Violations = std::vector<std::string>;

// One cell, read from its rows.
struct CellState {
  std::vector<inbox::Event> events;       // By number.
  std::vector<outbox::Message> messages;  // By number.
  std::vector<replication::Entry> log;    // Of the stream that was asked for.
  // By message, in the order of their numbers.
  std::map<Seq, std::vector<outbox::Attempt>> attempts;
};

// Adds a violation for each row that cannot be read.
[[nodiscard]] CellState read_cell(const SimStore& store, const std::string& stream,
                                  Violations& violations);

struct Outside {
  const Sender& sender;
  const Publisher& publisher;
  const Receiver& keyed;
  const Receiver& plain;
  const Receiver& rows;
  const PagedApi& api;
  const Operations& operations;
};

// Holds after every step.
void check_safety(World& world, const Outside& outside, Violations& violations);

// What has not come to its end yet; empty when everything has.
[[nodiscard]] std::string unsettled(World& world, const Outside& outside);

// Holds when it has.
void check_end(World& world, const Outside& outside, Violations& violations);

// The tables' audits, on a copy of the cell.
void audit(World& world, const std::string& cell, Violations& violations);

}  // namespace sluice::sim
