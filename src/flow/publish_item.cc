#include "flow/publish_item.h"

#include <utility>

#include "base/mark.h"
#include "inbox/event.h"
#include "store/blob.h"
#include "tables/log.h"
#include "tables/publish.h"
#include "tables/seen.h"

namespace sluice::flow {
namespace {

constexpr std::string_view kContentType = "application/json";

std::vector<tables::Target> targets_of(const Cell& cell, const manifest::Step& step,
                                       const sync::Record& record) {
  std::vector<tables::Target> targets;
  for (const std::string& name : step.to) {
    const auto* endpoint = cell.manifest.endpoint(name);
    if (endpoint == nullptr) continue;
    // Versions of one item are delivered in the order in which they were read.
    const bool ordered = endpoint->order == manifest::Order::kKey;
    targets.push_back({.endpoint = name, .order_key = ordered ? step.name + "/" + record.id : ""});
  }
  return targets;
}

replication::Entry entry_of(const inbox::Event& event) {
  replication::Entry entry;
  entry.position = event.id.seq;
  entry.id = event.id;
  entry.received_at = event.received_at;
  entry.source = event.source;
  entry.content_type = std::string(kContentType);
  entry.body = event.body;
  entry.blob = event.blob;
  entry.size = event.body_size;
  return entry;
}

}  // namespace

store::Cost item_cost(const manifest::Step& step, const sync::Record& record) {
  store::Cost cost = tables::publish_cost(record.raw.size(), step.to.size());
  cost.mutations += 2;  // What was seen, and the log entry.
  cost.bytes += inbox::kInlineMax + 1024;
  return cost;
}

Task<Result<Item>> publish_item(Cell& cell, store::Transaction& transaction,
                                const manifest::Step& step, sync::Record record, Instant now) {
  const tables::Fingerprint print{.scope = "step:" + step.name,
                                  .identity = sync::identity(step.name, record),
                                  .digest = {},
                                  .signed_identity = true};
  const tables::Seen seen(print, now);
  SLUICE_CO_TRY(const auto judgement, co_await seen.judge(transaction, inbox::kHorizonMax));
  if (judgement.delivery != inbox::Delivery::kNew) {
    SLUICE_MARK("sync: an item is known");
    co_return Item::kKnown;
  }
  inbox::Event event;
  event.id = cell.numbering.next(now);
  event.source = print.scope;
  event.received_at = now;
  event.headers = {{.name = "content-type", .value = std::string(kContentType)}};
  event.body_size = static_cast<std::uint32_t>(record.raw.size());
  event.identity = record.id.substr(0, inbox::kIdentityMax);
  if (record.raw.size() > inbox::kInlineMax) {
    event.blob = format(event.id);
    store::put_blob(transaction, event.blob, record.raw);
  } else {
    event.body = std::string(record.raw);
  }
  seen.claim(transaction, judgement, event.id);
  tables::Log::append(transaction, tables::kEventStream, entry_of(event));
  std::vector<tables::Target> targets = targets_of(cell, step, record);
  SLUICE_CO_TRY(co_await tables::publish(transaction, cell.numbering, std::move(event),
                                         std::move(targets), now));
  co_return Item::kPublished;
}

}  // namespace sluice::flow
