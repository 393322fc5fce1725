#include "manifest/parse.h"

#include <iterator>
#include <string>

#include "doctest/doctest.h"
#include "outbox/retry.h"

namespace {

using namespace sluice;
using namespace sluice::manifest;

constexpr std::string_view kRelay = R"json({
  "slug": "relay",
  "sources": { "github": { "scheme": "github", "secrets": ["env:GITHUB_WEBHOOK_SECRET"] } },
  "routes": [ { "from": "github", "when": { "header:x-github-event": ["push", "release"] },
                "to": ["crm"], "order_by": "/repository/id" } ],
  "endpoints": { "crm": {
    "url": "https://crm.example/hooks",
    "signing": { "scheme": "standard", "secrets": ["env:CRM_SECRET"] },
    "timeout_ms": 15000, "order": "key" } },
  "installations": ["mirror"],
  "steps": { "orders": {
    "url": "https://api.example/orders", "headers": { "authorization": "env:API_TOKEN" },
    "query": { "since": "{begin}", "until": "{end}" },
    "items": "/data", "id": "/id", "time": "/updated_at", "page": { "number": "page" },
    "every_ms": 60000, "overlap_ms": 60000, "settle_ms": 5000, "span_max_ms": 86400000,
    "to": ["crm"] } },
  "links": { "mirror": {
    "installation": "mirror", "stream": "events", "every_ms": 30000,
    "from": { "url": "https://peer.example", "installation": "main",
              "token": "env:PEER_TOKEN" } } },
  "limits": {}, "admin": { "tokens": ["env:SLUICE_ADMIN_TOKEN"] },
  "development": { "private_hosts": ["127.0.0.1"] }
})json";

constexpr std::string_view kWrong = R"json({
  "slug": 7,
  "sorces": {},
  "sources": {
    "Git_Hub": { "scheme": "githup", "secrets": "env:GITHUB_WEBHOOK_SECRET" },
    "clear": { "scheme": "github", "secrets": ["hunter2"], "dedupe_ms": 1, "body_max": -1 },
    "absent": { "scheme": "github", "secrets": ["env:NO_SUCH_SECRET", "env:",
                { "secret": "env:CRM_SECRET", "not_before": "yesterday" }] },
    "none": {}
  },
  "routes": [
    { "from": "gihub", "to": ["crn"], "when": { "header:": "x", "type": [], "/ok": 5 },
      "order_by": "id" },
    7
  ],
  "endpoints": {
    "crm": { "url": "https://127.0.0.1/",
             "signing": { "scheme": "standard", "secrets": ["env:API_TOKEN"] },
             "headers": { "Host": "x", "authorization": "Basic abc", "x y": "1", "x-a": "a\nb" },
             "timeout_ms": "15000", "order": "keys", "strict": 1, "schedule_ms": [1.5] },
    "bare": []
  },
  "installations": ["UPPER", "a", "a"],
  "steps": { "orders": {
    "url": "ftp://api.example", "query": { "since": "{start}" }, "items": "data", "id": 1,
    "page": { "number": "p", "next": "/n" }, "every_ms": 0, "to": [] } },
  "links": { "events": { "installation": "nobody", "stream": "E",
                         "from": { "url": "https://peer.example/path", "token": "t" } } },
  "limits": { "body_max": 0, "cell_bytes": 1 },
  "admin": { "tokens": ["plain"] },
  "development": { "private_hosts": ["a/b"] }
})json";

struct Expected {
  std::string_view at;
  std::string_view code;
};

constexpr Expected kExpected[] = {
    {"/slug", "wrong_type"},
    {"/sorces", "unknown_key"},
    {"/sources/Git_Hub", "name_malformed"},
    {"/sources/Git_Hub/scheme", "unknown_scheme"},
    {"/sources/Git_Hub/secrets", "wrong_type"},
    {"/sources/clear/secrets/0", "secret_in_clear"},
    {"/sources/clear/dedupe_ms", "out_of_range"},
    {"/sources/clear/body_max", "out_of_range"},
    {"/sources/absent/secrets/0", "secret_missing"},
    {"/sources/absent/secrets/1", "secret_malformed"},
    {"/sources/absent/secrets/2/not_before", "time_malformed"},
    {"/sources/none/scheme", "missing"},
    {"/routes/0/from", "unknown_reference"},
    {"/routes/0/to/0", "unknown_reference"},
    {"/routes/0/when/header:", "pointer_malformed"},
    {"/routes/0/when/type", "pointer_malformed"},
    {"/routes/0/when/type", "out_of_range"},
    {"/routes/0/when/~1ok", "wrong_type"},
    {"/routes/0/order_by", "pointer_malformed"},
    {"/routes/1", "wrong_type"},
    {"/endpoints/crm/url", "url_blocked"},
    {"/endpoints/crm/signing/secrets/0", "secret_malformed"},
    {"/endpoints/crm/headers/Host", "header_reserved"},
    {"/endpoints/crm/headers/authorization", "secret_in_clear"},
    {"/endpoints/crm/headers/x y", "header_malformed"},
    {"/endpoints/crm/headers/x-a", "header_malformed"},
    {"/endpoints/crm/timeout_ms", "wrong_type"},
    {"/endpoints/crm/order", "unknown_value"},
    {"/endpoints/crm/strict", "wrong_type"},
    {"/endpoints/crm/schedule_ms/0", "wrong_type"},
    {"/endpoints/bare", "wrong_type"},
    {"/installations/0", "name_malformed"},
    {"/installations/2", "duplicate"},
    {"/steps/orders/url", "url_malformed"},
    {"/steps/orders/query/since", "template_malformed"},
    {"/steps/orders/items", "pointer_malformed"},
    {"/steps/orders/id", "wrong_type"},
    {"/steps/orders/time", "missing"},
    {"/steps/orders/page", "wrong_type"},
    {"/steps/orders/every_ms", "out_of_range"},
    {"/steps/orders/to", "out_of_range"},
    {"/links/events", "name_malformed"},
    {"/links/events/installation", "unknown_reference"},
    {"/links/events/from/url", "url_malformed"},
    {"/links/events/from/token", "secret_in_clear"},
    {"/links/events/stream", "name_malformed"},
    {"/limits/body_max", "out_of_range"},
    {"/limits/cell_bytes", "unknown_key"},
    {"/admin/tokens/0", "secret_in_clear"},
    {"/development/private_hosts/0", "host_malformed"},
};

constexpr std::string_view kStandardSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

const Environment& environment() {
  static const Environment kEnvironment{{"GITHUB_WEBHOOK_SECRET", "It's a Secret"},
                                        {"CRM_SECRET", std::string(kStandardSecret)},
                                        {"API_TOKEN", "Bearer abc"},
                                        {"PEER_TOKEN", "peer-token-0123456789"},
                                        {"SLUICE_ADMIN_TOKEN", "admin-token-0123456789"}};
  return kEnvironment;
}

Parsed read(std::string_view text) { return parse(text, environment(), Secrets::kRequired); }

// A manifest with one endpoint, `crm`, whose members are `members`.
std::string with_endpoint(std::string_view members) {
  return R"({"slug":"s","endpoints":{"crm":{)" + std::string(members) + "}}}";
}

bool has(const std::vector<Finding>& findings, std::string_view at, std::string_view code) {
  for (const Finding& finding : findings) {
    if (finding.at == at && finding.code == code) return true;
  }
  return false;
}

std::string message(const Parsed& parsed, std::string_view at) {
  for (const Finding& finding : parsed.errors) {
    if (finding.at == at) return finding.message;
  }
  return "";
}

std::string all(const Parsed& parsed) {
  std::string text;
  for (const Finding& finding : parsed.errors) {
    text += finding.at + " " + finding.code + " " + finding.message + "\n";
  }
  return text;
}

}  // namespace

TEST_SUITE("manifest/parse") {
  TEST_CASE("the relay manifest is read without a finding but its private host") {
    const Parsed parsed = read(kRelay);
    CHECK(all(parsed) == "");
    CHECK(parsed.warnings.size() == 1);
    CHECK(has(parsed.warnings, "/development/private_hosts/0", "private_host"));
    CHECK(parsed.manifest.slug == "relay");
    CHECK(parsed.manifest.hash.size() == 32);
    CHECK(parsed.manifest.installations == std::vector<std::string>{"main", "mirror"});
    CHECK(parsed.manifest.admin_tokens == std::vector<std::string>{"admin-token-0123456789"});
    CHECK(parsed.manifest.private_hosts == std::vector<std::string>{"127.0.0.1"});
    CHECK(parsed.manifest.has_installation("main"));
    CHECK(!parsed.manifest.has_installation("other"));
  }

  TEST_CASE("the relay's source, route and endpoint are what the manifest says") {
    const Manifest manifest = read(kRelay).manifest;
    const Source* source = manifest.source("github");
    CHECK(source != nullptr);
    if (source == nullptr) return;
    CHECK(source->scheme.name == "github");
    CHECK(source->secrets.size() == 1);
    CHECK(source->secrets[0].value == "It's a Secret");
    CHECK(source->dedupe == days(5));

    CHECK(manifest.routes.size() == 1);
    if (manifest.routes.size() != 1) return;
    const Route& route = manifest.routes[0];
    CHECK(route.from == "github");
    CHECK(route.to == std::vector<std::string>{"crm"});
    CHECK(route.order_by == "/repository/id");
    CHECK(route.when.size() == 1);
    CHECK(route.when[0].from == Condition::From::kHeader);
    CHECK(route.when[0].key == "x-github-event");
    CHECK(route.when[0].any_of == std::vector<std::string>{"push", "release"});

    const Endpoint* endpoint = manifest.endpoint("crm");
    CHECK(endpoint != nullptr);
    if (endpoint == nullptr) return;
    CHECK(endpoint->url == "https://crm.example/hooks");
    CHECK(!endpoint->private_allowed);
    CHECK(endpoint->scheme.name == "standard");
    CHECK(endpoint->secrets[0].value == kStandardSecret);
    CHECK(endpoint->timeout == seconds(15));
    CHECK(endpoint->order == Order::kKey);
    CHECK(endpoint->schedule == outbox::default_schedule());
  }

  TEST_CASE("the relay's step and link are what the manifest says") {
    const Manifest manifest = read(kRelay).manifest;
    const Step* step = manifest.step("orders");
    CHECK(step != nullptr);
    if (step == nullptr) return;
    CHECK(step->url == "https://api.example/orders");
    CHECK(step->headers == Headers{{"authorization", "Bearer abc"}});
    CHECK(step->query == std::vector<std::pair<std::string, std::string>>{{"since", "{begin}"},
                                                                          {"until", "{end}"}});
    CHECK(step->items == "/data");
    CHECK(step->paging == Step::Paging::kNumber);
    CHECK(step->page == "page");
    CHECK(step->span_max == days(1));
    CHECK(step->to == std::vector<std::string>{"crm"});

    const Link* link = manifest.link("mirror");
    CHECK(link != nullptr);
    if (link == nullptr) return;
    CHECK(link->installation == "mirror");
    CHECK(link->url == "https://peer.example");
    CHECK(link->peer_installation == "main");
    CHECK(link->token == "peer-token-0123456789");
    CHECK(link->stream == "events");
    CHECK(link->every == seconds(30));
  }

  TEST_CASE("a manifest with every field wrong lists each with its place") {
    const Parsed parsed = read(kWrong);
    for (const Expected& expected : kExpected) {
      CAPTURE(expected.at);
      CAPTURE(expected.code);
      CHECK(has(parsed.errors, expected.at, expected.code));
    }
    CAPTURE(all(parsed));
    CHECK(parsed.errors.size() == std::size(kExpected));
  }

  TEST_CASE("what was meant is suggested") {
    const Parsed parsed = read(
        R"({"slug":"s","endpionts":{},"sources":{"a":{"scheme":"shopfy","secrets":["env:X"]}}})");
    CHECK(message(parsed, "/endpionts").find("Did you mean \"endpoints\"?") != std::string::npos);
    CHECK(message(parsed, "/sources/a/scheme").find("Did you mean \"shopify\"?") !=
          std::string::npos);
  }

  TEST_CASE("no message holds a secret or a URL") {
    const Parsed parsed = read(
        R"({"slug":"s","admin":{"tokens":["sEcReT"]},"endpoints":{"a":{
            "url":"http://10.0.0.1/sEcReT","signing":{"secrets":["sEcReT"]},
            "headers":{"authorization":"sEcReT"}}}})");
    CHECK(parsed.errors.size() == 4);
    CHECK(all(parsed).find("sEcReT") == std::string::npos);
  }

  TEST_CASE("every spelling of a private address is refused, and a listed host is allowed") {
    const std::vector<std::string> urls{
        "https://127.0.0.1/",       "https://127.1/",           "https://0x7f.1/",
        "https://2130706433/",      "https://017700000001/",    "https://[::1]/",
        "https://[::ffff:7f00:1]/", "https://169.254.169.254/", "https://10.1.2.3/",
        "https://localhost/",       "https://intranet/",        "https://metadata.google.internal/",
        "https://u:p@crm.example/", "http://crm.example/",      "https://crm.example:22/"};
    for (const std::string& url : urls) {
      CAPTURE(url);
      const Parsed parsed =
          read(with_endpoint("\"url\":\"" + url + R"(","signing":{"secrets":["env:CRM_SECRET"]})"));
      CHECK(has(parsed.errors, "/endpoints/crm/url", "url_blocked"));
    }
    const Parsed listed = read(
        R"({"slug":"s","development":{"private_hosts":["127.0.0.1"]},"endpoints":{"crm":{
            "url":"http://127.1:9000/x","signing":{"secrets":["env:CRM_SECRET"]}}}})");
    CHECK(all(listed) == "");
    CHECK(listed.manifest.endpoints.size() == 1);
    if (listed.manifest.endpoints.size() != 1) return;
    CHECK(listed.manifest.endpoints[0].url == "http://127.0.0.1:9000/x");
    CHECK(listed.manifest.endpoints[0].private_allowed);
  }

  TEST_CASE("text that is no JSON is reported with line and column") {
    const Parsed parsed = read("{\n  \"slug\": nope\n}");
    CHECK(parsed.errors.size() == 1);
    CHECK(has(parsed.errors, "", "json_malformed"));
    CHECK(message(parsed, "").find("Line 2, column") == 0);
    CHECK(has(read("[]").errors, "", "wrong_type"));
    CHECK(has(read("").errors, "", "json_malformed"));
    CHECK(has(read(std::string(10'000, '[')).errors, "", "json_malformed"));
    CHECK(has(read(R"({"slug":"a","slug":"b"})").errors, "", "json_malformed"));
  }

  TEST_CASE("secrets are not asked for where they are not checked") {
    const Parsed parsed = parse(kRelay, {}, Secrets::kUnchecked);
    CHECK(all(parsed) == "");
    CHECK(has(parse(kRelay, {}, Secrets::kRequired).errors, "/endpoints/crm/signing/secrets/0",
              "secret_missing"));
    CHECK(has(parse(with_endpoint(R"("url":"https://a.example","signing":{"secrets":["clear"]})"),
                    {}, Secrets::kUnchecked)
                  .errors,
              "/endpoints/crm/signing/secrets/0", "secret_in_clear"));
  }

  TEST_CASE("a secret may have a validity interval") {
    const Parsed parsed = read(
        R"({"slug":"s","sources":{"a":{"scheme":"github","secrets":[
            {"secret":"env:API_TOKEN",
             "not_before":"2026-01-01T00:00:00Z","not_after":"2026-02-01T00:00:00Z"},
            {"secret":"env:PEER_TOKEN",
             "not_after":"2026-02-01T00:00:00Z","not_before":"2026-03-01T00:00:00Z"}]}}})");
    CHECK(has(parsed.errors, "/sources/a/secrets/1/not_after", "out_of_range"));
    CHECK(parsed.errors.size() == 1);
    const Source* source = parsed.manifest.source("a");
    CHECK(source != nullptr);
    if (source == nullptr) return;
    CHECK(source->secrets[0].not_before == Instant{1767225600000});
    CHECK(source->secrets[0].not_after == Instant{1769904000000});
  }

  TEST_CASE("a schedule is the list of delays before each attempt") {
    const Parsed parsed = read(with_endpoint(
        R"("url":"https://a.example","schedule_ms":[0,100],
           "signing":{"secrets":["env:CRM_SECRET"]})"));
    CHECK(all(parsed) == "");
    CHECK(parsed.manifest.endpoints[0].schedule == std::vector<Duration>{{0}, {100}});
    CHECK(has(read(with_endpoint(R"("schedule_ms":[])")).errors, "/endpoints/crm/schedule_ms",
              "out_of_range"));
  }

  TEST_CASE("at most 100 errors are kept, and the last one says so") {
    std::string text = R"({"slug":"s")";
    for (int i = 0; i < 500; ++i) text += ",\"unknown" + std::to_string(i) + "\":1";
    const Parsed parsed = read(text + "}");
    CHECK(parsed.errors.size() == 100);
    CHECK(parsed.errors.back().code == "too_many_errors");
  }

  TEST_CASE("the hash names the text, byte for byte") {
    CHECK(read(kRelay).manifest.hash == read(kRelay).manifest.hash);
    CHECK(read(kRelay).manifest.hash != read(std::string(kRelay) + "\n").manifest.hash);
  }
}
