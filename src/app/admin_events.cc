#include <utility>

#include "app/admin_handlers.h"
#include "app/admin_json.h"
#include "app/admin_list.h"
#include "app/problem.h"
#include "store/keys.h"
#include "tables/events.h"

namespace sluice::app {
namespace {

constexpr std::string_view kStepSource = "step:";

// A source's name, `api`, or `step:NAME`.
Result<std::string> source_parameter(const RequestTarget& target) {
  const auto text = target.parameter("source");
  if (!text) return std::string();
  std::string_view name = *text;
  if (name.substr(0, kStepSource.size()) == kStepSource) name.remove_prefix(kStepSource.size());
  if (!store::is_name(name)) {
    return Error{Errc::kBadArgument, "source is the name of a source, `api`, or `step:NAME`"};
  }
  return std::string(*text);
}

void write_headers(codec::JsonWriter& json, const Headers& headers) {
  json.key("headers").begin_array();
  for (const auto& header : headers) {
    json.begin_object().field("name", header.name).field("value", header.value).end_object();
  }
  json.end_array();
}

}  // namespace

Answer list_events(AdminContext& context, AdminRequest request) {
  tables::EventQuery query;
  SLUICE_CO_TRY(query.limit, limit_of(request.target));
  SLUICE_CO_TRY(query.before, seq_after(request.target));
  SLUICE_CO_TRY(query.source, source_parameter(request.target));
  SLUICE_CO_TRY(auto transaction, co_await context.cell.store.begin());
  SLUICE_CO_TRY(const auto page, co_await tables::Browse::events(transaction, std::move(query)));
  auto json = begin_list();
  for (const auto& found : page.rows) {
    if (!found.value.has_value()) {
      write_unreadable(json, found.key, found.value.error());
      continue;
    }
    json.begin_object();
    write_members(json, *found.value);
    json.end_object();
  }
  co_return end_list(std::move(json), page.next);
}

Answer show_event(AdminContext& context, AdminRequest request) {
  const auto id = parse_id("evt_", request.name);
  if (!id) co_return problem(404, "unknown_event", "No event has this id.");
  SLUICE_CO_TRY(auto transaction, co_await context.cell.store.begin());
  SLUICE_CO_TRY(auto event, co_await tables::Events::get(transaction, id->seq));
  if (!event || event->id != *id) co_return problem(404, "unknown_event", "No event has this id.");

  codec::JsonWriter json;
  json.begin_object();
  write_members(json, *event);
  json.key("secret_index");  // Which of the source's secrets matched.
  if (context.cell.manifest.source(event->source) != nullptr) {
    json.number(event->secret);
  } else {
    json.null();
  }
  write_headers(json, event->headers);
  SLUICE_CO_TRY(const auto messages, co_await tables::Browse::messages_of(transaction, *id));
  json.key("messages").begin_array();
  for (const auto& message : messages) write_message(json, message);
  json.end_array();

  const bool is_expired = event->is_body_expired();
  const auto body = co_await tables::Events::body(transaction, *std::move(event));
  if (body.has_value()) {
    write_bytes(json, "body", *body);
  } else {
    if (!is_expired && body.error().code != Errc::kCorrupt) co_return body.error();
    json.key("body").null().key("body_base64").null();
    json.field("body_error", is_expired ? "expired" : name(body.error().code));
  }
  json.end_object();
  co_return json_response(200, std::move(json).take());
}

}  // namespace sluice::app
