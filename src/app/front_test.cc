// What the front lets in: handshakes, freshness, replays, and which secret matched.

#include "app/front.h"

#include <functional>

#include "app/engine.h"
#include "codec/base64.h"
#include "codec/json.h"
#include "crypto/hmac.h"
#include "doctest/doctest.h"
#include "signature/presets.h"
#include "signature/sign.h"
#include "sim/world.h"

namespace sluice::app {
namespace {

constexpr char kManifest[] = R"({
  "slug": "test",
  "sources": {
    "slack": { "scheme": "slack", "secrets": ["env:OLD", "env:NEW"], "dedupe_ms": 60000 },
    "strict": { "scheme": "slack", "secrets": ["env:NEW"], "past_ms": 2000, "future_ms": 1000 },
    "hub": { "scheme": "github", "secrets": ["env:NEW"] },
    "stripe": { "scheme": "stripe", "secrets": ["env:NEW"] },
    "square": { "secrets": ["env:NEW"], "public_url": "https://hooks.example/square",
                "scheme": { "signature": { "from": "header:x-signature", "encoding": "base64" },
                            "message": "{url}{body}" } }
  },
  "routes": [ { "from": "hub", "to": ["crm"] } ],
  "endpoints": { "crm": { "url": "https://crm.example/hooks",
                          "signing": { "scheme": "standard",
                                       "secrets": ["env:CRM", "env:NEXT"] } } },
  "admin": { "tokens": ["env:ADMIN"] }
})";

constexpr char kStandardSecret[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr char kNextSecret[] = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

std::unique_ptr<Engine> make(Host& host, Reply& reply, Boot boot) {
  auto engine = make_engine(host, reply, std::move(boot));
  return engine.has_value() ? *std::move(engine) : nullptr;
}

struct Gate {
  explicit Gate(std::uint64_t seed) : world(seed, sim::Faults::none(), make) {
    world.boot.manifest = kManifest;
    world.boot.environment = {{"OLD", "old secret"},
                              {"NEW", "new secret"},
                              {"CRM", kStandardSecret},
                              {"NEXT", kNextSecret},
                              {"ADMIN", "token-of-the-admin"}};
    world.network().serve("crm.example", [this](const HttpRequest& request) -> HttpOutcome {
      delivered.push_back(request);
      return HttpResponse{.status = 200, .headers = {}, .body = "", .truncated = false};
    });
  }

  HttpResponse send(InboundRequest request) {
    std::optional<HttpResponse> got;
    world.request(std::move(request), [&](auto response) { got = std::move(response); });
    for (int i = 0; i < 10'000 && !got; ++i) {
      if (!world.step()) break;
    }
    return got.value_or(HttpResponse{});
  }

  InboundRequest signed_as(const std::string& source, const std::string& scheme, std::string body,
                           const std::string& secret = "new secret", Headers headers = {}) {
    const signature::SignInput input{
        .id = "id", .now = world.timeline().wall(), .headers = std::move(headers), .body = body};
    InboundRequest request;
    request.method = "POST";
    request.target = "/in/" + source;
    request.origin = "https://hooks.example";
    request.headers =
        signature::sign(*signature::preset(scheme), {{.value = secret}}, input)->headers;
    request.headers.push_back({.name = "content-type", .value = "application/json"});
    request.body = std::move(body);
    return request;
  }

  HttpResponse admin(std::string target) {
    InboundRequest request;
    request.method = "GET";
    request.target = std::move(target);
    request.headers = {{.name = "authorization", .value = "Bearer token-of-the-admin"}};
    return send(std::move(request));
  }

  // What a list of the admin API says, by pointer; empty for nothing.
  std::string said(const std::string& target, std::string_view pointer) {
    const HttpResponse response = admin(target);
    const auto json = codec::parse_json(response.body);
    if (!json.has_value()) return "no JSON";
    const codec::Json* value = json->find(pointer);
    return value == nullptr ? "" : std::string(value->as_scalar_text().value_or("null"));
  }

  std::size_t events() { return world.store("main.0").count("in/e/"); }

  sim::World world;
  std::vector<HttpRequest> delivered;
};

void set(Headers& headers, const std::string& name, const std::string& value) {
  std::erase_if(headers, [&](const Header& header) { return header.name == name; });
  headers.push_back({.name = name, .value = value});
}

}  // namespace

TEST_SUITE("app/front") {
  TEST_CASE("a handshake is answered when it is signed, and never stored") {
    Gate gate(1);
    const std::string question = R"({"type":"url_verification","challenge":"3eZbrw1aBm"})";
    const HttpResponse answer = gate.send(gate.signed_as("slack", "slack", question));
    CHECK(answer.status == 200);
    CHECK(answer.body == "3eZbrw1aBm");
    CHECK(find(answer.headers, "content-type") == "text/plain; charset=utf-8");
    CHECK(find(answer.headers, "x-content-type-options") == "nosniff");

    const HttpResponse forged = gate.send(gate.signed_as("slack", "slack", question, "other"));
    CHECK(forged.status == 401);
    CHECK(forged.body.find("3eZb") == std::string::npos);
    auto stranger = gate.signed_as("slack", "slack", question);
    stranger.target = "/in/nobody/slack";
    CHECK(gate.send(stranger).body == forged.body);
    CHECK(gate.events() == 0);

    CHECK(gate.send(gate.signed_as("slack", "slack", R"({"type":"event_callback"})")).status ==
          200);
    CHECK(gate.events() == 1);
  }

  TEST_CASE("the same signed bytes under a new unsigned id are stored, and sent nowhere") {
    Gate gate(2);
    auto first = gate.signed_as("hub", "github", R"({"n":1})");
    set(first.headers, "x-github-delivery", "a");
    auto again = first;
    set(again.headers, "x-github-delivery", "b");
    CHECK(gate.send(first).status == 200);
    CHECK(gate.send(again).status == 200);
    gate.world.run_for(seconds(10));
    CHECK(gate.events() == 2);
    CHECK(gate.delivered.size() == 1);
    CHECK(gate.said("/v1/events", "/items/0/routing") == "suspected_replay");
    CHECK(gate.said("/v1/events", "/items/1/routing") == "routed");
    CHECK(gate.send(again).status == 200);
    CHECK(gate.events() == 2);
  }

  TEST_CASE("a delivery is recognised for as long as its signature is fresh") {
    Gate gate(3);
    auto request = gate.signed_as("slack", "slack", R"({"type":"event_callback"})");
    const std::int64_t ahead = gate.world.timeline().wall().ms / 1000 + 60;
    request = gate.signed_as("slack", "slack", request.body, "new secret",
                             {{"x-slack-request-timestamp", std::to_string(ahead)}});
    CHECK(gate.send(request).status == 200);
    CHECK(gate.events() == 1);
    gate.world.run_for(seconds(358));  // Far beyond the source's dedupe_ms of one minute.
    CHECK(gate.send(request).status == 200);
    CHECK(gate.events() == 1);
    gate.world.run_for(seconds(5));
    CHECK(gate.send(request).status == 401);
    CHECK(gate.said("/v1/refusals?source=slack", "/items/0/reason") == "timestamp_too_old");
  }

  TEST_CASE("each source has its own limits of time") {
    Gate gate(4);
    const std::string body = R"({"type":"event_callback"})";
    const auto at = [&](const std::string& source, std::int64_t offset) {
      const std::int64_t second = gate.world.timeline().wall().ms / 1000 + offset;
      auto request = gate.signed_as(source, "slack", body, "new secret",
                                    {{"x-slack-request-timestamp", std::to_string(second)}});
      return gate.send(std::move(request)).status;
    };
    CHECK(at("strict", -2) == 200);
    CHECK(at("strict", -4) == 401);
    CHECK(at("strict", 1) == 200);
    CHECK(at("strict", 3) == 401);
    CHECK(at("slack", -4) == 200);
    CHECK(at("slack", 3) == 200);
  }

  TEST_CASE("what is there twice, or folded, is refused and never picked from") {
    Gate gate(5);
    const std::string body = R"({"type":"event_callback"})";
    const auto refused = [&](const std::string& source, const std::string& scheme, auto change) {
      auto request = gate.signed_as(source, scheme, body);
      change(request.headers);
      CHECK(gate.send(std::move(request)).status == 401);
    };
    refused("slack", "slack", [](Headers& headers) {
      headers.push_back({.name = "x-slack-request-timestamp", .value = "1"});
    });
    refused("slack", "slack", [](Headers& headers) {
      headers.push_back({.name = "x-slack-signature", .value = "v0=00"});
    });
    for (const std::string fold : {"\r\n ", "\n\t", " ", "\t"}) {
      refused("slack", "slack", [&](Headers& headers) {
        std::string value(*find(headers, "x-slack-signature"));
        set(headers, "x-slack-signature", value.insert(10, fold));
      });
    }
    refused("stripe", "stripe", [](Headers& headers) {
      const std::string value(*find(headers, "stripe-signature"));
      set(headers, "stripe-signature", "t=1," + value);
    });
    CHECK(gate.events() == 0);
  }

  TEST_CASE("a provider that signs its URL is verified by the URL it was given") {
    Gate gate(6);
    const auto key = crypto::HmacKey(crypto::HashKind::kSha256, "new secret");
    const auto request_for = [&](const std::string& url, const std::string& target) {
      crypto::Hmac mac(key);
      mac.update(url);
      mac.update("{}");
      InboundRequest request;
      request.method = "POST";
      request.target = target;
      request.origin = "http://127.0.0.1:8787";
      request.headers = {{"x-signature", codec::encode_base64(mac.finish().view())}};
      request.body = "{}";
      return request;
    };
    CHECK(gate.send(request_for("https://hooks.example/square", "/in/square")).status == 200);
    CHECK(gate.send(request_for("https://hooks.example/square?a=1", "/in/square?a=1")).status ==
          200);
    CHECK(gate.send(request_for("https://hooks.example/square", "/in/square?a=1")).status == 401);
    CHECK(gate.send(request_for("http://127.0.0.1:8787/in/square", "/in/square")).status == 401);
  }

  TEST_CASE("which secret matched is told, to the hour, and costs no commit of its own") {
    Gate gate(7);
    int n = 0;
    const auto send_by = [&](const std::string& secret) {
      const std::string body = R"({"event_id":")" + std::to_string(++n) + R"("})";
      CHECK(gate.send(gate.signed_as("slack", "slack", body, secret)).status == 200);
    };
    const auto last_seen = [&](const std::string& item) {
      return gate.said("/v1/keys?limit=200", item + "/last_seen");
    };
    // In the order of names: hub, slack (old, new), square, strict, stripe.
    CHECK(gate.said("/v1/keys", "/items/1/source") == "slack");
    CHECK(gate.said("/v1/keys", "/items/1/secret") == "env:OLD");
    CHECK(gate.said("/v1/keys", "/items/2/secret") == "env:NEW");
    CHECK(gate.said("/v1/keys", "/items/2/state") == "valid");
    CHECK(last_seen("/items/1") == "null");

    send_by("old secret");
    const std::string old_seen = last_seen("/items/1");
    CHECK(old_seen != "null");
    CHECK(last_seen("/items/2") == "null");
    gate.world.run_for(minutes(30));
    send_by("new secret");
    send_by("old secret");
    CHECK(last_seen("/items/1") == old_seen);
    CHECK(last_seen("/items/2") > old_seen);
    gate.world.run_for(minutes(31));
    send_by("old secret");
    CHECK(last_seen("/items/1") > old_seen);
    CHECK(gate.world.store("main.0").count("se/slack/") == 2);

    gate.world.crash("main.0");
    CHECK(last_seen("/items/1") > old_seen);
    CHECK(gate.said("/v1/keys?limit=2", "/next") == "slack.0");
    CHECK(gate.said("/v1/keys?limit=2&after=slack.0", "/items/0/secret") == "env:NEW");
    CHECK(gate.admin("/v1/keys").body.find("old secret") == std::string::npos);
  }

  TEST_CASE("while a secret is changed, what is sent is signed by both") {
    Gate gate(9);
    CHECK(gate.send(gate.signed_as("hub", "github", R"({"n":1})")).status == 200);
    gate.world.run_for(seconds(10));
    CHECK(gate.delivered.size() == 1);
    if (gate.delivered.size() != 1) return;
    const HttpRequest& request = gate.delivered[0];
    const signature::Request received{.method = request.method,
                                      .url = request.url,
                                      .headers = request.headers,
                                      .body = request.body};
    for (const std::string secret : {kStandardSecret, kNextSecret}) {
      const auto verdict = signature::verify(*signature::preset("standard"), {{.value = secret}},
                                             received, gate.world.timeline().wall());
      CHECK(std::holds_alternative<signature::Accepted>(verdict));
    }
  }

  TEST_CASE("a flood of forgeries costs a hundred rows, and a call every ten seconds") {
    Gate gate(10);
    const auto forge = [&](int times) {
      for (int i = 0; i < times; ++i) {
        CHECK(gate.send(gate.signed_as("hub", "github", std::to_string(i), "other")).status == 401);
      }
    };
    forge(50);
    CHECK(gate.world.store("main.0").count("rf/") == 1);  // The first was told at once.
    gate.world.run_for(seconds(11));
    forge(200);
    CHECK(gate.world.store("main.0").count("rf/") == 51);
    for (int i = 0; i < 5; ++i) {
      gate.world.run_for(seconds(11));
      forge(100);
    }
    CHECK(gate.world.store("main.0").count("rf/") == 100);
    CHECK(gate.events() == 0);
    CHECK(gate.said("/v1/refusals?source=hub", "/items/0/reason") == "signature_mismatch");
  }

  TEST_CASE("the operator is told what to look at, once in ten seconds, and the caller nothing") {
    Gate gate(12);
    const auto forged = gate.signed_as("hub", "github", R"({"n":1})", "other");
    const HttpResponse plain = gate.send(forged);
    gate.world.run_for(seconds(11));

    auto changed = gate.signed_as("hub", "github", "{\"n\":1}\n");
    changed.body.pop_back();
    const HttpResponse answer = gate.send(changed);
    CHECK(answer.status == 401);
    CHECK(answer.body == plain.body);
    CHECK(answer.headers == plain.headers);
    const std::string list = "/v1/refusals?source=hub";
    CHECK(gate.said(list, "/items/0/reason") == "signature_mismatch");
    CHECK(gate.said(list, "/items/0/hints/0/kind") == "body_changed");
    CHECK(gate.said(list, "/items/0/hints/0/text").find("the body was changed") == 0);

    for (int i = 0; i < 3; ++i) CHECK(gate.send(changed).status == 401);
    gate.world.run_for(seconds(11));
    CHECK(gate.send(changed).status == 401);  // Looked into again; those in between were not.
    CHECK(gate.said(list, "/items/0/hints/0/kind") == "body_changed");
    for (const char* between :
         {"/items/1/hints/0/kind", "/items/2/hints/0/kind", "/items/3/hints/0/kind"}) {
      CHECK(gate.said(list, between).empty());
    }
    CHECK(gate.said(list, "/items/4/hints/0/kind") == "body_changed");
  }

  TEST_CASE("an installation that does not exist is diagnosed like one that does") {
    Gate gate(13);
    auto changed = gate.signed_as("hub", "github", "{\"n\":1}\n");
    changed.body.pop_back();
    changed.target = "/in/nobody/hub";
    const HttpResponse answer = gate.send(changed);
    CHECK(answer.status == 401);
    CHECK(gate.said("/v1/refusals?source=hub", "/items/0/reason") == "signature_mismatch");
    CHECK(gate.said("/v1/refusals?source=hub", "/items/0/hints/0/kind") == "body_changed");
    changed.body = std::string(70 * 1024, ' ');  // Larger than what is looked into.
    gate.world.run_for(seconds(11));
    CHECK(gate.send(changed).body == answer.body);
    CHECK(gate.said("/v1/refusals?source=hub", "/items/0/hints/0/kind").empty());
  }

  TEST_CASE("what a stranger sends can not become a key of the store") {
    Gate gate(8);
    auto request = gate.signed_as("hub", "github", R"({"n":1})");
    set(request.headers, "x-github-delivery", "../../m/owner\n");
    CHECK(gate.send(request).status == 200);
    CHECK(gate.events() == 1);
    for (const auto& row : gate.world.store("main.0").rows()) {
      const auto& key = row.first;
      CAPTURE(key);
      CHECK(key.find("..") == std::string::npos);
      CHECK(key.find('\n') == std::string::npos);
    }
  }
}

}  // namespace sluice::app
