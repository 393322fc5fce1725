#include "flow/attempt.h"

#include <utility>
#include <variant>

#include "inbox/event.h"
#include "signature/sign.h"
#include "tables/events.h"

namespace sluice::flow {
namespace {

constexpr std::string_view kUserAgent = "sluice/0.1 (+webhooks)";

struct Payload {
  inbox::Event event;
  Bytes body;
};

Task<Result<Payload>> load_payload(Cell& cell, Id id) {
  SLUICE_CO_TRY(auto transaction, co_await cell.store.begin());
  SLUICE_CO_TRY(auto event, co_await tables::Events::get(transaction, id.seq));
  if (!event) co_return Error{Errc::kCorrupt, "a message without its event"};
  Payload payload;
  payload.event = *event;
  SLUICE_CO_TRY(payload.body, co_await tables::Events::body(transaction, *std::move(event)));
  co_return payload;
}

bool has(const Headers& headers, std::string_view name) { return count(headers, name) > 0; }

// The event's own headers first; what the endpoint sets replaces them; ours come last.
Result<HttpRequest> build(const manifest::Endpoint& endpoint, const outbox::Message& message,
                          Payload payload, Instant now) {
  HttpRequest request;
  request.method = "POST";
  request.url = endpoint.url;
  request.timeout = endpoint.timeout;
  request.response_max = outbox::kResponseKept;
  request.private_allowed = endpoint.private_allowed;
  request.headers = endpoint.headers;
  for (const auto& header : payload.event.headers) {
    if (!has(endpoint.headers, header.name)) request.headers.push_back(header);
  }
  if (!has(request.headers, "content-type")) {
    request.headers.push_back({.name = "content-type", .value = "application/octet-stream"});
  }
  if (!has(request.headers, "user-agent")) {
    request.headers.push_back({.name = "user-agent", .value = std::string(kUserAgent)});
  }
  const signature::SignInput input{.id = format("msg_", message.id),
                                   .now = now,
                                   .headers = {},
                                   .body = payload.body,
                                   .method = request.method,
                                   .url = request.url};
  SLUICE_TRY(auto made, signature::sign(endpoint.scheme, endpoint.secrets, input));
  for (auto& header : made.headers) {
    std::erase_if(request.headers, [&](const Header& other) { return other.name == header.name; });
    request.headers.push_back(std::move(header));
  }
  request.body = made.body ? *std::move(made.body) : std::move(payload.body);
  if (made.url) request.url = *std::move(made.url);
  return request;
}

// A failure that is ours: the request was never sent, so the schedule would repeat it in vain.
tables::Recorded failed(tables::Claim claim, const Error& error, Instant at) {
  tables::Recorded recorded;
  recorded.attempt.at = at;
  recorded.attempt.reason = std::string(name(error.code));
  recorded.attempt.fence = claim.fence;
  recorded.plan = {.next = outbox::Next::kDead, .due = {}, .reason = name(error.code)};
  recorded.claim = std::move(claim);
  return recorded;
}

outbox::Answer answer_of(const Result<HttpOutcome>& outcome, Instant now,
                         outbox::Attempt& attempt) {
  outbox::Answer answer;
  if (!outcome.has_value()) {
    answer.fault = name(outcome.error().code);
    return answer;
  }
  if (const auto* failure = std::get_if<HttpFailure>(&*outcome)) {
    answer.fault = name(failure->fault);
    return answer;
  }
  const auto& response = std::get<HttpResponse>(*outcome);
  answer.status = response.status;
  if (const auto advice = find(response.headers, "retry-after")) {
    answer.retry_after = outbox::parse_retry_after(*advice, now);
  }
  attempt.status = response.status;
  attempt.response = response.body.substr(0, outbox::kResponseKept);
  attempt.truncated = response.truncated || response.body.size() > outbox::kResponseKept;
  return answer;
}

void log_outcome(Cell& cell, const tables::Recorded& recorded) {
  LogRecord record{.level = Level::kInfo, .event = "delivery", .fields = {}};
  if (recorded.plan.next != outbox::Next::kDone) record.level = Level::kWarn;
  if (recorded.plan.next == outbox::Next::kDead) record.event = "delivery_dead";
  const auto& message = recorded.claim.message;
  record.fields.emplace_back(Field::kEndpoint, message.endpoint);
  record.fields.emplace_back(Field::kMessage, format("msg_", message.id));
  record.fields.emplace_back(Field::kAttempt, std::to_string(message.attempts + 1));
  record.fields.emplace_back(Field::kStatus, std::to_string(recorded.attempt.status));
  if (!recorded.attempt.reason.empty()) {
    record.fields.emplace_back(Field::kReason, recorded.attempt.reason);
  }
  cell.host.log().write(std::move(record));
}

}  // namespace

Task<tables::Recorded> attempt_delivery(Cell& cell, tables::Claim claim) {
  const Instant started = cell.host.clock().now();
  const Duration began = cell.host.clock().monotonic();
  const auto* endpoint = cell.manifest.endpoint(claim.message.endpoint);
  SLUICE_ASSERT(endpoint != nullptr);  // The dispatcher claims for known endpoints only.

  auto payload = co_await load_payload(cell, claim.message.event);
  if (!payload.has_value()) {
    auto recorded = failed(std::move(claim), payload.error(), started);
    if (disposition(payload.error().code) == Disposition::kRetry) {
      recorded.plan = {.next = outbox::Next::kRetry, .due = started + seconds(5), .reason = "io"};
    }
    log_outcome(cell, recorded);
    co_return recorded;
  }
  auto request = build(*endpoint, claim.message, *std::move(payload), started);
  if (!request.has_value()) {
    auto recorded = failed(std::move(claim), request.error(), started);
    log_outcome(cell, recorded);
    co_return recorded;
  }
  const auto outcome = co_await cell.host.http().fetch(*std::move(request));

  const Instant now = cell.host.clock().now();
  tables::Recorded recorded;
  recorded.attempt.at = started;
  recorded.attempt.took = cell.host.clock().monotonic() - began;
  recorded.attempt.fence = claim.fence;
  recorded.strict = endpoint->strict;
  const outbox::Answer answer = answer_of(outcome, now, recorded.attempt);
  recorded.plan =
      outbox::plan(answer, claim.message.failures, endpoint->schedule, now, cell.jitter.next());
  recorded.attempt.reason = std::string(recorded.plan.reason);
  recorded.claim = std::move(claim);
  log_outcome(cell, recorded);
  co_return recorded;
}

}  // namespace sluice::flow
