#include "app/reconcile.h"

#include <string>
#include <vector>

#include "base/mark.h"
#include "codec/row.h"
#include "outbox/endpoint.h"
#include "store/keys.h"
#include "tables/cursors.h"
#include "tables/links.h"
#include "tables/queue.h"

namespace sluice::app {
namespace {

using outbox::EndpointStatus;

constexpr std::string_view kManifestKey = "m/manifest";
constexpr std::string_view kEndpointPrefix = "ob/e/";
constexpr std::uint32_t kChunk = 16;  // Endpoints per commit: three rows each.
constexpr int kChunksMax = 10'000;

Task<Result<bool>> is_applied(flow::Cell& cell) {
  std::string key(kManifestKey);
  SLUICE_CO_TRY(auto transaction, co_await cell.store.begin());
  SLUICE_CO_TRY(const auto row, co_await transaction.get(std::move(key)));
  if (!row) co_return false;
  codec::RowReader reader(row->value);
  const std::string hash = reader.text();
  SLUICE_CO_TRY(reader.end());
  co_return hash == cell.manifest.hash;
}

Task<Result<void>> commit(store::Transaction& transaction) {
  SLUICE_CO_TRY(const auto outcome, co_await transaction.commit());
  if (outcome == store::Outcome::kConflict) {
    co_return Error{Errc::kConflict, "meeting the manifest lost a race"};
  }
  co_return Result<void>();
}

// One chunk of endpoints from `from` on; where the next one begins.
Task<Result<std::optional<std::string>>> park_and_unpark(flow::Cell& cell, std::string from,
                                                         Instant now) {
  SLUICE_CO_TRY(auto transaction, co_await cell.store.begin());
  KvRange range = store::range_of(std::string(kEndpointPrefix), kChunk);
  range.lo = std::move(from);
  SLUICE_CO_TRY(const auto page, co_await transaction.range(std::move(range)));
  for (const auto& row : page.rows) {
    const std::string endpoint = row.key.substr(kEndpointPrefix.size());
    auto state = outbox::decode_endpoint_state(row.entry.value);
    if (!state.has_value()) co_return state.error();
    const bool known = cell.manifest.endpoint(endpoint) != nullptr;
    const bool parked = state->status == EndpointStatus::kParked;
    if (known != parked) continue;
    SLUICE_MARK("reconcile: an endpoint is parked or comes back");
    state->status = known ? EndpointStatus::kActive : EndpointStatus::kParked;
    state->changed_at = now;
    SLUICE_CO_TRY(co_await tables::Queue::settle(transaction, endpoint, *state, now));
  }
  SLUICE_CO_TRY(co_await commit(transaction));
  co_return page.next;
}

// Timers of steps and links. True when some are left for another transaction.
Task<Result<bool>> set_timers(flow::Cell& cell, Instant now) {
  SLUICE_CO_TRY(auto transaction, co_await cell.store.begin());
  std::vector<std::string> steps;
  if (cell.installation == "main") {
    for (const auto& step : cell.manifest.steps) steps.push_back(step.name);
  }
  std::vector<std::string> links;
  for (const auto& link : cell.manifest.links) {
    if (link.installation == cell.installation) links.push_back(link.name);
  }
  SLUICE_CO_TRY(const bool more_steps,
                co_await tables::Cursors::reconcile(transaction, std::move(steps), now));
  SLUICE_CO_TRY(const bool more_links,
                co_await tables::Links::reconcile(transaction, std::move(links), now));
  SLUICE_CO_TRY(co_await commit(transaction));
  co_return more_steps || more_links;
}

Task<Result<void>> finish(flow::Cell& cell, Instant now) {
  for (int chunk = 0; chunk < kChunksMax; ++chunk) {
    SLUICE_CO_TRY(const bool more, co_await set_timers(cell, now));
    if (!more) break;
  }
  SLUICE_CO_TRY(auto transaction, co_await cell.store.begin());
  codec::RowWriter row;
  row.text(cell.manifest.hash);
  transaction.put(std::string(kManifestKey), row.take());
  transaction.wake_by(now);
  co_return co_await commit(transaction);
}

}  // namespace

Task<Result<void>> reconcile(flow::Cell& cell) {
  SLUICE_CO_TRY(const bool applied, co_await is_applied(cell));
  if (applied) co_return Result<void>();
  const Instant now = cell.host.clock().now();
  std::string from(kEndpointPrefix);
  for (int chunk = 0; chunk < kChunksMax; ++chunk) {
    SLUICE_CO_TRY(auto next, co_await park_and_unpark(cell, from, now));
    if (!next) co_return co_await finish(cell, now);
    from = *std::move(next);
  }
  co_return Error{Errc::kTooBig, "more endpoints than a cell can have"};
}

}  // namespace sluice::app
