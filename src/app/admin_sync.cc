#include <algorithm>
#include <utility>

#include "app/admin_handlers.h"
#include "app/admin_json.h"
#include "app/admin_list.h"
#include "app/admin_sync.h"
#include "app/problem.h"
#include "flow/read_log.h"
#include "manifest/report.h"
#include "replication/page.h"
#include "store/keys.h"
#include "tables/cursors.h"
#include "tables/links.h"

namespace sluice::app {
namespace {

void write_nothing_known(codec::JsonWriter& json, std::string_view name, const Error& error) {
  json.begin_object().field("name", name).field("error", sluice::name(error.code)).end_object();
}

HttpResponse unknown(std::string_view kind, std::string_view name,
                     const std::vector<std::string>& names) {
  const std::string noun(kind);
  return problem(404, "unknown_" + noun,
                 "There is no " + noun + " \"" + manifest::shown(name) + "\" here." +
                     manifest::suggestion(name, manifest::words_of(names)));
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

enum class LinkAction : std::uint8_t { kRepair, kPause, kResume };

Task<Result<void>> apply(store::Transaction& transaction, LinkAction action, std::string link,
                         Instant now) {
  switch (action) {
    case LinkAction::kRepair:
      co_return co_await tables::Links::repair(transaction, std::move(link), now);
    case LinkAction::kPause: co_return co_await tables::Links::pause(transaction, std::move(link));
    case LinkAction::kResume:
      co_return co_await tables::Links::resume(transaction, std::move(link), now);
  }
  co_return Error{Errc::kBadArgument, "no such action"};
}

Answer change_link(AdminContext& context, AdminRequest request, LinkAction action) {
  const auto names = links_of(context.cell);
  const std::string name = request.name;
  if (!contains(names, name)) co_return unknown("link", name, names);
  for (int conflicts = 0; conflicts < flow::kConflictsMax; ++conflicts) {
    const Instant now = context.cell.host.clock().now();
    SLUICE_CO_TRY(auto transaction, co_await context.cell.store.begin());
    SLUICE_CO_TRY(co_await apply(transaction, action, name, now));
    codec::JsonWriter json;
    SLUICE_CO_TRY(co_await write_link(context.cell, transaction, name, json));
    SLUICE_CO_TRY(const auto outcome, co_await transaction.commit());
    if (outcome == store::Outcome::kConflict) continue;
    context.poke();
    co_return json_response(action == LinkAction::kPause ? 200 : 202, std::move(json).take());
  }
  co_return Error{Errc::kConflict, "changing a link lost every race"};
}

}  // namespace

std::vector<std::string> steps_of(const flow::Cell& cell) {
  std::vector<std::string> names;
  if (cell.installation != "main") return names;  // Steps run in `main`.
  for (const auto& step : cell.manifest.steps) names.push_back(step.name);
  return names;
}

std::vector<std::string> links_of(const flow::Cell& cell) {
  std::vector<std::string> names;
  for (const auto& link : cell.manifest.links) {
    if (link.installation == cell.installation) names.push_back(link.name);
  }
  return names;
}

Task<Result<void>> write_step(flow::Cell& cell, store::Transaction& transaction, std::string name,
                              codec::JsonWriter& json) {
  const auto found = co_await tables::Cursors::get(transaction, name);
  if (!found.has_value()) {
    if (disposition(found.error().code) != Disposition::kReport) co_return found.error();
    write_nothing_known(json, name, found.error());
    co_return Result<void>();
  }
  const sync::Cursor cursor = (*found).value_or(sync::Cursor{});
  const auto* step = cell.manifest.step(name);
  json.begin_object().field("name", name);
  write_text(json, "origin", step == nullptr ? std::string() : origin_of(step->url));
  const std::string_view status = cursor.failures > 0 ? "failing"
                                  : cursor.clean_at   ? "clean"
                                  : cursor.ran_at     ? "reading"
                                                      : "new";
  json.field("status", status).field("failures", cursor.failures);
  write_text(json, "reason", cursor.reason);
  write_time(json, "synced_to", cursor.synced_to);
  json.key("window");
  if (cursor.window) {
    json.begin_object();
    write_time(json, "begin", cursor.window->begin);
    write_time(json, "end", cursor.window->end);
    json.field("page", cursor.place.page).end_object();
  } else {
    json.null();
  }
  write_time(json, "due_at", cursor.due);
  write_time(json, "ran_at", cursor.ran_at);
  write_time(json, "clean_at", cursor.clean_at);
  json.field("published", cursor.published).field("known", cursor.known);
  json.field("rejected", cursor.rejected).field("rejects_kept", cursor.rejects_kept).end_object();
  co_return Result<void>();
}

Task<Result<void>> write_link(flow::Cell& cell, store::Transaction& transaction, std::string name,
                              codec::JsonWriter& json) {
  const auto found = co_await tables::Links::get(transaction, name);
  if (!found.has_value()) {
    if (disposition(found.error().code) != Disposition::kReport) co_return found.error();
    write_nothing_known(json, name, found.error());
    co_return Result<void>();
  }
  const replication::Link state = (*found).value_or(replication::Link{});
  const auto* link = cell.manifest.link(name);
  json.begin_object().field("name", name);
  write_text(json, "origin", link == nullptr ? std::string() : origin_of(link->url));
  write_text(json, "peer_installation", link == nullptr ? "" : link->peer_installation);
  write_text(json, "stream", link == nullptr ? "" : link->stream);
  json.field("status", replication::status_name(state)).field("failures", state.failures);
  write_text(json, "reason", state.reason);
  write_text(json, "applied", state.applied ? replication::format(*state.applied) : std::string());
  write_time(json, "due_at", state.due);
  write_time(json, "ran_at", state.ran_at);
  write_time(json, "caught_up_at", state.caught_up_at);
  json.field("copied", state.copied).field("known", state.known).end_object();
  co_return Result<void>();
}

Answer list_steps(AdminContext& context, AdminRequest request) {
  SLUICE_CO_TRY(const auto page, page_of(request.target, steps_of(context.cell)));
  SLUICE_CO_TRY(auto transaction, co_await context.cell.store.begin());
  auto json = begin_list();
  for (const auto& name : page.names) {
    SLUICE_CO_TRY(co_await write_step(context.cell, transaction, name, json));
  }
  co_return end_list(std::move(json), page.next);
}

Answer run_step(AdminContext& context, AdminRequest request) {
  const auto names = steps_of(context.cell);
  const std::string name = request.name;
  if (!contains(names, name)) co_return unknown("step", name, names);
  for (int conflicts = 0; conflicts < flow::kConflictsMax; ++conflicts) {
    const Instant now = context.cell.host.clock().now();
    SLUICE_CO_TRY(auto transaction, co_await context.cell.store.begin());
    SLUICE_CO_TRY(co_await tables::Cursors::run_now(transaction, name, now));
    codec::JsonWriter json;
    SLUICE_CO_TRY(co_await write_step(context.cell, transaction, name, json));
    SLUICE_CO_TRY(const auto outcome, co_await transaction.commit());
    if (outcome == store::Outcome::kConflict) continue;
    context.poke();
    co_return json_response(202, std::move(json).take());
  }
  co_return Error{Errc::kConflict, "running a step lost every race"};
}

Answer list_links(AdminContext& context, AdminRequest request) {
  SLUICE_CO_TRY(const auto page, page_of(request.target, links_of(context.cell)));
  SLUICE_CO_TRY(auto transaction, co_await context.cell.store.begin());
  auto json = begin_list();
  for (const auto& name : page.names) {
    SLUICE_CO_TRY(co_await write_link(context.cell, transaction, name, json));
  }
  co_return end_list(std::move(json), page.next);
}

Answer repair_link(AdminContext& context, AdminRequest request) {
  co_return co_await change_link(context, std::move(request), LinkAction::kRepair);
}

Answer pause_link(AdminContext& context, AdminRequest request) {
  co_return co_await change_link(context, std::move(request), LinkAction::kPause);
}

Answer resume_link(AdminContext& context, AdminRequest request) {
  co_return co_await change_link(context, std::move(request), LinkAction::kResume);
}

// What another cell's link pulls. A token of another past is refused with the gap's name as the
// code: the reader must not be given the entries "behind" a place that this stream never had.
Answer read_log(AdminContext& context, AdminRequest request) {
  flow::LogQuery query;
  SLUICE_CO_TRY(query.limit, limit_of(request.target));
  query.stream = request.name;
  if (const auto text = request.target.parameter("after")) {
    query.after = replication::parse_token(*text);
    if (!query.after) co_return problem(400, "malformed_token", "after is no token of a log.");
  }
  const bool is_name = store::is_name(query.stream);
  if (!is_name) co_return problem(404, "unknown_stream", "No stream has this name.");
  const auto reading = co_await flow::read_log(context.cell, std::move(query));
  if (!reading.has_value()) {
    if (reading.error().code != Errc::kNotFound) co_return reading.error();
    co_return problem(404, "unknown_stream", "No stream has this name.");
  }
  if (reading->gap != replication::Gap::kNone) {
    co_return problem(410, name(reading->gap), "The token is not of this stream's past.");
  }
  co_return json_response(200, replication::write_page(reading->page));
}

}  // namespace sluice::app
