#include <tuple>
#include <utility>

#include "app/admin_handlers.h"
#include "app/admin_json.h"
#include "app/admin_list.h"
#include "app/admin_openapi.h"
#include "app/problem.h"
#include "base/sort.h"
#include "manifest/report.h"
#include "store/migrate.h"
#include "tables/refusals.h"

namespace sluice::app {
namespace {

using tables::Refusal;

// Newest first; within one moment by source and number, so that the order is total.
auto place(const Refusal& refusal) {
  return std::make_tuple(-refusal.at.ms, std::string_view(refusal.source), UINT64_MAX - refusal.n);
}

bool is_before(const Refusal& a, const Refusal& b) { return place(a) < place(b); }

// A place in the list: `<at>.<n>.<source>`, all of it hex and names.
std::string token_of(const Refusal& refusal) {
  std::string token(fixed_hex(static_cast<std::uint64_t>(refusal.at.ms)));
  return token.append(".").append(fixed_hex(refusal.n)).append(".").append(refusal.source);
}

Result<std::optional<Refusal>> refusal_after(const RequestTarget& target) {
  const auto text = target.parameter("after");
  if (!text) return std::optional<Refusal>();
  const Error wrong{Errc::kBadArgument, "after is the `next` of an earlier answer"};
  if (text->size() < 35 || (*text)[16] != '.' || (*text)[33] != '.') return wrong;
  const auto at = parse_fixed_hex(text->substr(0, 16));
  const auto n = parse_fixed_hex(text->substr(17, 16));
  if (!at || !n || *at > static_cast<std::uint64_t>(INT64_MAX)) return wrong;
  Refusal refusal;
  refusal.at = {static_cast<std::int64_t>(*at)};
  refusal.n = *n;
  refusal.source = std::string(text->substr(34));
  return std::optional(std::move(refusal));
}

void write_refusal(codec::JsonWriter& json, const Refusal& refusal) {
  json.begin_object().field("source", refusal.source);
  write_time(json, "at", refusal.at);
  json.field("reason", refusal.reason);
  write_text(json, "detail", refusal.detail);
  write_text(json, "installation", refusal.installation);
  if (!refusal.hints.empty()) {
    json.key("hints").begin_array();
    for (const auto& hint : refusal.hints) {
      json.begin_object().field("kind", name(hint.kind)).field("text", hint.text).end_object();
    }
    json.end_array();
  }
  json.field("n", refusal.n).end_object();
}

}  // namespace

Answer show_ready(AdminContext& context, AdminRequest) {
  SLUICE_CO_TRY(auto transaction, co_await context.cell.store.begin());
  std::string key(store::kSchemaKey);
  const auto row = co_await transaction.get(std::move(key));
  if (!row.has_value()) co_return row.error();
  if (!*row || !store::decode_schema((*row)->value).has_value()) {
    co_return problem(503, "no_schema", "The store has no schema that can be read.");
  }
  co_return json_response(200, R"({"status":"ready"})");
}

Answer list_installations(AdminContext& context, AdminRequest request) {
  SLUICE_CO_TRY(const auto page, page_of(request.target, context.cell.manifest.installations));
  auto json = begin_list();
  for (const auto& name : page.names) {
    json.begin_object().field("name", name).field("cell", flow::cell_of(name)).end_object();
  }
  co_return end_list(std::move(json), page.next);
}

Answer list_refusals(AdminContext& context, AdminRequest request) {
  SLUICE_CO_TRY(const auto limit, limit_of(request.target));
  SLUICE_CO_TRY(const auto after, refusal_after(request.target));
  SLUICE_CO_TRY(const auto asked, name_parameter(request.target, "source"));
  std::vector<std::string> sources;
  for (const auto& source : context.cell.manifest.sources) {
    if (asked.empty() || asked == source.name) sources.push_back(source.name);
  }
  if (!asked.empty() && sources.empty()) {
    std::vector<std::string_view> names;
    for (const auto& source : context.cell.manifest.sources) names.push_back(source.name);
    co_return problem(404, "unknown_source",
                      "There is no source \"" + asked + "\"." + manifest::suggestion(asked, names));
  }
  SLUICE_CO_TRY(auto transaction, co_await context.cell.store.begin());
  std::vector<Refusal> page;  // One more than asked for says whether there are more.
  for (const auto& source : sources) {
    SLUICE_CO_TRY(auto kept, co_await tables::Refusals::list(transaction, source));
    for (Refusal& refusal : kept) {
      if (!after || is_before(*after, refusal)) page.push_back(std::move(refusal));
    }
    sort(page, &is_before);
    if (page.size() > limit + 1) page.resize(limit + 1);
  }
  std::optional<std::string> next;
  if (page.size() > limit) {
    page.pop_back();
    next = token_of(page.back());
  }
  auto json = begin_list();
  for (const auto& refusal : page) write_refusal(json, refusal);
  co_return end_list(std::move(json), next);
}

Answer show_openapi(AdminContext&, AdminRequest) {
  co_return json_response(200, std::string(openapi_document()));
}

}  // namespace sluice::app
