#include <cstdio>
#include <initializer_list>

#include "codec/json.h"
#include "codec/url.h"
#include "native/commands.h"
#include "native/text_table.h"
#include "native/web_client.h"

namespace sluice::native {

namespace {

struct Collection {
  Command command;
  const char* path;
  std::vector<const char*> columns;  // Of the list.
};

std::vector<Collection> collections() {
  return {
      {Command::kOverview, "overview", {}},
      {Command::kEvents,
       "events",
       {"id", "received_at", "source", "routing", "unfinished", "dead"}},
      {Command::kMessages,
       "messages",
       {"id", "created_at", "endpoint", "state", "attempts", "due_at", "last_reason"}},
      {Command::kEndpoints,
       "endpoints",
       {"name", "status", "origin", "failures_in_row", "timer", "changed_at"}},
      {Command::kDeadLetters,
       "dead-letters",
       {"id", "finished_at", "endpoint", "attempts", "last_reason"}},
      {Command::kSteps,
       "steps",
       {"name", "status", "synced_to", "due_at", "failures", "published", "rejected", "reason"}},
      {Command::kLinks,
       "links",
       {"name", "status", "applied", "caught_up_at", "failures", "copied", "reason"}},
      {Command::kKeys, "keys", {"source", "position", "secret", "state", "last_seen", "not_after"}},
  };
}

Collection collection_of(Command command) {
  for (Collection& collection : collections()) {
    if (collection.command == command) return collection;
  }
  return {command, "", {}};
}

// A list has these; everything else behind the collection's name is a row, or an action on all.
bool is_action(const std::string& word) { return word == "redrive"; }

std::string url_of(const Arguments& arguments, const Collection& collection) {
  std::string url = arguments.server;
  while (!url.empty() && url.back() == '/') url.pop_back();
  url.append("/v1/").append(collection.path);
  if (!arguments.id.empty()) url.append("/").append(codec::percent_encode(arguments.id));
  if (!arguments.action.empty()) url.append("/").append(codec::percent_encode(arguments.action));
  std::string query;
  const auto add = [&query](const char* name, const std::string& value) {
    if (value.empty()) return;
    query.append(query.empty() ? "?" : "&").append(name).append("=");
    query.append(codec::percent_encode(value));
  };
  add("installation", arguments.installation);
  add("source", arguments.source);
  add("endpoint", arguments.endpoint);
  add("state", arguments.state);
  if (arguments.id.empty() && !collection.columns.empty()) {
    add("limit", std::to_string(arguments.limit));
    add("after", arguments.after);
  }
  return url + query;
}

std::string shown(const codec::Json& value, std::string_view source) {
  if (value.is_null()) return "-";
  if (const auto text = value.as_scalar_text()) return std::string(*text);
  return std::string(value.slice(source));
}

void print_list(const codec::Json& list, const Collection& collection, std::string_view source) {
  std::vector<TableRow> rows(1);
  for (const char* column : collection.columns) rows[0].push_back(column);
  const codec::Json* items = list.member("items");
  for (const codec::Json& item : items->items()) {
    TableRow row;
    for (const char* column : collection.columns) {
      const codec::Json* value = item.member(column);
      row.push_back(value == nullptr ? "-" : shown(*value, source));
    }
    if (const codec::Json* error = item.member("error")) row.push_back(shown(*error, source));
    rows.push_back(std::move(row));
  }
  std::fputs(format_table(rows).c_str(), stdout);
  const codec::Json* next = list.member("next");
  if (next != nullptr && next->is_string()) {
    std::printf("more with --after %s\n", printable(*next->as_string()).c_str());
  }
}

// Members line by line, nested ones indented; lists of scalars and of objects by their places.
void print_members(const codec::Json& value, std::string_view source, const std::string& indent) {
  const auto print = [&](const std::string& name, const codec::Json& member) {
    const bool nested = !member.items().empty() || !member.members().empty();
    std::printf("%s%s:%s%s\n", indent.c_str(), printable(name).c_str(), nested ? "" : " ",
                nested ? "" : printable(shown(member, source)).c_str());
    if (nested) print_members(member, source, indent + "  ");
  };
  for (const codec::JsonMember& member : value.members()) print(member.key, member.value);
  for (std::size_t i = 0; i < value.items().size(); ++i) {
    print(std::to_string(i), value.items()[i]);
  }
}

int print_failure(const HttpResponse& response) {
  const auto problem = codec::parse_json(response.body);
  std::string detail;
  if (problem.has_value()) {
    for (const char* name : {"title", "detail", "code"}) {
      const codec::Json* member = problem->member(name);
      if (member == nullptr || !member->is_string()) continue;
      if (!detail.empty()) detail += "; ";
      detail += printable(*member->as_string());
    }
  }
  std::fprintf(stderr, "sluice: the server answered %u%s%s\n",
               static_cast<unsigned>(response.status), detail.empty() ? "" : ": ", detail.c_str());
  return 1;
}

}  // namespace

int run_query(const Arguments& arguments) {
  const Collection collection = collection_of(arguments.command);
  const bool acts = !arguments.action.empty() || is_action(arguments.id);
  HttpRequest request;
  request.method = acts ? "POST" : "GET";
  request.url = url_of(arguments, collection);
  request.headers.push_back({.name = "accept", .value = "application/json"});
  if (!arguments.token.empty()) {
    request.headers.push_back({.name = "authorization", .value = "Bearer " + arguments.token});
  }
  const auto response = fetch_now(std::move(request));
  if (!response.has_value()) {
    std::fprintf(stderr, "sluice: %s: %s\n", arguments.server.c_str(),
                 response.error().context.data());
    return 1;
  }
  if (response->status < 200 || response->status > 299) return print_failure(*response);
  if (arguments.json) {
    std::printf("%s\n", response->body.c_str());
    return 0;
  }
  codec::JsonLimits limits;
  limits.size_max = 16 * 1024 * 1024;
  const auto answer = codec::parse_json(response->body, limits);
  if (!answer.has_value()) {
    std::fprintf(stderr, "sluice: the server's answer is no JSON\n");
    return 1;
  }
  const codec::Json* items = answer->member("items");
  if (items != nullptr && items->is_array() && !acts) {
    print_list(*answer, collection, response->body);
  } else {
    print_members(*answer, response->body, "");
  }
  return 0;
}

}  // namespace sluice::native
