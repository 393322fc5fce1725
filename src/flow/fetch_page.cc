#include "flow/fetch_page.h"

#include <utility>
#include <variant>

#include "outbox/retry.h"

namespace sluice::flow {
namespace {

constexpr std::uint32_t kResponseMax = 4 * 1024 * 1024;

std::string_view status_reason(std::uint16_t status) {
  if (status == 401 || status == 403) return "unauthorized";
  if (status == 429) return "throttled";
  if (status >= 300 && status < 400) return "redirected";
  return status >= 500 ? "server_error" : "refused";
}

// What an answer says before its body is looked at.
std::optional<PageFailure> judge(const HttpResponse& response, Instant now) {
  if (response.status >= 200 && response.status < 300) {
    if (!response.truncated) return std::nullopt;
    return PageFailure{.reason = "page_too_large", .keep = sync::Keep::kPlace, .retry_after = {}};
  }
  PageFailure failure;
  failure.reason = status_reason(response.status);
  // A refusal may be about the place: an expired next URL, say. The window begins again then.
  const bool passing = response.status == 429 || response.status >= 500;
  failure.keep = passing ? sync::Keep::kPlace : sync::Keep::kNothing;
  if (const auto advice = find(response.headers, "retry-after")) {
    failure.retry_after = outbox::parse_retry_after(*advice, now);
  }
  return failure;
}

}  // namespace

Task<Result<PageAnswer>> fetch_page(Cell& cell, const manifest::Step& step, std::string url) {
  HttpRequest request;
  request.method = "GET";
  request.url = std::move(url);
  request.headers = step.headers;
  if (count(request.headers, "accept") == 0) {
    request.headers.push_back({.name = "accept", .value = "application/json"});
  }
  request.timeout = step.timeout;
  request.response_max = kResponseMax;
  request.private_allowed = step.private_allowed;
  auto fetched = co_await cell.host.http().fetch(std::move(request));
  PageAnswer answer;
  if (!fetched.has_value()) {
    if (fetched.error().code == Errc::kCancelled) co_return fetched.error();
    answer.failure = PageFailure{.reason = name(fetched.error().code)};
    co_return answer;
  }
  if (const auto* fault = std::get_if<HttpFailure>(&*fetched)) {
    answer.failure = PageFailure{.reason = name(fault->fault)};
    co_return answer;
  }
  auto& response = std::get<HttpResponse>(*fetched);
  answer.failure = judge(response, cell.host.clock().now());
  answer.body = std::move(response.body);
  co_return answer;
}

}  // namespace sluice::flow
