#include <utility>

#include "app/admin_handlers.h"
#include "app/admin_json.h"
#include "app/admin_list.h"
#include "app/problem.h"
#include "manifest/report.h"
#include "tables/queue.h"

namespace sluice::app {
namespace {

using outbox::EndpointState;
using outbox::EndpointStatus;

constexpr std::uint32_t kCountMax = 1000;     // For one endpoint.
constexpr std::uint32_t kListCountMax = 250;  // For each of a list.

// One endpoint with what is queued, waiting and dead, each counted up to `count_max`.
Task<Result<void>> write_endpoint(AdminContext& context, store::Transaction& transaction,
                                  std::string name, std::uint32_t count_max,
                                  codec::JsonWriter& json) {
  auto state = co_await tables::Queue::state(transaction, name);
  if (!state.has_value()) {
    if (disposition(state.error().code) != Disposition::kReport) co_return state.error();
    write_unreadable(json, tables::Queue::state_key(name), state.error());
    co_return Result<void>();
  }
  std::string queue = "ob/q/" + name + "/";
  std::string waiting = "ob/k/" + name + "/";
  std::string dead = "ob/x/" + name + "/";
  SLUICE_CO_TRY(const auto queued_count,
                co_await tables::Browse::count(transaction, std::move(queue), count_max));
  SLUICE_CO_TRY(const auto waiting_count,
                co_await tables::Browse::count(transaction, std::move(waiting), count_max));
  SLUICE_CO_TRY(const auto dead_count,
                co_await tables::Browse::count(transaction, std::move(dead), count_max));
  json.begin_object();
  write_members(json, name, context.cell.manifest.endpoint(name), *state);
  write_count(json, "queued", queued_count);
  write_count(json, "waiting", waiting_count);
  write_count(json, "dead", dead_count);
  json.end_object();
  co_return Result<void>();
}

// Whether the name is of the manifest, or of an endpoint that has been in it.
Task<Result<bool>> is_known(AdminContext& context, store::Transaction& transaction,
                            std::string name) {
  if (context.cell.manifest.endpoint(name) != nullptr) co_return true;
  SLUICE_CO_TRY(const auto names, co_await tables::Browse::endpoints(transaction));
  for (const auto& known : names) {
    if (known == name) co_return true;
  }
  co_return false;
}

HttpResponse unknown_endpoint(const AdminContext& context, std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& endpoint : context.cell.manifest.endpoints) names.push_back(endpoint.name);
  return problem(404, "unknown_endpoint",
                 "There is no endpoint \"" + manifest::shown(name) + "\"." +
                     manifest::suggestion(name, names));
}

enum class Action : std::uint8_t { kPause, kResume, kEnable };

// What the action makes of the status; none where it does not apply.
std::optional<EndpointStatus> after(EndpointStatus status, Action action, bool in_manifest) {
  if (status == EndpointStatus::kParked && !in_manifest) return std::nullopt;
  switch (action) {
    case Action::kPause:
      if (status == EndpointStatus::kOff) return std::nullopt;
      return EndpointStatus::kPaused;
    case Action::kResume:
      if (status == EndpointStatus::kOff) return std::nullopt;
      return EndpointStatus::kActive;
    case Action::kEnable: return EndpointStatus::kActive;
  }
  return std::nullopt;
}

HttpResponse not_applicable(EndpointStatus status) {
  if (status == EndpointStatus::kOff) {
    return problem(409, "endpoint_off",
                   "The receiver answered 410 Gone. Use enable when it is back.");
  }
  return problem(409, "endpoint_parked", "This endpoint is not in the manifest any more.");
}

Answer change(AdminContext& context, AdminRequest request, Action action) {
  const std::string name = request.name;
  const bool in_manifest = context.cell.manifest.endpoint(name) != nullptr;
  for (int conflicts = 0; conflicts < flow::kConflictsMax; ++conflicts) {
    const Instant now = context.cell.host.clock().now();
    SLUICE_CO_TRY(auto transaction, co_await context.cell.store.begin());
    SLUICE_CO_TRY(const bool known, co_await is_known(context, transaction, name));
    if (!known) co_return unknown_endpoint(context, name);
    SLUICE_CO_TRY(auto state, co_await tables::Queue::state(transaction, name));
    const auto status = after(state.status, action, in_manifest);
    if (!status) co_return not_applicable(state.status);
    if (*status != state.status) {
      state.status = *status;
      state.changed_at = now;
      SLUICE_CO_TRY(co_await tables::Queue::settle(transaction, name, state, now));
    }
    codec::JsonWriter json;
    SLUICE_CO_TRY(co_await write_endpoint(context, transaction, name, kCountMax, json));
    SLUICE_CO_TRY(const auto outcome, co_await transaction.commit());
    if (outcome == store::Outcome::kConflict) continue;
    context.poke();
    co_return json_response(200, std::move(json).take());
  }
  co_return Error{Errc::kConflict, "changing an endpoint lost every race"};
}

}  // namespace

Answer list_endpoints(AdminContext& context, AdminRequest request) {
  SLUICE_CO_TRY(auto transaction, co_await context.cell.store.begin());
  SLUICE_CO_TRY(auto names, co_await tables::Browse::endpoints(transaction));
  for (const auto& endpoint : context.cell.manifest.endpoints) names.push_back(endpoint.name);
  SLUICE_CO_TRY(const auto page, page_of(request.target, std::move(names)));
  auto json = begin_list();
  for (const auto& name : page.names) {
    SLUICE_CO_TRY(co_await write_endpoint(context, transaction, name, kListCountMax, json));
  }
  co_return end_list(std::move(json), page.next);
}

Answer show_endpoint(AdminContext& context, AdminRequest request) {
  SLUICE_CO_TRY(auto transaction, co_await context.cell.store.begin());
  SLUICE_CO_TRY(const bool known, co_await is_known(context, transaction, request.name));
  if (!known) co_return unknown_endpoint(context, request.name);
  codec::JsonWriter json;
  SLUICE_CO_TRY(co_await write_endpoint(context, transaction, request.name, kCountMax, json));
  co_return json_response(200, std::move(json).take());
}

Answer pause_endpoint(AdminContext& context, AdminRequest request) {
  co_return co_await change(context, std::move(request), Action::kPause);
}

Answer resume_endpoint(AdminContext& context, AdminRequest request) {
  co_return co_await change(context, std::move(request), Action::kResume);
}

Answer enable_endpoint(AdminContext& context, AdminRequest request) {
  co_return co_await change(context, std::move(request), Action::kEnable);
}

}  // namespace sluice::app
