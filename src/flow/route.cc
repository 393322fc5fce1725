#include "flow/route.h"

#include <algorithm>
#include <optional>
#include <string>

#include "codec/json_pointer.h"

namespace sluice::flow {
namespace {

using manifest::Condition;

constexpr std::string_view kHeaderPrefix = "header:";

std::optional<std::string> body_text(ByteView body, std::string_view pointer) {
  const auto value = codec::find_raw(body, pointer);
  return value ? codec::scalar_text(*value) : std::nullopt;
}

bool holds(const Condition& condition, const Headers& headers, ByteView body) {
  std::optional<std::string> text;
  if (condition.from == Condition::From::kHeader) {
    const auto value = find(headers, condition.key);
    if (value) text = std::string(*value);
  } else {
    text = body_text(body, condition.key);
  }
  return text && std::find(condition.any_of.begin(), condition.any_of.end(), *text) !=
                     condition.any_of.end();
}

std::string order_key(const manifest::Route& route, const Headers& headers, ByteView body) {
  const std::string_view by = route.order_by;
  if (by.empty()) return {};
  if (by.substr(0, kHeaderPrefix.size()) == kHeaderPrefix) {
    return std::string(find(headers, by.substr(kHeaderPrefix.size())).value_or(""));
  }
  return body_text(body, by).value_or("");
}

}  // namespace

std::vector<tables::Target> route(const manifest::Manifest& manifest, std::string_view source,
                                  const Headers& headers, ByteView body) {
  std::vector<tables::Target> targets;
  for (const auto& route : manifest.routes) {
    if (route.from != source) continue;
    const bool matches =
        std::all_of(route.when.begin(), route.when.end(),
                    [&](const Condition& condition) { return holds(condition, headers, body); });
    if (!matches) continue;
    for (const auto& name : route.to) {
      const bool known = std::any_of(targets.begin(), targets.end(),
                                     [&](const auto& target) { return target.endpoint == name; });
      const auto* endpoint = manifest.endpoint(name);
      if (known || endpoint == nullptr) continue;
      std::string key;
      if (endpoint->order == manifest::Order::kKey) key = order_key(route, headers, body);
      targets.push_back({.endpoint = name, .order_key = std::move(key)});
    }
  }
  return targets;
}

}  // namespace sluice::flow
