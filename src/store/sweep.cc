#include "store/sweep.h"

#include <string>
#include <utility>

#include "base/mark.h"
#include "codec/row.h"
#include "store/blob.h"
#include "store/keys.h"
#include "store/walk.h"

namespace sluice::store {
namespace {

constexpr Duration kPause = hours(1);
constexpr Duration kBucket = days(8);  // As inbox/dedupe.h has it.
constexpr Duration kAnswerKept = hours(24);
constexpr std::string_view kNext = "m/sweep/next";

Task<Result<void>> finish(Transaction& transaction) {
  SLUICE_CO_TRY(const auto outcome, co_await transaction.commit());
  if (outcome == Outcome::kConflict) co_return Error{Errc::kConflict, "a sweep lost a race"};
  co_return Result<void>();
}

KvRange between(std::string lo, std::string hi) {
  return {.lo = std::move(lo),
          .hi = std::move(hi),
          .limit = static_cast<std::uint32_t>(kSweepDeletesMax),
          .reverse = false};
}

Task<Result<bool>> sweep_dedupe(Store& store, Instant now) {
  const std::int64_t current = now.ms / kBucket.ms;
  if (current < 2) co_return false;
  SLUICE_CO_TRY(auto transaction, co_await store.begin());
  KvRange range = between("in/d/", key({"in/d/", fixed(static_cast<std::uint64_t>(current - 1))}));
  SLUICE_CO_TRY(const auto page, co_await transaction.range(std::move(range)));
  for (const auto& row : page.rows) transaction.erase(row.key);
  if (page.rows.empty()) co_return false;
  SLUICE_MARK("sweep: old dedupe rows are deleted");
  SLUICE_CO_TRY(co_await finish(transaction));
  co_return page.next.has_value();
}

// The chunks of the first due intent, then the intent itself.
Task<Result<bool>> sweep_blobs(Store& store, Instant now) {
  SLUICE_CO_TRY(auto transaction, co_await store.begin());
  KvRange intents = between("gc/", key({"gc/", fixed(now + milliseconds(1))}));
  intents.limit = 1;
  SLUICE_CO_TRY(const auto due, co_await transaction.range(std::move(intents)));
  if (due.rows.empty()) co_return false;
  const std::string intent = due.rows.front().key;
  const std::size_t slash = intent.rfind('/');
  const std::string prefix = "bl/" + intent.substr(slash + 1) + "/";
  KvRange chunks = between(prefix, end_of(prefix));
  chunks.limit = 8;  // Chunks are large, and a page of them is bounded in bytes.
  SLUICE_CO_TRY(const auto page, co_await transaction.range(std::move(chunks)));
  for (const auto& row : page.rows) transaction.erase(row.key);
  if (!page.next) {
    SLUICE_MARK("sweep: an abandoned blob is deleted");
    transaction.erase(intent);
  }
  SLUICE_CO_TRY(co_await finish(transaction));
  co_return true;
}

Task<Result<bool>> sweep_answers(Store& store, Instant now) {
  std::string name("answers");
  std::string beginning("ik/");
  SLUICE_CO_TRY(auto transaction, co_await store.begin());
  SLUICE_CO_TRY(auto walk,
                co_await resume_walk(transaction, std::move(name), std::move(beginning)));
  KvRange range = between(walk.from, end_of("ik/"));
  SLUICE_CO_TRY(const auto page, co_await transaction.range(std::move(range)));
  for (const auto& row : page.rows) {
    codec::RowReader reader(row.entry.value);
    const Instant at = reader.instant();
    if (reader.end().has_value() && now - at > kAnswerKept) transaction.erase(row.key);
  }
  leave_walk(transaction, walk, page.next);
  SLUICE_CO_TRY(co_await finish(transaction));
  co_return page.next.has_value();
}

Task<Result<void>> pause(Store& store, Instant now) {
  SLUICE_CO_TRY(auto transaction, co_await store.begin());
  codec::RowWriter row;
  row.instant(now + kPause);
  transaction.put(next_sweep_key(), row.take());
  transaction.wake_by(now + kPause);
  co_return co_await finish(transaction);
}

}  // namespace

std::string next_sweep_key() { return std::string(kNext); }

Task<Result<Instant>> next_sweep(Transaction& transaction, Instant now) {
  SLUICE_CO_TRY(const auto row, co_await transaction.get(next_sweep_key()));
  if (!row) co_return now;
  codec::RowReader reader(row->value);
  const Instant next = reader.instant();
  co_return reader.end().has_value() ? next : now;
}

Task<Result<bool>> sweep(Store& store, Instant now) {
  SLUICE_CO_TRY(const bool dedupe, co_await sweep_dedupe(store, now));
  SLUICE_CO_TRY(const bool blobs, co_await sweep_blobs(store, now));
  SLUICE_CO_TRY(const bool answers, co_await sweep_answers(store, now));
  if (dedupe || blobs || answers) co_return true;
  SLUICE_CO_TRY(co_await pause(store, now));
  co_return false;
}

}  // namespace sluice::store
