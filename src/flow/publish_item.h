// Publishes one item that a step read: an event, its log entry and its messages, unless the same
// bytes under the same id were published before.
#pragma once

#include "flow/cell.h"
#include "store/transaction.h"
#include "sync/page.h"

namespace sluice::flow {

enum class Item : std::uint8_t { kPublished, kKnown };

// The most that `publish_item` writes.
[[nodiscard]] store::Cost item_cost(const manifest::Step& step, const sync::Record& record);

// In the caller's transaction. The record is an item, not a reject.
Task<Result<Item>> publish_item(Cell& cell, store::Transaction& transaction,
                                const manifest::Step& step, sync::Record record, Instant now);

}  // namespace sluice::flow
