// GET /v1/overview: one cell at a glance, from bounded scans of one moment.
#include <algorithm>
#include <utility>

#include "app/admin_handlers.h"
#include "app/admin_json.h"
#include "app/admin_list.h"
#include "app/admin_sync.h"
#include "app/problem.h"
#include "base/sort.h"
#include "tables/deliveries.h"
#include "tables/queue.h"

namespace sluice::app {
namespace {

using tables::Count;

constexpr std::uint32_t kEventsMax = 1000;
constexpr std::uint32_t kMessagesMax = 250;  // Of one kind, for one endpoint.
constexpr std::size_t kEndpointsShown = 100;
constexpr std::size_t kSyncsShown = 50;  // Steps, and links.

struct Totals {
  Count queued;
  Count waiting;
  Count dead;
};

void add(Count& sum, const Count& more) {
  sum.count += more.count;
  sum.capped = sum.capped || more.capped;
  if (more.oldest && (!sum.oldest || *more.oldest < *sum.oldest)) sum.oldest = more.oldest;
}

Task<Result<void>> write_endpoint(AdminContext& context, store::Transaction& transaction,
                                  std::string name, Totals& totals, codec::JsonWriter& json) {
  std::string queue = "ob/q/" + name + "/";
  std::string followers = "ob/k/" + name + "/";
  std::string letters = "ob/x/" + name + "/";
  SLUICE_CO_TRY(const auto queued,
                co_await tables::Browse::count(transaction, std::move(queue), kMessagesMax));
  SLUICE_CO_TRY(const auto waiting,
                co_await tables::Browse::count(transaction, std::move(followers), kMessagesMax));
  SLUICE_CO_TRY(const auto dead,
                co_await tables::Browse::count(transaction, std::move(letters), kMessagesMax));
  add(totals.queued, queued);
  add(totals.waiting, waiting);
  add(totals.dead, dead);
  const auto state = co_await tables::Queue::state(transaction, name);
  if (!state.has_value() && disposition(state.error().code) != Disposition::kReport) {
    co_return state.error();
  }
  json.begin_object();
  if (state.has_value()) {
    write_members(json, name, context.cell.manifest.endpoint(name), *state);
  } else {
    json.field("name", name).field("error", sluice::name(state.error().code));
  }
  write_count(json, "queued", queued);
  write_count(json, "waiting", waiting);
  write_count(json, "dead", dead);
  json.end_object();
  co_return Result<void>();
}

Task<Result<void>> write_endpoints(AdminContext& context, store::Transaction& transaction,
                                   Instant now, codec::JsonWriter& json) {
  SLUICE_CO_TRY(auto names, co_await tables::Browse::endpoints(transaction));
  for (const auto& endpoint : context.cell.manifest.endpoints) names.push_back(endpoint.name);
  sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  const bool cut = names.size() > kEndpointsShown;
  if (cut) names.resize(kEndpointsShown);

  Totals totals;
  json.key("endpoints").begin_array();
  for (const auto& name : names) {
    SLUICE_CO_TRY(co_await write_endpoint(context, transaction, name, totals, json));
  }
  json.end_array().field("endpoints_capped", cut);

  for (Count* count : {&totals.queued, &totals.waiting, &totals.dead}) {
    count->capped = count->capped || cut;
  }
  add(totals.queued, Count{.count = 0, .capped = false, .oldest = totals.waiting.oldest});
  json.key("messages").begin_object();
  write_count(json, "queued", totals.queued);
  write_count(json, "waiting", totals.waiting);
  write_count(json, "dead", totals.dead);
  json.key("oldest_queued_age_ms");
  if (totals.queued.oldest) {
    const Duration age = now - time_of(*totals.queued.oldest);
    json.number(std::max<std::int64_t>(age.ms, 0));
  } else {
    json.null();
  }
  json.end_object();
  co_return Result<void>();
}

Task<Result<void>> write_in_flight(store::Transaction& transaction, codec::JsonWriter& json) {
  SLUICE_CO_TRY(const auto marker, co_await tables::Deliveries::marker(transaction));
  json.key("in_flight");
  if (!marker) {
    json.null();
    co_return Result<void>();
  }
  json.begin_object().field("count", static_cast<std::uint64_t>(marker->seqs.size()));
  json.field("epoch", marker->epoch);
  write_time(json, "until", marker->until);
  json.end_object();
  co_return Result<void>();
}

Task<Result<void>> write_syncs(AdminContext& context, store::Transaction& transaction,
                               codec::JsonWriter& json) {
  auto steps = steps_of(context.cell);
  json.field("steps_capped", steps.size() > kSyncsShown).key("steps").begin_array();
  steps.resize(std::min(steps.size(), kSyncsShown));
  for (const auto& step : steps) {
    SLUICE_CO_TRY(co_await write_step(context.cell, transaction, step, json));
  }
  json.end_array();
  auto links = links_of(context.cell);
  json.field("links_capped", links.size() > kSyncsShown).key("links").begin_array();
  links.resize(std::min(links.size(), kSyncsShown));
  for (const auto& link : links) {
    SLUICE_CO_TRY(co_await write_link(context.cell, transaction, link, json));
  }
  json.end_array();
  co_return Result<void>();
}

}  // namespace

Answer show_overview(AdminContext& context, AdminRequest) {
  flow::Cell& cell = context.cell;
  const Instant now = cell.host.clock().now();
  SLUICE_CO_TRY(auto transaction, co_await cell.store.begin());
  codec::JsonWriter json;
  json.begin_object().field("cell", cell.name).field("installation", cell.installation);
  json.field("epoch", cell.store.epoch());
  json.key("manifest").begin_object().field("slug", cell.manifest.slug);
  json.field("hash", cell.manifest.hash).end_object();
  write_time(json, "now", now);
  std::string events = "in/e/";
  SLUICE_CO_TRY(const auto counted,
                co_await tables::Browse::count(transaction, std::move(events), kEventsMax));
  write_count(json, "events", counted);
  SLUICE_CO_TRY(co_await write_endpoints(context, transaction, now, json));
  SLUICE_CO_TRY(co_await write_in_flight(transaction, json));
  SLUICE_CO_TRY(co_await write_syncs(context, transaction, json));
  json.end_object();
  co_return json_response(200, std::move(json).take());
}

}  // namespace sluice::app
