#include "sim/admin_cell.h"

#include <utility>

#include "base/assert.h"
#include "codec/json.h"
#include "flow/publish_message.h"
#include "manifest/parse.h"
#include "tables/cursors.h"
#include "tables/links.h"
#include "tables/log.h"
#include "tables/queue.h"
#include "tables/refusals.h"

namespace sluice::sim {
namespace {

constexpr char kName[] = "main.0";

manifest::Manifest parsed(std::string_view text) {
  const manifest::Environment environment = {{"KEY", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}};
  auto result = manifest::parse(text, environment, manifest::Secrets::kRequired);
  SLUICE_ASSERT(result.errors.empty());
  return std::move(result.manifest);
}

template <class T>
T must(Result<T> result) {
  SLUICE_ASSERT(result.has_value());
  return *std::move(result);
}

Task<Result<void>> open(flow::Cell& cell) {
  SLUICE_CO_TRY(co_await cell.store.open());
  SLUICE_CO_TRY(auto transaction, co_await cell.store.begin());
  SLUICE_CO_TRY(co_await cell.numbering.seed(transaction));
  std::string stream(tables::kEventStream);
  const Id drawn{.seq = 1, .random = 2};
  SLUICE_CO_TRY(co_await tables::Log::open(transaction, std::move(stream), drawn));
  SLUICE_CO_TRY(co_await transaction.commit());
  co_return Result<void>();
}

Task<Result<void>> reconciled(flow::Cell& cell) {
  const Instant now = cell.host.clock().now();
  SLUICE_CO_TRY(auto transaction, co_await cell.store.begin());
  std::vector<std::string> steps{"orders"};
  std::vector<std::string> links{"copy"};
  SLUICE_CO_TRY(co_await tables::Cursors::reconcile(transaction, std::move(steps), now));
  SLUICE_CO_TRY(co_await tables::Links::reconcile(transaction, std::move(links), now));
  SLUICE_CO_TRY(co_await transaction.commit());
  co_return Result<void>();
}

Task<void> opened(flow::Cell& cell) {
  auto result = co_await open(cell);
  SLUICE_ASSERT(result.has_value());
  result = co_await reconciled(cell);
  SLUICE_ASSERT(result.has_value());
}

Task<void> answered(app::AdminContext& context, InboundRequest request, HttpResponse& response) {
  response = co_await app::admin(context, std::move(request));
}

Task<void> published(flow::Cell& cell, flow::Publication publication, Id& event) {
  const auto result = co_await flow::publish_message(cell, std::move(publication));
  event = must(result).event;
}

Task<Result<void>> record(flow::Cell& cell, Id id, outbox::Next next, Bytes response) {
  const Instant now = cell.host.clock().now();
  SLUICE_CO_TRY(auto transaction, co_await cell.store.begin());
  SLUICE_CO_TRY(const auto message, co_await tables::Queue::message(transaction, id.seq));
  SLUICE_ASSERT(message.has_value());
  tables::Recorded recorded;
  recorded.claim.message = *message;
  recorded.claim.fence = {.epoch = cell.store.epoch(), .n = 1};
  recorded.attempt.at = now;
  recorded.attempt.took = milliseconds(12);
  recorded.attempt.status = next == outbox::Next::kDone ? 200 : 500;
  recorded.attempt.reason = next == outbox::Next::kDone ? "" : "status";
  recorded.attempt.response = std::move(response);
  recorded.plan = {.next = next, .due = now + hours(1), .reason = "status"};
  SLUICE_CO_TRY(co_await tables::Deliveries::record(transaction, recorded, now));
  SLUICE_CO_TRY(auto state, co_await tables::Queue::state(transaction, message->endpoint));
  if (next == outbox::Next::kEndpointOff) state.status = outbox::EndpointStatus::kOff;
  SLUICE_CO_TRY(co_await tables::Queue::settle(transaction, message->endpoint, state, now));
  SLUICE_CO_TRY(co_await transaction.commit());
  co_return Result<void>();
}

Task<void> recorded(flow::Cell& cell, Id id, outbox::Next next, Bytes response) {
  const auto result = co_await record(cell, id, next, std::move(response));
  SLUICE_ASSERT(result.has_value());
}

Task<Result<void>> add(flow::Cell& cell, std::vector<tables::Refusal> refusals) {
  SLUICE_CO_TRY(auto transaction, co_await cell.store.begin());
  SLUICE_CO_TRY(co_await tables::Refusals::add(transaction, std::move(refusals)));
  SLUICE_CO_TRY(co_await transaction.commit());
  co_return Result<void>();
}

Task<void> added(flow::Cell& cell, std::vector<tables::Refusal> refusals) {
  const auto result = co_await add(cell, std::move(refusals));
  SLUICE_ASSERT(result.has_value());
}

}  // namespace

constexpr std::string_view kManifestText = R"({
  "slug": "test",
  "sources": { "app": { "scheme": "standard", "secrets": ["env:KEY"] },
               "shop": { "scheme": "shopify", "secrets": ["env:KEY"] } },
  "routes": [ { "from": "app", "to": ["crm", "audit"] } ],
  "endpoints": {
    "crm": { "url": "https://crm.example/hooks/hidden-path", "order": "key",
             "signing": { "scheme": "standard", "secrets": ["env:KEY"] } },
    "audit": { "url": "https://audit.example/in?key=hidden-query",
               "signing": { "scheme": "standard", "secrets": ["env:KEY"] } }
  },
  "installations": ["mirror"],
  "steps": { "orders": { "url": "https://api.example/orders/hidden-path", "items": "/data",
                         "headers": { "authorization": "env:KEY" },
                         "id": "/id", "time": "/updated_at", "to": ["crm"] } },
  "links": { "copy": { "installation": "main", "stream": "events",
                       "from": { "url": "https://peer.example", "installation": "main",
                                 "token": "env:KEY" } } },
  "admin": { "tokens": ["env:KEY"] }
})";
const std::string_view kAdminManifest = kManifestText;

std::string said(const HttpResponse& response, std::string_view pointer) {
  const auto json = codec::parse_json(response.body);
  if (!json.has_value()) return {};
  const codec::Json* value = json->find(pointer);
  if (value == nullptr) return {};
  const auto text = value->as_string();
  return std::string(text ? *text : value->slice(response.body));
}

std::size_t items(const HttpResponse& response) {
  const auto json = codec::parse_json(response.body);
  if (!json.has_value()) return 0;
  const codec::Json* list = json->find("/items");
  return list == nullptr ? 0 : list->items().size();
}

AdminCell::AdminCell(std::string_view text)
    : world(1, Faults::none()),
      manifest(parsed(text)),
      store(*world.node(kName)),
      numbering(world.node(kName)->random()),
      cell{.name = kName,
           .installation = "main",
           .host = *world.node(kName),
           .store = store,
           .numbering = numbering,
           .jitter = jitter,
           .manifest = manifest} {
  run(opened(cell));
}

void AdminCell::run(Task<void> task) {
  const bool ended = world.run_task(kName, std::move(task));
  SLUICE_ASSERT(ended);
}

HttpResponse AdminCell::get(std::string target) {
  InboundRequest request;
  request.method = "GET";
  request.target = std::move(target);
  return ask(std::move(request));
}

HttpResponse AdminCell::post(std::string target, Bytes body, Headers headers) {
  InboundRequest request;
  request.method = "POST";
  request.target = std::move(target);
  request.headers = std::move(headers);
  request.body = std::move(body);
  return ask(std::move(request));
}

HttpResponse AdminCell::ask(InboundRequest request) {
  app::AdminContext context{.cell = cell, .poke = [this] { ++pokes; }};
  HttpResponse response;
  run(answered(context, std::move(request), response));
  return response;
}

std::vector<Id> AdminCell::publish(std::vector<tables::Target> targets, Bytes body) {
  flow::Publication publication;
  publication.targets = std::move(targets);
  publication.content_type = "application/json";
  publication.body = std::move(body);
  Id event;
  run(published(cell, std::move(publication), event));
  std::vector<Id> messages;
  const auto& all = rows().rows();
  for (auto row = all.lower_bound(tables::Queue::message_key(event.seq)); row != all.end(); ++row) {
    const auto message = outbox::decode_message(row->second.value);
    if (row->first.rfind("ob/m/", 0) != 0) break;
    if (message.has_value() && message->event == event) messages.push_back(message->id);
  }
  return messages;
}

void AdminCell::attempt(Id message, outbox::Next next, Bytes response) {
  run(recorded(cell, message, next, std::move(response)));
}

void AdminCell::refuse(std::string source, int times, std::string detail) {
  for (int done = 0; done < times;) {
    std::vector<tables::Refusal> batch;
    for (; done < times && batch.size() < tables::kRefusalsAddedMax; ++done) {
      tables::Refusal refusal;
      refusal.source = source;
      refusal.installation = "main";
      refusal.at = cell.host.clock().now();
      refusal.reason = "signature_mismatch";
      refusal.detail = detail;
      batch.push_back(std::move(refusal));
    }
    run(added(cell, std::move(batch)));
  }
}

}  // namespace sluice::sim
