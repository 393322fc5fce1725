#include "flow/publish_message.h"

#include "base/mark.h"
#include "codec/row.h"
#include "store/blob.h"
#include "store/keys.h"
#include "tables/log.h"
#include "tables/rows.h"

namespace sluice::flow {
namespace {

constexpr std::string_view kSource = "api";
constexpr Duration kAnswerKept = hours(24);
constexpr std::size_t kBodyMax = 256 * 1024;

// What `ik/<#key>` holds.
struct KeptAnswer {
  Instant at;
  Id event;
  std::string digest;  // Of what was published under the key.
};

Bytes encode(const KeptAnswer& answer) {
  codec::RowWriter row;
  row.instant(answer.at).id(answer.event).text(answer.digest);
  return row.take();
}

Result<KeptAnswer> decode_kept_answer(ByteView bytes) {
  codec::RowReader row(bytes);
  KeptAnswer answer;
  answer.at = row.instant();
  answer.event = row.id();
  answer.digest = row.text();
  SLUICE_TRY(row.end());
  return answer;
}

std::string digest_of(const Publication& publication) {
  std::string targets;
  for (const auto& target : publication.targets) {
    targets += store::hashed({target.endpoint, target.order_key});
  }
  return store::hashed({targets, publication.content_type, publication.body}, 64);
}

}  // namespace

Task<Result<Published>> publish_message(Cell& cell, Publication publication) {
  if (publication.body.size() > kBodyMax) co_return Error{Errc::kTooBig, "a message's body"};
  const Instant now = cell.host.clock().now();
  const std::string digest = digest_of(publication);
  const std::string key = publication.idempotency_key.empty()
                              ? ""
                              : "ik/" + store::hashed({publication.idempotency_key});

  for (int conflicts = 0; conflicts < kConflictsMax; ++conflicts) {
    SLUICE_CO_TRY(auto transaction, co_await cell.store.begin());
    if (!key.empty()) {
      SLUICE_CO_TRY(const auto kept, co_await tables::load(transaction, key, &decode_kept_answer));
      if (kept && now - kept->at < kAnswerKept) {
        SLUICE_MARK("api: an idempotency key is repeated");
        co_return Published{
            .outcome = kept->digest == digest ? Publishing::kRepeated : Publishing::kKeyReused,
            .event = kept->event};
      }
    }
    inbox::Event event;
    event.id = cell.numbering.next(now);
    event.source = std::string(kSource);
    event.received_at = now;
    event.headers = {{.name = "content-type", .value = publication.content_type}};
    event.body = publication.body;
    const Id id = event.id;

    replication::Entry entry;
    entry.position = id.seq;
    entry.id = id;
    entry.received_at = now;
    entry.source = event.source;
    entry.content_type = publication.content_type;
    entry.size = static_cast<std::uint32_t>(publication.body.size());
    if (publication.body.size() > inbox::kInlineMax) {
      entry.blob = format(id);  // The one that `publish` makes.
    } else {
      entry.body = publication.body;
    }
    tables::Log::append(transaction, tables::kEventStream, entry);
    if (!key.empty()) {
      const KeptAnswer answer{.at = now, .event = id, .digest = digest};
      transaction.put(key, encode(answer), now + kAnswerKept);
    }
    SLUICE_CO_TRY(co_await tables::publish(transaction, cell.numbering, std::move(event),
                                           publication.targets, now));
    SLUICE_CO_TRY(const auto outcome, co_await transaction.commit());
    if (outcome == store::Outcome::kCommitted) {
      co_return Published{.outcome = Publishing::kPublished, .event = id};
    }
  }
  co_return Error{Errc::kConflict, "publishing lost every race"};
}

}  // namespace sluice::flow
