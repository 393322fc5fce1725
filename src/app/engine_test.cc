// The main job in memory: a front, its cells, the registry, a receiver.

#include <algorithm>

#include "app/engine.h"

#include "app/rpc.h"
#include "codec/json.h"
#include "crypto/hash.h"
#include "doctest/doctest.h"
#include "signature/presets.h"
#include "signature/sign.h"
#include "signature/verify.h"
#include "sim/world.h"

namespace sluice::app {
namespace {

constexpr char kManifest[] = R"({
  "slug": "test",
  "sources": { "app": { "scheme": "standard", "secrets": ["env:APP"] } },
  "routes": [
    { "from": "app", "when": { "/type": ["order.paid"] }, "to": ["crm"], "order_by": "/id" },
    { "from": "app", "to": ["audit"] }
  ],
  "endpoints": {
    "crm": { "url": "https://crm.example/hooks", "order": "key",
             "signing": { "scheme": "standard", "secrets": ["env:CRM"] } },
    "audit": { "url": "https://audit.example/in",
               "signing": { "scheme": "standard", "secrets": ["env:CRM"] } }
  },
  "admin": { "tokens": ["env:ADMIN"] }
})";

constexpr char kSecret[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

std::unique_ptr<Engine> make(Host& host, Reply& reply, Boot boot) {
  auto engine = make_engine(host, reply, std::move(boot));
  return engine.has_value() ? *std::move(engine) : nullptr;
}

struct Setup {
  explicit Setup(std::uint64_t seed) : world(seed, sim::Faults::none(), make) {
    world.boot.manifest = kManifest;
    world.boot.environment = {{"APP", kSecret}, {"CRM", kSecret}, {"ADMIN", "token-of-the-admin"}};
    for (const std::string name : {"crm.example", "audit.example"}) {
      world.network().serve(name, [this, name](const HttpRequest& request) -> HttpOutcome {
        requests.push_back({name, request});
        return HttpResponse{.status = answer, .headers = {}, .body = "ok", .truncated = false};
      });
    }
  }

  InboundRequest webhook(std::string id, std::string body) {
    const auto scheme = *signature::preset("standard");
    const signature::Secret secret{.value = kSecret, .not_before = {}, .not_after = {}};
    const signature::SignInput input{
        .id = std::move(id), .now = world.timeline().wall(), .headers = {}, .body = body};
    InboundRequest request;
    request.method = "POST";
    request.target = "/in/app";
    request.origin = "https://hooks.example";
    request.headers = signature::sign(scheme, {secret}, input)->headers;
    request.headers.push_back({.name = "content-type", .value = "application/json"});
    request.body = std::move(body);
    return request;
  }

  InboundRequest admin(std::string method, std::string target, std::string body = "") {
    InboundRequest request;
    request.method = std::move(method);
    request.target = std::move(target);
    request.headers = {{.name = "authorization", .value = "Bearer token-of-the-admin"},
                       {.name = "content-type", .value = "application/json"}};
    request.body = std::move(body);
    return request;
  }

  HttpResponse send(InboundRequest request) {
    std::optional<HttpResponse> answer_got;
    world.request(std::move(request), [&](auto response) { answer_got = std::move(response); });
    for (int i = 0; i < 10'000 && !answer_got; ++i) {
      if (!world.step()) break;
    }
    return answer_got.value_or(HttpResponse{});
  }

  sim::World world;
  std::uint16_t answer = 200;
  std::vector<std::pair<std::string, HttpRequest>> requests;
};

}  // namespace

TEST_SUITE("app/engine") {
  TEST_CASE("a signed webhook is stored, fanned out, and delivered under a signature of ours") {
    Setup setup(1);
    const HttpResponse response =
        setup.send(setup.webhook("msg_1", R"({"type":"order.paid","id":7})"));
    CHECK(response.status == 200);
    CHECK(response.body.find("\"evt_") != std::string::npos);
    setup.world.run_for(seconds(10));
    CHECK(setup.requests.size() == 2);
    for (const auto& [name, request] : setup.requests) {
      CHECK(request.body == R"({"type":"order.paid","id":7})");
      CHECK(request.method == "POST");
      const signature::Request received{.method = request.method,
                                        .url = request.url,
                                        .headers = request.headers,
                                        .body = request.body};
      const signature::Secret secret{.value = kSecret, .not_before = {}, .not_after = {}};
      const auto verdict = signature::verify(*signature::preset("standard"), {secret}, received,
                                             setup.world.timeline().wall());
      CHECK(std::holds_alternative<signature::Accepted>(verdict));
    }
  }

  TEST_CASE("a duplicate gets the same answer and changes nothing") {
    Setup setup(2);
    const auto request = setup.webhook("msg_1", R"({"type":"x"})");
    const HttpResponse first = setup.send(request);
    const HttpResponse second = setup.send(request);
    CHECK(first.status == 200);
    CHECK(second.status == 200);
    CHECK(first.body == second.body);
    setup.world.run_for(seconds(10));
    CHECK(setup.requests.size() == 1);
  }

  TEST_CASE("the outcome's commit sets the wake, and an alarm without work sets it again") {
    Setup setup(5);
    sim::SimStore& store = setup.world.store("main.0");
    CHECK(setup.send(setup.webhook("msg_1", R"({"type":"x"})")).status == 200);
    setup.world.run_for(seconds(10));
    CHECK(setup.requests.size() == 1);
    const auto next = store.wake();  // The sweeper's.
    CHECK(next.has_value());
    if (next) CHECK(*next > setup.world.timeline().wall() + minutes(10));
    store.set_wake(setup.world.timeline().wall());  // The platform clears it as it hands it over.
    setup.world.run_for(seconds(10));
    CHECK(store.wake() == next);
  }

  TEST_CASE("every refusal has one answer, and stores nothing but its reason") {
    Setup setup(3);
    auto forged = setup.webhook("msg_1", "{}");
    forged.body = "{ }";
    const HttpResponse refused = setup.send(forged);
    auto stranger = setup.webhook("msg_2", "{}");
    stranger.target = "/in/nobody/app";
    const HttpResponse unknown = setup.send(stranger);
    auto bare = setup.webhook("msg_3", "{}");
    bare.headers.clear();
    const HttpResponse missing = setup.send(bare);
    CHECK(refused.status == 401);
    CHECK(refused.body == unknown.body);
    CHECK(refused.body == missing.body);
    CHECK(setup.world.store("main.0").count("in/") == 0);
  }

  TEST_CASE("wrong method, unknown source and a large body have their own answers") {
    Setup setup(4);
    auto request = setup.webhook("msg_1", "{}");
    request.method = "GET";
    const HttpResponse method = setup.send(request);
    CHECK(method.status == 405);
    CHECK(find(method.headers, "allow") == "POST");
    request.target = "/in/other";
    CHECK(setup.send(request).status == 404);
    request = setup.webhook("msg_1", "{}");
    request.body_too_large = true;
    CHECK(setup.send(request).status == 413);
  }

  TEST_CASE("a failing receiver is tried again until it takes the message") {
    Setup setup(5);
    setup.answer = 500;
    CHECK(setup.send(setup.webhook("msg_1", "{}")).status == 200);
    setup.world.run_for(seconds(30));
    const std::size_t failed = setup.requests.size();
    CHECK(failed >= 2);
    setup.answer = 204;
    setup.world.run_for(hours(1));
    CHECK(setup.requests.size() == failed + 1);
    const HttpResponse messages = setup.send(setup.admin("GET", "/v1/messages"));
    CHECK(messages.status == 200);
    CHECK(messages.body.find("\"delivered\"") != std::string::npos);
  }

  TEST_CASE("an exhausted message is a dead letter, and is delivered after it is retried") {
    Setup setup(6);
    setup.answer = 500;
    CHECK(setup.send(setup.webhook("msg_1", "{}")).status == 200);
    setup.world.run_for(hours(100));
    CHECK(setup.requests.size() == 10);
    const HttpResponse dead = setup.send(setup.admin("GET", "/v1/dead-letters"));
    const std::size_t at = dead.body.find("msg_");
    CHECK(at != std::string::npos);
    if (at == std::string::npos) return;
    setup.answer = 200;
    const std::string id = dead.body.substr(at, 36);
    const auto redriven = setup.send(setup.admin("POST", "/v1/dead-letters/" + id + "/redrive"));
    CHECK(redriven.status / 100 == 2);
    setup.world.run_for(seconds(10));
    CHECK(setup.requests.size() == 11);
  }

  TEST_CASE("410 turns the endpoint off; enabling it delivers what waited") {
    Setup setup(7);
    setup.answer = 410;
    CHECK(setup.send(setup.webhook("msg_1", "{}")).status == 200);
    CHECK(setup.send(setup.webhook("msg_2", "{}")).status == 200);
    setup.world.run_for(hours(1));
    const std::size_t before = setup.requests.size();
    setup.answer = 200;
    setup.world.run_for(hours(100));
    CHECK(setup.requests.size() == before);
    CHECK(setup.send(setup.admin("POST", "/v1/endpoints/audit/enable")).status / 100 == 2);
    setup.world.run_for(seconds(10));
    CHECK(setup.requests.size() == before + 2);
  }

  TEST_CASE("without a token the admin API is off; with a wrong one it is closed") {
    Setup setup(8);
    auto request = setup.admin("GET", "/v1/overview");
    request.headers[0].value = "Bearer other";
    CHECK(setup.send(request).status == 401);
    CHECK(setup.send(setup.admin("GET", "/v1/overview")).status == 200);
  }

  TEST_CASE("a full disk is 503, never 2xx, and ingest goes on when there is room") {
    Setup setup(9);
    CHECK(setup.send(setup.webhook("msg_0", "{}")).status == 200);
    setup.world.run_for(seconds(10));
    setup.world.store("main.0").refuses = Errc::kFull;
    const HttpResponse full = setup.send(setup.webhook("msg_1", "{}"));
    CHECK(full.status == 503);
    CHECK(find(full.headers, "retry-after").has_value());
    setup.world.store("main.0").refuses.reset();
    CHECK(setup.send(setup.webhook("msg_1", "{}")).status == 200);
    setup.world.run_for(seconds(10));
    CHECK(setup.requests.size() == 2);
  }

  TEST_CASE("a source that only the front knows yet is not accepted, so nothing goes unrouted") {
    Setup setup(12);
    flow::Delivery delivery;
    delivery.print = {.scope = "newer", .identity = "1", .digest = "d", .signed_identity = true};
    const RpcRequest call{.kind = RpcKind::kIngest,
                          .hops = 0,
                          .manifest_hash = "another",
                          .deadline = setup.world.timeline().wall() + seconds(10),
                          .payload = encode(delivery)};
    std::optional<Result<Bytes>> answer;
    setup.world.call("main.0", encode(call), [&](Result<Bytes> got) { answer = std::move(got); });
    setup.world.run_for(seconds(5));
    CHECK(answer.has_value());
    if (!answer || !answer->has_value()) return;
    const auto payload = decode_rpc_reply(**answer);
    CHECK(!payload.has_value());
    CHECK(setup.world.store("main.0").count("in/") == 0);
  }

  TEST_CASE("messages of one key leave one after the other, in their order") {
    Setup setup(10);
    for (int i = 0; i < 5; ++i) {
      const std::string body = R"({"type":"order.paid","id":1,"n":)" + std::to_string(i) + "}";
      CHECK(setup.send(setup.webhook("msg_" + std::to_string(i), body)).status == 200);
    }
    setup.world.run_for(seconds(30));
    std::vector<std::string> crm;
    for (const auto& [name, request] : setup.requests) {
      if (name == "crm.example") crm.push_back(request.body);
    }
    CHECK(crm.size() == 5);
    CHECK(std::is_sorted(crm.begin(), crm.end()));
  }

  TEST_CASE("a restart in the middle loses nothing") {
    Setup setup(11);
    setup.answer = 500;
    for (int i = 0; i < 5; ++i) {
      CHECK(setup.send(setup.webhook("msg_" + std::to_string(i), "{}")).status == 200);
    }
    setup.world.run_for(seconds(1));
    setup.world.crash("main.0");
    setup.answer = 200;
    setup.requests.clear();
    setup.world.run_for(hours(2));
    CHECK(setup.requests.size() == 5);
  }
}

}  // namespace sluice::app
