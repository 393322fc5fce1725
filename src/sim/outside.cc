#include "sim/outside.h"

#include <algorithm>
#include <utility>

#include "base/mark.h"
#include "codec/rfc3339.h"
#include "codec/url.h"
#include "signature/presets.h"
#include "signature/sign.h"
#include "signature/verify.h"

namespace sluice::sim {
namespace {

constexpr std::size_t kPageSize = 2;
constexpr std::size_t kLarge = 300'000;

signature::Secret secret() {
  return {.value = std::string(kSwarmSecret), .not_before = {}, .not_after = {}};
}

Duration pause(World& world) { return seconds(1) + world.some_time(seconds(3)); }

bool is_good(const std::optional<HttpResponse>& response) {
  return response && response->status >= 200 && response->status < 300;
}

std::string query_value(const std::string& url, std::string_view name) {
  const std::size_t question = url.find('?');
  std::string_view rest = std::string_view(url).substr(std::min(url.size(), question));
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(pair.size());
    if (pair.substr(0, name.size()) == name && pair.substr(name.size(), 1) == "=") {
      return codec::percent_decode(pair.substr(name.size() + 1)).value_or("");
    }
  }
  return "";
}

}  // namespace

void Sender::start() {
  Prng& prng = world_.prng();
  const std::uint64_t count = 2 + prng.below(4);
  for (std::uint64_t n = 0; n < count; ++n) {
    Webhook webhook;
    webhook.id = "msg_" + std::to_string(n);
    webhook.key = prng.chance(1, 2) ? "a" : "b";
    webhook.body = R"({"n":)" + std::to_string(n) + R"(,"key":")" + webhook.key + "\"";
    if (prng.chance(1, 40)) webhook.body += ",\"pad\":\"" + std::string(kLarge, 'x') + "\"";
    webhook.body += "}";
    webhooks_.push_back(std::move(webhook));
    world_.timeline().after(world_.some_time(seconds(15)),
                            [this, n] { send(static_cast<std::size_t>(n)); });
  }
}

bool Sender::is_done() const {
  return std::all_of(webhooks_.begin(), webhooks_.end(),
                     [](const Webhook& webhook) { return webhook.accepted; });
}

void Sender::send(std::size_t n) {
  Webhook& webhook = webhooks_[n];
  ++webhook.tries;
  const signature::SignInput input{
      .id = webhook.id, .now = world_.timeline().wall(), .headers = {}, .body = webhook.body};
  InboundRequest request;
  request.method = "POST";
  request.target = "/in/partner";
  request.origin = "https://hooks.example";
  request.headers = signature::sign(*signature::preset("standard"), {secret()}, input)->headers;
  request.headers.push_back({.name = "content-type", .value = "application/json"});
  request.body = webhook.body;
  world_.request(std::move(request),
                 [this, n](const std::optional<HttpResponse>& response) { answered(n, response); });
}

void Sender::answered(std::size_t n, const std::optional<HttpResponse>& response) {
  const bool known = webhooks_[n].accepted;
  if (is_good(response)) webhooks_[n].accepted = true;
  if (known) return;
  if (!is_good(response) || world_.prng().chance(1, 4)) {
    world_.timeline().after(pause(world_), [this, n] { send(n); });
  }
}

void Publisher::start() {
  const std::uint64_t count = world_.prng().below(3);
  for (std::uint64_t n = 0; n < count; ++n) {
    const std::string name = std::to_string(n);
    publications_.push_back(
        {.key = "publication-" + name,
         .body = R"({"to":["plain"],"body":{"published":)" + name + R"(,"price":1.50}})",
         .accepted = false,
         .answer = {},
         .answers_differ = false});
    world_.timeline().after(world_.some_time(seconds(15)),
                            [this, n] { send(static_cast<std::size_t>(n)); });
  }
}

bool Publisher::is_done() const {
  return std::all_of(publications_.begin(), publications_.end(),
                     [](const Publication& publication) { return publication.accepted; });
}

void Publisher::send(std::size_t n) {
  InboundRequest request;
  request.method = "POST";
  request.target = "/v1/messages";
  request.origin = "https://hooks.example";
  request.headers = {{.name = "authorization", .value = "Bearer " + std::string(kSwarmToken)},
                     {.name = "content-type", .value = "application/json"},
                     {.name = "idempotency-key", .value = publications_[n].key}};
  request.body = publications_[n].body;
  world_.request(std::move(request), [this, n](const std::optional<HttpResponse>& response) {
    Publication& publication = publications_[n];
    const bool known = publication.accepted;
    if (is_good(response)) {
      if (known && response->body != publication.answer) publication.answers_differ = true;
      publication.accepted = true;
      publication.answer = response->body;
    }
    if (known) return;
    if (!is_good(response) || world_.prng().chance(1, 4)) {
      world_.timeline().after(pause(world_), [this, n] { send(n); });
    }
  });
}

Receiver::Receiver(World& world, std::string authority) : world_(world) {
  world.network().serve(std::move(authority),
                        [this](const HttpRequest& request) { return receive(request); });
}

HttpOutcome Receiver::receive(const HttpRequest& request) {
  const std::string id(find(request.headers, "webhook-id").value_or(""));
  const signature::Request received{.method = request.method,
                                    .url = request.url,
                                    .headers = request.headers,
                                    .body = request.body};
  const auto verdict = signature::verify(*signature::preset("standard"), {secret()}, received,
                                         world_.timeline().wall());
  if (const auto* refusal = std::get_if<signature::Refusal>(&verdict)) {
    // A clock that steps between sending and arrival makes a good signature old, and nothing else.
    const bool stepped = refusal->reason == signature::Reason::kTimestampTooOld ||
                         refusal->reason == signature::Reason::kTimestampTooNew;
    if (!stepped) complaints_.push_back("a delivery is not signed well: " + id);
  }
  Arrivals& arrivals = arrivals_[id];
  if (arrivals.count == 0) {
    arrivals.first = ++arrived_;
    arrivals.body = request.body;
  } else if (arrivals.body != request.body) {
    complaints_.push_back("one id, two bodies: " + id);
  }
  ++arrivals.count;
  const bool poisoned = !poison.empty() && request.body.find(poison) != std::string::npos;
  if (poisoned) return HttpResponse{.status = 500, .headers = {}, .body = "", .truncated = false};
  if (world_.strikes(bad)) return answer_badly();
  arrivals.answered_well = true;
  return HttpResponse{.status = 204, .headers = {}, .body = "", .truncated = false};
}

HttpOutcome Receiver::answer_badly() {
  HttpResponse response{.status = 500, .headers = {}, .body = "no", .truncated = false};
  switch (world_.prng().below(4)) {
    case 0:
      response.status = 429;
      response.headers = {{.name = "retry-after", .value = "2"}};
      break;
    case 1:
      response.status = 302;
      response.headers = {{.name = "location", .value = "http://10.0.0.1/"}};
      break;
    case 2: response.body = Bytes(20'000, '\xff'); break;
    case 3:
      if (world_.prng().chance(1, 4)) response.status = 410;
      break;
    default: break;
  }
  return response;
}

PagedApi::PagedApi(World& world) : world_(world) {
  const std::uint64_t count = 1 + world.prng().below(6);
  Instant at = kStart - hours(1);
  for (std::uint64_t n = 0; n < count; ++n) {
    at = at + milliseconds(1) + world.some_time(minutes(8));
    Item item{.id = "o" + std::to_string(n), .at = at, .json = {}};
    item.json = R"({"id":")" + item.id + R"(","updated_at":")" + codec::format_rfc3339(at) + "\"}";
    items_.push_back(std::move(item));
  }
  world.network().serve("api.example",
                        [this](const HttpRequest& request) { return answer(request); });
}

HttpOutcome PagedApi::answer(const HttpRequest& request) {
  HttpResponse response{.status = 200, .headers = {}, .body = "", .truncated = false};
  if (world_.strikes(bad)) {
    SLUICE_MARK("swarm: the API answers badly");
    switch (world_.prng().below(3)) {
      case 0: response.status = 500; break;
      case 1: response.body = "<html>Please log in</html>"; break;
      default: response.body = "{\"data\":[{\"id\":"; break;
    }
    return response;
  }
  response.body = page(request.url);
  return response;
}

std::string PagedApi::page(const std::string& url) const {
  const auto since = codec::parse_rfc3339(query_value(url, "since"));
  const auto until = codec::parse_rfc3339(query_value(url, "until"));
  const std::string number = query_value(url, "page");
  SLUICE_ASSERT(since && until && number.size() == 1);
  const std::size_t first = static_cast<std::size_t>(number[0] - '1') * kPageSize;
  std::string data;
  std::size_t n = 0;
  for (const Item& item : items_) {
    if (item.at < *since || item.at >= *until) continue;
    if (n >= first && n < first + kPageSize) data += (data.empty() ? "" : ",") + item.json;
    ++n;
  }
  return "{\"data\":[" + data + "]}";
}

void serve_front(World& world, const std::string& authority) {
  world.network().serve_slowly(authority, [&world](const HttpRequest& request, Answer answer) {
    InboundRequest inbound;
    inbound.method = request.method;
    inbound.target = Network::target_of(request.url);
    inbound.origin = "https://" + Network::authority_of(request.url);
    inbound.headers = request.headers;
    inbound.body = request.body;
    world.request(std::move(inbound), [answer](std::optional<HttpResponse> response) {
      if (response) return answer(*std::move(response));
      answer(HttpFailure{.fault = HttpFault::kAborted, .maybe_seen = true});
    });
  });
}

}  // namespace sluice::sim
