#include "tables/events.h"

#include <algorithm>

#include "base/mark.h"
#include "store/blob.h"
#include "store/keys.h"
#include "store/walk.h"
#include "tables/numbering.h"
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

constexpr std::string_view kPrefix = "in/e/";
constexpr std::uint32_t kExpiredMax = 40;  // Events of one commit: two rows each.

void give_up_blob(store::Transaction& transaction, const inbox::Event& event, Instant now) {
  if (!event.blob.empty()) store::release_blob(transaction, event.blob, now);
}

}  // namespace

std::string Events::key(Seq seq) { return store::key({kPrefix, store::fixed(seq)}); }

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
  if (event.is_body_expired()) co_return Error{Errc::kNotFound, "the body's time was over"};
  if (event.blob.empty()) co_return std::move(event.body);
  co_return co_await store::read_blob(transaction, std::move(event.blob), event.body_size);
}

Task<Result<Expired>> Events::expire_bodies(store::Transaction& transaction, Instant before,
                                            Instant now) {
  std::string name("bodies");
  std::string beginning(kPrefix);
  SLUICE_CO_TRY(auto walk,
                co_await store::resume_walk(transaction, std::move(name), std::move(beginning)));
  const std::string end = key(first_seq(before));
  if (walk.from >= end) co_return Expired{};
  KvRange range{.lo = walk.from, .hi = end, .limit = kExpiredMax, .reverse = false};
  SLUICE_CO_TRY(const auto page, co_await transaction.range(std::move(range)));
  if (page.rows.empty()) co_return Expired{};
  Expired expired{.more = page.next.has_value()};
  for (const KvRow& row : page.rows) {
    auto event = inbox::decode_event(row.entry.value);
    if (!event.has_value() || !event->is_settled() || !event->has_body()) continue;
    SLUICE_MARK("retention: a body expires");
    give_up_blob(transaction, *event, now);
    event->body.clear();
    event->blob.clear();
    transaction.put(row.key, inbox::encode(*event));
    ++expired.count;
  }
  // Behind the last one, not at `end`: where a clock goes too far and comes back, nothing is left
  // out.
  store::leave_walk(transaction, walk, page.next.value_or(page.rows.back().key + "~"));
  co_return expired;
}

Task<Result<Expired>> Events::expire(store::Transaction& transaction, Instant before, Instant now) {
  std::string name("events");
  std::string prefix(kPrefix);
  SLUICE_CO_TRY(auto walk, co_await store::resume_walk(transaction, std::move(name), prefix));
  SLUICE_CO_TRY(const Seq newest, co_await last_number(transaction, std::move(prefix)));
  std::string end = key(std::min(first_seq(before), newest));
  if (walk.from >= end) co_return Expired{};
  KvRange range{.lo = walk.from, .hi = std::move(end), .limit = kExpiredMax, .reverse = false};
  SLUICE_CO_TRY(const auto page, co_await transaction.range(std::move(range)));
  Expired expired{.more = page.next.has_value()};
  for (const KvRow& row : page.rows) {
    const auto event = inbox::decode_event(row.entry.value);
    if (!event.has_value() || !event->is_settled()) continue;
    SLUICE_MARK("retention: an event expires");
    give_up_blob(transaction, *event, now);
    transaction.erase(row.key);
    ++expired.count;
  }
  store::leave_walk(transaction, walk, page.next);
  co_return expired;
}

}  // namespace sluice::tables
