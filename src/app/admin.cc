#include "app/admin.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "app/admin_handlers.h"
#include "app/problem.h"
#include "manifest/report.h"

namespace sluice::app {
namespace {

using Handler = Answer (*)(AdminContext&, AdminRequest);

struct Route {
  std::string_view method;
  std::string_view pattern;
  std::string_view parameters;  // Separated by blanks; `installation` is for the front.
  Handler handler;
};

// A literal segment comes before one that takes any name.
constexpr std::array kRoutes{
    Route{"GET", "/readyz", "", &show_ready},
    Route{"GET", "/v1/overview", "", &show_overview},
    Route{"GET", "/v1/installations", "limit after", &list_installations},
    Route{"GET", "/v1/refusals", "limit after source", &list_refusals},
    Route{"GET", "/v1/keys", "limit after", &list_keys},
    Route{"GET", "/v1/openapi.json", "", &show_openapi},
    Route{"GET", "/v1/events", "limit after source", &list_events},
    Route{"GET", "/v1/events/{id}", "", &show_event},
    Route{"GET", "/v1/messages", "limit after endpoint state", &list_messages},
    Route{"POST", "/v1/messages", "", &post_message},
    Route{"GET", "/v1/messages/{id}", "", &show_message},
    Route{"POST", "/v1/messages/{id}/retry", "", &retry_message},
    Route{"GET", "/v1/dead-letters", "limit after endpoint", &list_dead_letters},
    Route{"POST", "/v1/dead-letters/redrive", "endpoint", &redrive_endpoint},
    Route{"GET", "/v1/dead-letters/{id}", "", &show_dead_letter},
    Route{"POST", "/v1/dead-letters/{id}/redrive", "", &redrive_dead_letter},
    Route{"POST", "/v1/dead-letters/{id}/drop", "", &drop_dead_letter},
    Route{"GET", "/v1/endpoints", "limit after", &list_endpoints},
    Route{"GET", "/v1/endpoints/{name}", "", &show_endpoint},
    Route{"POST", "/v1/endpoints/{name}/pause", "", &pause_endpoint},
    Route{"POST", "/v1/endpoints/{name}/resume", "", &resume_endpoint},
    Route{"POST", "/v1/endpoints/{name}/enable", "", &enable_endpoint},
    Route{"GET", "/v1/steps", "limit after", &list_steps},
    Route{"POST", "/v1/steps/{name}/run", "", &run_step},
    Route{"GET", "/v1/links", "limit after", &list_links},
    Route{"POST", "/v1/links/{name}/repair", "", &repair_link},
    Route{"POST", "/v1/links/{name}/pause", "", &pause_link},
    Route{"POST", "/v1/links/{name}/resume", "", &resume_link},
    Route{"GET", "/v1/log/{stream}", "limit after", &read_log},
};

// What stands for the pattern's `{...}`, or nothing when the path is another one.
std::optional<std::string> match(std::string_view pattern, const std::vector<std::string>& path) {
  std::string captured;
  for (const auto& segment : path) {
    if (pattern.empty()) return std::nullopt;
    pattern.remove_prefix(1);
    const std::string_view expected = pattern.substr(0, pattern.find('/'));
    pattern.remove_prefix(expected.size());
    if (!expected.empty() && expected[0] == '{') {
      if (segment.empty()) return std::nullopt;
      captured = segment;
    } else if (expected != segment) {
      return std::nullopt;
    }
  }
  if (!pattern.empty()) return std::nullopt;
  return captured;
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> found;
  while (!text.empty()) {
    found.push_back(text.substr(0, text.find(' ')));
    text.remove_prefix(std::min(text.size(), found.back().size() + 1));
  }
  return found;
}

// A parameter that nobody reads is a mistake: `?endpont=crm` must not act on all endpoints.
std::optional<HttpResponse> check_parameters(const Route& route, const RequestTarget& target) {
  auto known = words(route.parameters);
  known.emplace_back("installation");
  for (const auto& parameter : target.query) {
    bool found = false;
    for (const auto& name : known) found = found || name == parameter.name;
    if (found) continue;
    return problem(400, "unknown_parameter",
                   "There is no parameter \"" + manifest::shown(parameter.name) + "\" here." +
                       manifest::suggestion(parameter.name, known));
  }
  return std::nullopt;
}

HttpResponse target_problem(const Error& error) {
  return error.code == Errc::kTooBig ? problem(414, "too_big", error.context) : problem(error);
}

}  // namespace

Task<HttpResponse> admin(AdminContext& context, InboundRequest inbound) {
  auto target = parse_target(inbound.target);
  if (!target.has_value()) co_return target_problem(target.error());
  if (inbound.body_too_large) co_return problem(413, "too_big", "The body is too large.");

  std::string allow;
  for (const Route& route : kRoutes) {
    auto captured = match(route.pattern, target->path);
    if (!captured) continue;
    if (route.method != inbound.method) {
      if (!allow.empty()) allow += ", ";
      allow += route.method;
      continue;
    }
    if (auto refusal = check_parameters(route, *target)) co_return *std::move(refusal);
    AdminRequest request;
    request.target = *std::move(target);
    request.name = *std::move(captured);
    request.headers = std::move(inbound.headers);
    request.body = std::move(inbound.body);
    auto answer = co_await route.handler(context, std::move(request));
    if (!answer.has_value()) co_return problem(answer.error());
    co_return *std::move(answer);
  }
  if (!allow.empty()) co_return wrong_method(allow);
  co_return problem(404, "not_found", "Nothing is at this address.");
}

std::vector<AdminRoute> admin_routes() {
  std::vector<AdminRoute> routes;
  for (const Route& route : kRoutes) {
    routes.push_back({.method = route.method, .pattern = route.pattern});
  }
  return routes;
}

}  // namespace sluice::app
