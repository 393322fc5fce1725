#include "flow/receive_webhook.h"

#include "base/mark.h"
#include "flow/route.h"
#include "inbox/event.h"
#include "store/blob.h"
#include "tables/log.h"
#include "tables/publish.h"
#include "tables/secret_use.h"

namespace sluice::flow {
namespace {

// Bodies up to this go into the accepting commit; larger ones are written ahead, under an intent.
constexpr std::size_t kOneCommitMax = 256 * 1024;
constexpr Duration kIntent = minutes(10);

inbox::Event event_of(const Delivery& delivery, Id id, Instant now, inbox::Delivery verdict) {
  inbox::Event event;
  event.id = id;
  event.source = delivery.print.scope;
  event.received_at = now;
  event.headers = inbox::kept_headers(delivery.headers);
  event.identity = delivery.print.identity.substr(0, inbox::kIdentityMax);
  event.secret = delivery.secret;
  event.routing =
      verdict == inbox::Delivery::kNew ? inbox::Routing::kRouted : inbox::Routing::kSuspectedReplay;
  return event;
}

replication::Entry entry_of(const inbox::Event& event, const Headers& headers) {
  replication::Entry entry;
  entry.position = event.id.seq;
  entry.id = event.id;
  entry.received_at = event.received_at;
  entry.source = event.source;
  entry.content_type = std::string(find(headers, "content-type").value_or(""));
  entry.body = event.body;
  entry.blob = event.blob;
  entry.size = event.body_size;
  return entry;
}

// The secret that matched, where the operator has not been told of it for a while.
std::optional<tables::SecretName> secret_to_mark(const Cell& cell, const Delivery& delivery,
                                                 Instant now) {
  const auto* source = cell.manifest.source(delivery.print.scope);
  if (source == nullptr || delivery.secret >= source->secret_names.size()) return std::nullopt;
  tables::SecretName name{.source = source->name, .secret = source->secret_names[delivery.secret]};
  if (!cell.secret_marks.is_due(name, now)) return std::nullopt;
  return name;
}

struct Attempted {
  store::Outcome outcome{};
  Received received;
};

// One try: everything it decides on is read in the transaction that writes.
Task<Result<Attempted>> accept(Cell& cell, const Delivery& delivery, std::string blob,
                               Instant now) {
  std::vector<tables::Target> targets =
      route(cell.manifest, delivery.print.scope, delivery.headers, delivery.body);
  const auto* source = cell.manifest.source(delivery.print.scope);
  const Duration horizon = source == nullptr ? days(5) : manifest::recognised_for(*source);
  const auto secret = secret_to_mark(cell, delivery, now);

  SLUICE_CO_TRY(auto transaction, co_await cell.store.begin());
  const tables::Seen seen(delivery.print, now);
  std::vector<std::string> keys = seen.reads();
  for (auto& key : tables::publish_reads(targets)) {
    if (keys.size() < kGetKeysMax) keys.push_back(std::move(key));
  }
  SLUICE_CO_TRY(co_await transaction.get_all(std::move(keys)));  // One round trip for all of them.
  SLUICE_CO_TRY(const auto judgement, co_await seen.judge(transaction, horizon));
  if (judgement.delivery == inbox::Delivery::kDuplicate) {
    SLUICE_MARK("inbox: a duplicate changes nothing");
    co_return Attempted{.outcome = store::Outcome::kCommitted,
                        .received = {.delivery = judgement.delivery, .event = *judgement.event}};
  }
  const Id id = cell.numbering.next(now);
  inbox::Event event = event_of(delivery, id, now, judgement.delivery);
  event.body_size = static_cast<std::uint32_t>(delivery.body.size());
  if (!blob.empty()) {
    event.blob = blob;
    SLUICE_CO_TRY(co_await store::adopt_blob(transaction, std::move(blob)));
  } else if (delivery.body.size() > inbox::kInlineMax) {
    event.blob = format(id);
    store::put_blob(transaction, event.blob, delivery.body);
  } else {
    event.body = delivery.body;
  }
  seen.claim(transaction, judgement, id);
  if (judgement.delivery == inbox::Delivery::kNew) {
    const replication::Entry entry = entry_of(event, delivery.headers);
    tables::Log::append(transaction, tables::kEventStream, entry);
  } else {
    targets.clear();
  }
  SLUICE_CO_TRY(co_await tables::publish(transaction, cell.numbering, std::move(event),
                                         std::move(targets), now));
  if (secret) tables::SecretUse::mark(transaction, *secret, now);
  SLUICE_CO_TRY(const auto outcome, co_await transaction.commit());
  if (secret && outcome == store::Outcome::kCommitted) cell.secret_marks.note(*secret, now);
  co_return Attempted{.outcome = outcome,
                      .received = {.delivery = judgement.delivery, .event = id}};
}

// Whether it was delivered before; asked before a large body is written.
Task<Result<std::optional<Received>>> find_duplicate(Cell& cell, const Delivery& delivery,
                                                     Instant now) {
  const auto* source = cell.manifest.source(delivery.print.scope);
  const Duration horizon = source == nullptr ? days(5) : manifest::recognised_for(*source);
  SLUICE_CO_TRY(auto transaction, co_await cell.store.begin());
  const tables::Seen seen(delivery.print, now);
  SLUICE_CO_TRY(const auto judgement, co_await seen.judge(transaction, horizon));
  if (judgement.delivery != inbox::Delivery::kDuplicate) co_return std::optional<Received>();
  co_return std::optional<Received>(
      Received{.delivery = judgement.delivery, .event = *judgement.event});
}

}  // namespace

Task<Result<Received>> receive_webhook(Cell& cell, Delivery delivery) {
  const Instant now = cell.host.clock().now();
  std::string blob;
  if (delivery.body.size() > kOneCommitMax) {
    SLUICE_CO_TRY(const auto duplicate, co_await find_duplicate(cell, delivery, now));
    if (duplicate) co_return *duplicate;
    blob = format(Id{.seq = cell.host.random().number(), .random = cell.host.random().number()});
    SLUICE_CO_TRY(co_await store::write_blob(cell.store, blob, delivery.body, now + kIntent));
  }
  for (int conflicts = 0; conflicts < kConflictsMax; ++conflicts) {
    SLUICE_CO_TRY(const auto attempted, co_await accept(cell, delivery, blob, now));
    if (attempted.outcome == store::Outcome::kCommitted) co_return attempted.received;
    SLUICE_MARK("inbox: accepting lost a race");
  }
  co_return Error{Errc::kConflict, "accepting a webhook lost every race"};
}

}  // namespace sluice::flow
