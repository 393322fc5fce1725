#include "app/front.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "app/problem.h"
#include "codec/json_writer.h"
#include "crypto/equal.h"
#include "signature/verify.h"
#include "store/keys.h"

namespace sluice::app {
namespace {

constexpr Duration kCallDeadline = seconds(25);
constexpr int kKeyFetchesMax = 2;  // For one request: a set, and the same set once it is renewed.
constexpr std::string_view kMain = "main";
constexpr std::string_view kRegistry = "registry";

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

// The value of one query parameter that is a name; names need no decoding.
std::string query_name(std::string_view target, std::string_view parameter) {
  const std::size_t question = target.find('?');
  if (question == std::string_view::npos) return {};
  std::string_view rest = target.substr(question + 1);
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == parameter) {
      return std::string(pair.substr(equals + 1));
    }
  }
  return {};
}

tables::Fingerprint print_of(const std::string& source, const signature::Accepted& accepted) {
  tables::Fingerprint print{.scope = source,
                            .identity = accepted.identity,
                            .digest = {},
                            .signed_identity = accepted.identity_signed};
  if (accepted.digest) print.digest = crypto::view(*accepted.digest);
  return print;
}

}  // namespace

Front::Front(Host& host, Reply& reply, manifest::Manifest manifest)
    : host_(host), reply_(reply), manifest_(std::move(manifest)), flushed_at_{0} {
  for (const auto& source : manifest_.sources) {
    keys_.emplace(source.name, signature::prepare(source.scheme, source.secrets));
  }
  for (const auto& token : manifest_.admin_tokens) token_digests_.push_back(crypto::sha256(token));
}

void Front::http(TaskId task, InboundRequest request) {
  live_.insert(task);
  host_.scheduler().spawn(task, serve(task, std::move(request)));
}

void Front::cron(TaskId task, Instant) { host_.scheduler().spawn(task, tick(task)); }

void Front::alarm(TaskId task) { reply_.done(task); }

void Front::rpc(TaskId task, Bytes) { reply_.rpc(task, rpc_error(Errc::kNoCapability)); }

void Front::shutdown(TaskId task) { host_.scheduler().spawn(task, flush(task)); }

void Front::cancel(TaskId task) {
  if (live_.contains(task)) cancelled_.insert(task);
}

Task<void> Front::serve(TaskId task, InboundRequest request) {
  HttpResponse response = co_await dispatch(task, std::move(request));
  live_.erase(task);
  cancelled_.erase(task);
  reply_.http(task, std::move(response));
}

Task<HttpResponse> Front::dispatch(TaskId task, InboundRequest request) {
  const std::string path(path_of(request.target));
  if (path == "/healthz") co_return json_response(200, R"({"status":"alive"})");
  if (path == "/readyz" || path == "/health") co_return co_await ready();
  if (path.rfind("/in/", 0) == 0) {
    const std::string rest = path.substr(4);
    const std::size_t slash = rest.find('/');
    Address address;
    address.source = slash == std::string::npos ? rest : rest.substr(slash + 1);
    address.installation = slash == std::string::npos ? std::string(kMain) : rest.substr(0, slash);
    co_return co_await receive(task, std::move(address), std::move(request));
  }
  if (path.rfind("/v1/", 0) == 0) {
    std::string installation = query_name(request.target, "installation");
    if (installation.empty()) installation = kMain;
    co_return co_await admin(std::move(request), std::move(installation));
  }
  co_return problem(404, "not_found", "Nothing is at this address.");
}

Task<HttpResponse> Front::receive(TaskId task, Address address, InboundRequest request) {
  const auto* source = manifest_.source(address.source);
  if (source == nullptr) co_return problem(404, "unknown_source", "No source has this name.");
  const signature::Scheme& scheme = source->scheme;
  const bool asks_first = has_handshake(scheme, request.method, signature::Sender::kUnverified);
  const bool asks_signed = has_handshake(scheme, request.method, signature::Sender::kVerified);
  const bool delivers = request.method == "POST";
  if (!delivers && !asks_first && !asks_signed) co_return wrong_method(allowed_methods(scheme));
  if (request.body_too_large || request.body.size() > source->body_max) {
    count_webhook(source->name, "too_large");
    co_return problem(413, "body_too_large",
                      "The body is larger than " + std::to_string(source->body_max) + " bytes.");
  }
  const Instant now = host_.clock().now();
  const std::string url = manifest::public_url(*source, request.origin, request.target);
  const signature::Request asked{
      .method = request.method, .url = url, .headers = request.headers, .body = request.body};
  const auto keys = keys_.find(source->name);
  const signature::HandshakeContext context{
      .scheme = scheme, .keys = keys->second, .verify_token = source->verify_token, .now = now};
  if (asks_first) {
    auto answer = signature::handshake(context, asked, signature::Sender::kUnverified);
    if (answer) co_return co_await shake_hands(std::move(address), *std::move(answer), now);
  }
  if (!delivers && !asks_signed) co_return wrong_method(allowed_methods(scheme));

  const auto verdict = co_await judge(*source, asked);
  if (const auto* refusal = std::get_if<signature::Refusal>(&verdict)) {
    Cause cause = cause_of(*refusal);
    cause.hints = look_into(*source, asked, *refusal, now);
    co_return co_await turn_away(std::move(address), std::move(cause), now);
  }
  if (asks_signed) {
    auto answer = signature::handshake(context, asked, signature::Sender::kVerified);
    if (answer) co_return co_await shake_hands(std::move(address), *std::move(answer), now);
  }
  if (!delivers) co_return wrong_method(allowed_methods(scheme));
  if (!manifest_.has_installation(address.installation)) {
    Cause cause{.reason = "installation_unknown", .detail = {}, .hints = {}};
    co_return co_await turn_away(std::move(address), std::move(cause), now);
  }
  const auto& accepted = std::get<signature::Accepted>(verdict);
  flow::Delivery delivery;
  delivery.print = print_of(source->name, accepted);
  delivery.secret = static_cast<std::uint32_t>(accepted.secret);
  delivery.headers = std::move(request.headers);
  delivery.body = std::move(request.body);
  if (cancelled_.contains(task)) co_return problem(503, "cancelled", "The caller left.");

  const RpcRequest call = call_of(RpcKind::kIngest, encode(delivery));
  auto reply = co_await host_.cells().call(flow::cell_of(address.installation), encode(call));
  if (!reply.has_value()) co_return problem(reply.error());
  auto payload = decode_rpc_reply(*reply);
  if (!payload.has_value()) co_return problem(payload.error());
  const auto received = decode_received(*payload);
  if (!received.has_value()) co_return problem(received.error());

  const bool duplicate = received->delivery == inbox::Delivery::kDuplicate;
  const bool replay = received->delivery == inbox::Delivery::kSuspectedReplay;
  count_webhook(source->name, duplicate ? "duplicate" : replay ? "suspected_replay" : "accepted");
  codec::JsonWriter json;
  json.begin_object().field("id", format("evt_", received->event)).end_object();
  co_return json_response(200, std::move(json).take());
}

// Verifies, and fetches the published key that verifying asks for. `source` and `request` outlive
// the task.
Task<signature::Verdict> Front::judge(const manifest::Source& source,
                                      const signature::Request& request) {
  const auto& keys = keys_.find(source.name)->second;
  for (int fetches = 0; fetches <= kKeyFetchesMax; ++fetches) {
    auto verdict = signature::verify(source.scheme, keys, fetched_, request, host_.clock().now());
    auto* wanted = std::get_if<signature::KeyWanted>(&verdict);
    if (wanted == nullptr) co_return verdict;
    std::string name = source.name;
    const auto fetched = co_await fetch_key(std::move(name), std::move(*wanted));
    if (!fetched.has_value()) break;
  }
  co_return signature::Refusal{signature::Reason::kKeyUnavailable,
                               "the provider's published key could not be fetched"};
}

Task<Result<void>> Front::fetch_key(std::string source, signature::KeyWanted wanted) {
  const auto failure = key_failures_.find(wanted.url);
  if (failure != key_failures_.end()) {
    const Duration since = host_.clock().now() - failure->second;
    if (since >= Duration{0} && since < flow::kKeyFetchRest) {
      co_return Error{Errc::kIo, "the key could not be fetched a moment ago"};
    }
    key_failures_.erase(failure);
  }
  const KeyCall key_call{.source = std::move(source), .wanted = wanted};
  const RpcRequest call = call_of(RpcKind::kFetchKey, encode(key_call));
  std::string registry(kRegistry);
  const auto reply = co_await host_.cells().call(std::move(registry), encode(call));
  const Instant now = host_.clock().now();
  auto put = keep_key(reply, wanted, now);
  if (!put.has_value()) {
    if (key_failures_.size() == signature::kDocumentsMax) key_failures_.clear();
    key_failures_.insert_or_assign(wanted.url, now);
  }
  co_return put;
}

Result<void> Front::keep_key(const Result<Bytes>& reply, const signature::KeyWanted& wanted,
                             Instant now) {
  if (!reply.has_value()) return reply.error();
  SLUICE_TRY(const auto payload, decode_rpc_reply(*reply));
  SLUICE_TRY(const auto document, decode_key_document(payload));
  return fetched_.put(wanted, document.bytes, now - document.age);
}

Task<HttpResponse> Front::admin(InboundRequest request, std::string installation) {
  if (token_digests_.empty()) {
    co_return problem(403, "admin_off",
                      "The admin API is off: the manifest names no token under admin.tokens.");
  }
  if (!is_authorized(request.headers)) {
    HttpResponse response = unauthorized();
    response.headers.push_back({.name = "www-authenticate", .value = "Bearer"});
    co_return response;
  }
  if (request.body_too_large) co_return problem(413, "body_too_large", "The body is too large.");
  if (!manifest_.has_installation(installation)) {
    co_return problem(404, "unknown_installation", "No installation has this name.");
  }
  std::erase_if(request.headers, [](const Header& header) {
    return header.name == "authorization" || header.name == "cookie";
  });
  const RpcRequest call = call_of(RpcKind::kHttp, encode(request));
  auto reply = co_await host_.cells().call(flow::cell_of(installation), encode(call));
  if (!reply.has_value()) co_return problem(reply.error());
  auto payload = decode_rpc_reply(*reply);
  if (!payload.has_value()) co_return problem(payload.error());
  auto response = decode_http_response(*payload);
  if (!response.has_value()) co_return problem(response.error());
  co_return *std::move(response);
}

Task<HttpResponse> Front::ready() {
  InboundRequest probe;
  probe.method = "GET";
  probe.target = "/readyz";
  const RpcRequest call = call_of(RpcKind::kHttp, encode(probe));
  auto reply = co_await host_.cells().call(flow::cell_of(kMain), encode(call));
  if (!reply.has_value()) co_return problem(reply.error());
  auto payload = decode_rpc_reply(*reply);
  if (!payload.has_value()) co_return problem(payload.error());
  auto response = decode_http_response(*payload);
  if (!response.has_value()) co_return problem(response.error());
  co_return *std::move(response);
}

Task<void> Front::tick(TaskId task) {
  const RpcRequest call = call_of(RpcKind::kTick, {});
  std::string registry(kRegistry);
  const auto reply = co_await host_.cells().call(std::move(registry), encode(call));
  if (!reply.has_value()) {
    LogRecord record{.level = Level::kError, .event = "tick_failed", .fields = {}};
    record.fields.emplace_back(Field::kCode, std::string(name(reply.error().code)));
    host_.log().write(std::move(record));
  }
  co_await flush_refusals();
  reply_.done(task);
}

Task<void> Front::flush(TaskId task) {
  flushed_at_ = {0};
  co_await flush_refusals();
  reply_.done(task);
}

void Front::count_webhook(std::string_view source, std::string_view result) {
  std::string metric = "sluice_webhooks_received_total{source=\"";
  metric.append(source).append("\",result=\"").append(result).append("\"}");
  host_.log().metric(MetricKind::kCounter, metric, 1);
}

bool Front::is_authorized(const Headers& headers) const {
  constexpr std::string_view kBearer = "Bearer ";
  if (count(headers, "authorization") != 1) return false;
  const std::string_view value = *find(headers, "authorization");
  const bool bearer = value.substr(0, kBearer.size()) == kBearer;
  const auto digest = crypto::sha256(bearer ? value.substr(kBearer.size()) : ByteView());
  bool matched = false;
  for (const auto& expected : token_digests_) {
    if (crypto::equal(crypto::view(digest), crypto::view(expected))) matched = true;
  }
  return matched && bearer;
}

RpcRequest Front::call_of(RpcKind kind, Bytes payload) const {
  return {.kind = kind,
          .hops = 0,
          .manifest_hash = manifest_.hash,
          .deadline = host_.clock().now() + kCallDeadline,
          .payload = std::move(payload)};
}

}  // namespace sluice::app
