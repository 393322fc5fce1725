#include "flow/fetch_log.h"

#include <utility>

#include "codec/json.h"
#include "codec/url.h"
#include "outbox/retry.h"

namespace sluice::flow {
namespace {

using replication::Gap;
using replication::Token;

constexpr std::uint32_t kEntriesMax = 100;

Result<std::string> url_of(const manifest::Link& link, const std::optional<Token>& after) {
  SLUICE_TRY(auto url, codec::parse_url(link.url + "/v1/log/" + link.stream));
  codec::append_query(url, "installation", link.peer_installation);
  if (after) codec::append_query(url, "after", replication::format(*after));
  codec::append_query(url, "limit", std::to_string(kEntriesMax));
  return codec::canonical(url);
}

// What a 410 says: the problem's `code` is the name of a gap.
std::optional<Gap> gap_of(ByteView body) {
  const auto json = codec::parse_json(body);
  if (!json) return std::nullopt;
  const auto* member = json->member("code");
  const auto code = member == nullptr ? std::nullopt : member->as_string();
  if (!code) return std::nullopt;
  for (const Gap gap : {Gap::kStream, Gap::kHistory, Gap::kTooNew, Gap::kTooOld, Gap::kEntry}) {
    if (*code == replication::name(gap)) return gap;
  }
  return std::nullopt;
}

LogFailure failure_of(const HttpResponse& response, Instant now) {
  LogFailure failure;
  failure.reason = "refused";
  if (response.status == 401 || response.status == 403) failure.reason = "unauthorized";
  if (response.status == 404) failure.reason = "not_found";
  if (response.status == 429) failure.reason = "throttled";
  if (response.status >= 300 && response.status < 400) failure.reason = "redirected";
  if (response.status >= 500) failure.reason = "server_error";
  if (const auto advice = find(response.headers, "retry-after")) {
    failure.retry_after = outbox::parse_retry_after(*advice, now);
  }
  return failure;
}

LogAnswer read_answer(const HttpResponse& response, const manifest::Link& link,
                      const std::optional<Token>& after, Instant now) {
  if (response.status == 410) {
    const auto gap = gap_of(response.body);
    if (gap) return *gap;
  }
  if (response.status != 200) return failure_of(response, now);
  if (response.truncated) return LogFailure{.reason = "page_too_large"};
  auto page = replication::parse_page(response.body);
  if (!page.has_value()) return LogFailure{.reason = "page_malformed"};
  const auto gap = replication::follows(*page, link.stream, after);
  if (!gap.has_value()) return LogFailure{.reason = "page_malformed"};
  if (*gap != Gap::kNone) return *gap;
  return *std::move(page);
}

}  // namespace

Task<Result<LogAnswer>> fetch_log(Cell& cell, const manifest::Link& link,
                                  std::optional<Token> after) {
  auto url = url_of(link, after);
  if (!url.has_value()) co_return LogAnswer(LogFailure{.reason = "url_malformed"});
  HttpRequest request;
  request.method = "GET";
  request.url = *std::move(url);
  request.headers = {{.name = "accept", .value = "application/json"},
                     {.name = "authorization", .value = "Bearer " + link.token}};
  request.timeout = link.timeout;
  request.response_max = static_cast<std::uint32_t>(replication::kPageBytesMax);
  request.private_allowed = link.private_allowed;
  const auto fetched = co_await cell.host.http().fetch(std::move(request));
  if (!fetched.has_value()) {
    if (fetched.error().code == Errc::kCancelled) co_return fetched.error();
    co_return LogAnswer(LogFailure{.reason = name(fetched.error().code)});
  }
  if (const auto* fault = std::get_if<HttpFailure>(&*fetched)) {
    co_return LogAnswer(LogFailure{.reason = name(fault->fault)});
  }
  const auto& response = std::get<HttpResponse>(*fetched);
  co_return read_answer(response, link, after, cell.host.clock().now());
}

}  // namespace sluice::flow
