#include <utility>

#include "codec/json_pointer.h"
#include "manifest/sections.h"

namespace sluice::manifest {
namespace {

constexpr std::size_t kConditionsMax = 32;
constexpr std::size_t kAlternativesMax = 256;
constexpr std::string_view kHeaderPrefix = "header:";

// `header:NAME` or a JSON pointer; reports otherwise.
std::optional<Condition> read_key(std::string_view text, const std::string& at, Report& report) {
  Condition condition;
  if (text.substr(0, kHeaderPrefix.size()) == kHeaderPrefix) {
    condition.from = Condition::From::kHeader;
    condition.key = lower_case(text.substr(kHeaderPrefix.size()));
    if (!condition.key.empty()) return condition;
  } else if (!text.empty() && codec::parse_pointer(text)) {
    condition.from = Condition::From::kBody;
    condition.key = std::string(text);
    return condition;
  }
  report.error(at, "pointer_malformed",
               "Expected \"header:NAME\" or a JSON pointer into the body such as \"/type\", found "
               "\"" +
                   shown(text) + "\".");
  return std::nullopt;
}

std::vector<std::string> read_alternatives(const codec::Json& json, const std::string& at,
                                           Report& report) {
  std::vector<std::string> values;
  if (!json.is_array()) {
    if (auto text = text_of(json, at, report)) values.push_back(*std::move(text));
    return values;
  }
  if (json.items().empty() || json.items().size() > kAlternativesMax) {
    report.error(at, "out_of_range", "Expected 1 to 256 alternatives.");
    return values;
  }
  for (std::size_t i = 0; i < json.items().size(); ++i) {
    if (auto text = text_of(json.items()[i], below(at, i), report)) {
      values.push_back(*std::move(text));
    }
  }
  return values;
}

Route read_route(const Object& object, const Context& context) {
  Route route;
  if (auto from = object.string("from", Presence::kRequired)) {
    if (check_known(*from, object.at("from"), context.sources, "source", context.report)) {
      route.from = *std::move(from);
    }
  }
  for (const auto& member : object.members("when", kConditionsMax)) {
    const std::string at = below(object.at("when"), member.key);
    auto condition = read_key(member.key, at, context.report);
    auto any_of = read_alternatives(member.value, at, context.report);
    if (!condition) continue;
    condition->any_of = std::move(any_of);
    route.when.push_back(*std::move(condition));
  }
  route.to = read_names(object, "to", context.endpoints, "endpoint");
  if (const auto order_by = object.string("order_by", Presence::kOptional)) {
    if (const auto key = read_key(*order_by, object.at("order_by"), context.report)) {
      const bool from_header = key->from == Condition::From::kHeader;
      route.order_by = from_header ? std::string(kHeaderPrefix) + key->key : key->key;
    }
  }
  return route;
}

}  // namespace

std::vector<Route> read_routes(const Object& root, const Context& context) {
  std::vector<Route> routes;
  const auto& items = root.items("routes", Presence::kOptional, kSectionMax);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Object object(items[i], below(root.at("routes"), i), {"from", "when", "to", "order_by"},
                        context.report);
    routes.push_back(read_route(object, context));
  }
  return routes;
}

}  // namespace sluice::manifest
