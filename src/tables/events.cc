#include "tables/events.h"

#include "base/mark.h"
#include "store/blob.h"
#include "store/keys.h"
#include "tables/rows.h"

namespace sluice::tables {
namespace {

// Whether `count` may change by that much; it is stored data, so a wrong one is no assertion.
bool move(std::uint32_t& count, int by) {
  const std::int64_t sum = static_cast<std::int64_t>(count) + by;
  if (sum < 0 || sum > UINT32_MAX) return false;
  count = static_cast<std::uint32_t>(sum);
  return true;
}

}  // namespace

std::string Events::key(Seq seq) { return store::key({"in/e/", store::fixed(seq)}); }

Task<Result<std::optional<inbox::Event>>> Events::get(store::Transaction& transaction, Seq seq) {
  co_return co_await load(transaction, key(seq), &inbox::decode_event);
}

void Events::put(store::Transaction& transaction, const inbox::Event& event) {
  transaction.put(key(event.id.seq), inbox::encode(event));
}

Task<Result<void>> Events::count(store::Transaction& transaction, Seq seq, Change change) {
  auto found = co_await get(transaction, seq);
  if (!found.has_value() && is_damage(found.error())) {
    SLUICE_MARK("events: one that cannot be read is not counted");
    co_return Result<void>();
  }
  SLUICE_CO_TRY(auto event, std::move(found));
  if (!event) co_return Error{Errc::kCorrupt, "a message without its event"};
  if (!move(event->unfinished, change.unfinished) || !move(event->dead, change.dead)) {
    co_return Error{Errc::kCorrupt, "an event's count of messages is wrong"};
  }
  put(transaction, *event);
  co_return Result<void>();
}

Task<Result<Bytes>> Events::body(store::Transaction& transaction, inbox::Event event) {
  if (event.blob.empty()) co_return std::move(event.body);
  co_return co_await store::read_blob(transaction, std::move(event.blob), event.body_size);
}

}  // namespace sluice::tables
