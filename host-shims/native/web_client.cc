#include "native/web_client.h"

#include <optional>

#include "codec/url.h"
#include "native/curl_http.h"
#include "native/event_loop.h"

namespace sluice::native {

namespace {

constexpr std::uint32_t kResponseMax = 16 * 1024 * 1024;

Error error_of(HttpFault fault) {
  switch (fault) {
    case HttpFault::kDns: return {Errc::kIo, "the server's name is unknown"};
    case HttpFault::kConnect: return {Errc::kIo, "the server does not accept connections"};
    case HttpFault::kTls: return {Errc::kIo, "the server's certificate or TLS was refused"};
    case HttpFault::kTimeout: return {Errc::kTimeout, "the server did not answer in time"};
    case HttpFault::kTooLarge: return {Errc::kTooBig, "the server's answer is too large"};
    case HttpFault::kAborted:
    case HttpFault::kBlocked: break;
  }
  return {Errc::kIo, "the server broke the connection, or is none of HTTP"};
}

}  // namespace

Result<HttpResponse> fetch_now(HttpRequest request) {
  if (!codec::parse_url(request.url).has_value()) {
    return Error{Errc::kBadArgument, "this is no URL of http:// or https://"};
  }
  request.timeout = seconds(30);
  request.response_max = kResponseMax;
  request.private_allowed = true;
  EventLoop loop;
  CurlHttp curl(loop);
  std::optional<HttpOutcome> outcome;
  SLUICE_TRY(const auto id, curl.start(std::move(request), [&](HttpOutcome got) {
    outcome.emplace(std::move(got));
    loop.stop();
  }));
  (void)id;
  loop.run();
  SLUICE_ASSERT(outcome.has_value());
  if (const auto* failure = std::get_if<HttpFailure>(&*outcome)) return error_of(failure->fault);
  return std::get<HttpResponse>(*std::move(outcome));
}

}  // namespace sluice::native
