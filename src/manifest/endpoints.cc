#include <utility>

#include "manifest/scheme.h"
#include "manifest/sections.h"
#include "outbox/retry.h"

namespace sluice::manifest {
namespace {

constexpr Range kTimeoutMs{100, 120'000};
constexpr Range kDelayMs{0, days(7).ms};
constexpr std::size_t kAttemptsMax = 50;

void read_signing(Endpoint& endpoint, const Object& parent, const Context& context) {
  const codec::Json* signing = parent.member("signing", Presence::kRequired);
  if (signing == nullptr) return;
  const Object object(*signing, parent.at("signing"), {"scheme", "secrets"}, context.report);
  auto scheme = read_scheme(object, Presence::kOptional, &context.schemes);
  endpoint.secrets = read_secrets(object, scheme ? &*scheme : nullptr, context);
  if (scheme) endpoint.scheme = *std::move(scheme);
}

std::vector<Duration> read_schedule(const Object& object) {
  if (!object.has("schedule_ms")) return outbox::default_schedule();
  std::vector<Duration> schedule;
  const auto& items = object.items("schedule_ms", Presence::kOptional, kAttemptsMax);
  const codec::Json* list = object.member("schedule_ms", Presence::kOptional);
  if (list->is_array() && list->items().empty()) {
    object.report().error(object.at("schedule_ms"), "out_of_range",
                          "Expected the delay before each attempt, at least one.");
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string at = below(object.at("schedule_ms"), i);
    const auto delay = integer_of(items[i], at, kDelayMs, object.report());
    if (delay) schedule.push_back(milliseconds(*delay));
  }
  return schedule;
}

Order read_order(const Object& object) {
  const auto text = object.string("order", Presence::kOptional);
  if (!text || *text == "none") return Order::kNone;
  if (*text == "key") return Order::kKey;
  object.report().error(
      object.at("order"), "unknown_value",
      "There is no order \"" + shown(*text) + "\"." + suggestion(*text, {"none", "key"}));
  return Order::kNone;
}

Endpoint read_endpoint(const std::string& name, const Object& object, const Context& context) {
  Endpoint endpoint;
  endpoint.name = name;
  if (auto url = read_url(object, context)) {
    endpoint.url = std::move(url->text);
    endpoint.private_allowed = url->private_allowed;
  }
  read_signing(endpoint, object, context);
  endpoint.headers = read_headers(object, context);
  if (const auto timeout = object.duration("timeout_ms", kTimeoutMs)) endpoint.timeout = *timeout;
  endpoint.order = read_order(object);
  endpoint.strict = object.boolean("strict").value_or(false);
  if (endpoint.strict && endpoint.order == Order::kNone) {
    context.report.error(object.at("strict"), "out_of_range",
                         "\"strict\" needs \"order\": \"key\": without an order nothing waits.");
  }
  endpoint.schedule = read_schedule(object);
  return endpoint;
}

}  // namespace

std::vector<Endpoint> read_endpoints(const Object& root, const Context& context) {
  std::vector<Endpoint> endpoints;
  for (const auto& member : root.members("endpoints", kSectionMax)) {
    const std::string at = below(root.at("endpoints"), member.key);
    (void)check_name(member.key, at, context.report);
    const Object object(
        member.value, at,
        {"url", "signing", "headers", "timeout_ms", "order", "strict", "schedule_ms"},
        context.report);
    endpoints.push_back(read_endpoint(member.key, object, context));
  }
  return endpoints;
}

}  // namespace sluice::manifest
