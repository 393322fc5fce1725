#include "flow/apply_retention.h"

#include <algorithm>
#include <cstdint>

#include "tables/deliveries.h"
#include "tables/events.h"
#include "tables/log.h"

namespace sluice::flow {
namespace {

enum class Kind : std::uint8_t { kLogs, kBodies, kEvents, kMessages };

std::string_view metric_of(Kind kind) {
  switch (kind) {
    case Kind::kLogs: return "sluice_expired_total{kind=\"log_entry\"}";
    case Kind::kBodies: return "sluice_expired_total{kind=\"body\"}";
    case Kind::kEvents: return "sluice_expired_total{kind=\"event\"}";
    case Kind::kMessages: break;
  }
  return "sluice_expired_total{kind=\"message\"}";
}

Task<Result<tables::Expired>> expire(store::Transaction& transaction, Kind kind, Instant before,
                                     Instant now) {
  switch (kind) {
    case Kind::kLogs: return tables::Log::trim(transaction, before, now);
    case Kind::kBodies: return tables::Events::expire_bodies(transaction, before, now);
    case Kind::kEvents: return tables::Events::expire(transaction, before, now);
    case Kind::kMessages: break;
  }
  return tables::Deliveries::expire(transaction, before);
}

Task<Result<bool>> slice(Cell& cell, Kind kind, Instant before, Instant now) {
  SLUICE_CO_TRY(auto transaction, co_await cell.store.begin());
  SLUICE_CO_TRY(const auto expired, co_await expire(transaction, kind, before, now));
  SLUICE_CO_TRY(const auto outcome, co_await transaction.commit());
  if (outcome == store::Outcome::kConflict) {
    co_return Error{Errc::kConflict, "deleting what is old lost a race"};
  }
  if (expired.count > 0) {
    cell.host.log().metric(MetricKind::kCounter, metric_of(kind), expired.count);
  }
  co_return expired.more;
}

}  // namespace

Task<Result<bool>> apply_retention(Cell& cell, Instant now) {
  const auto& limits = cell.manifest.limits;
  const Instant envelopes = now - limits.envelope_retention;
  const Instant bodies = std::max(envelopes, now - limits.body_retention);
  for (const Kind kind : {Kind::kLogs, Kind::kBodies, Kind::kEvents, Kind::kMessages}) {
    const bool whole = kind == Kind::kEvents || kind == Kind::kMessages;
    SLUICE_CO_TRY(const bool more, co_await slice(cell, kind, whole ? envelopes : bodies, now));
    if (more) co_return true;
  }
  co_return false;
}

}  // namespace sluice::flow
