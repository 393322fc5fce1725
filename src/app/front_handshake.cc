// Handshakes at the front: what the feature decided becomes an HTTP answer.
#include <utility>

#include "app/front.h"
#include "app/problem.h"
#include "codec/url.h"

namespace sluice::app {
namespace {

constexpr Duration kConfirmTimeout = seconds(10);  // Providers wait about 15 seconds for us.
constexpr std::uint32_t kConfirmAnswerMax = 4096;

HttpResponse response_of(signature::HandshakeReply reply) {
  HttpResponse response;
  response.status = reply.status;
  response.headers = std::move(reply.headers);
  response.body = std::move(reply.body);
  return response;
}

bool is_good(const Result<HttpOutcome>& outcome) {
  if (!outcome.has_value()) return false;
  const auto* response = std::get_if<HttpResponse>(&*outcome);
  return response != nullptr && response->status >= 200 && response->status <= 299;
}

std::string failure_of(const Result<HttpOutcome>& outcome) {
  if (!outcome.has_value()) return std::string(name(outcome.error().code));
  if (const auto* failure = std::get_if<HttpFailure>(&*outcome)) {
    return std::string(name(failure->fault));
  }
  return "status " + std::to_string(std::get<HttpResponse>(*outcome).status);
}

}  // namespace

Task<HttpResponse> Front::shake_hands(Address address, signature::HandshakeAnswer answer,
                                      Instant now) {
  if (const auto* refusal = std::get_if<signature::Refusal>(&answer)) {
    Cause cause = cause_of(*refusal);
    co_return co_await turn_away(std::move(address), std::move(cause), now);
  }
  if (!manifest_.has_installation(address.installation)) {
    Cause cause{.reason = "installation_unknown", .detail = {}, .hints = {}};
    co_return co_await turn_away(std::move(address), std::move(cause), now);
  }
  if (auto* fetch = std::get_if<signature::HandshakeFetch>(&answer)) {
    signature::HandshakeFetch taken = std::move(*fetch);
    co_return co_await confirm(std::move(address.source), std::move(taken));
  }
  count_webhook(address.source, "handshake");
  co_return response_of(std::get<signature::HandshakeReply>(std::move(answer)));
}

// A confirmation that fails is answered with 503, so the provider asks again.
Task<HttpResponse> Front::confirm(std::string source, signature::HandshakeFetch fetch) {
  std::string failure = "the URL is not allowed";
  const auto url = codec::parse_url(fetch.url);
  codec::UrlPolicy policy;
  policy.private_hosts = manifest_.private_hosts;
  policy.ports = {443};
  if (url.has_value() && codec::check_public(*url, policy).has_value()) {
    HttpRequest request;
    request.method = "GET";
    request.url = codec::canonical(*url);
    request.headers.push_back({.name = "user-agent", .value = "sluice"});
    request.timeout = kConfirmTimeout;
    request.response_max = kConfirmAnswerMax;
    request.private_allowed = !codec::check_public(*url, codec::UrlPolicy{}).has_value();
    const auto outcome = co_await host_.http().fetch(std::move(request));
    if (is_good(outcome)) {
      count_webhook(source, "handshake");
      co_return response_of(std::move(fetch.reply));
    }
    failure = failure_of(outcome);
  }
  count_webhook(source, "handshake_failed");
  LogRecord record{.level = Level::kWarn, .event = "handshake_failed", .fields = {}};
  record.fields.emplace_back(Field::kSource, std::move(source));
  record.fields.emplace_back(Field::kDetail, std::move(failure));
  host_.log().write(std::move(record));
  co_return problem(Error{Errc::kOverloaded, "the confirmation could not be sent"});
}

}  // namespace sluice::app
