#include "app/admin.h"

#include <set>

#include "app/admin_openapi.h"
#include "base/headers.h"
#include "codec/json.h"
#include "doctest/doctest.h"
#include "sim/admin_cell.h"

namespace sluice::app {
namespace {

using sim::AdminCell;
using sim::items;
using sim::said;

InboundRequest request_of(std::string method, std::string target) {
  InboundRequest request;
  request.method = std::move(method);
  request.target = std::move(target);
  return request;
}

// A path that fits the pattern, with a name that nothing has.
std::string path_of(std::string_view pattern) {
  std::string path;
  bool name = false;
  for (const char c : pattern) {
    name = (name || c == '{') && c != '}';
    if (!name) path += c == '}' ? 'x' : c;
  }
  return path;
}

TEST_SUITE("app/admin") {
  TEST_CASE("every address answers in JSON, and refuses an unknown parameter") {
    AdminCell cell;
    for (const auto& route : admin_routes()) {
      CAPTURE(route.pattern);
      CAPTURE(route.method);
      const auto path = path_of(route.pattern);
      const auto response = cell.ask(request_of(std::string(route.method), path));
      CHECK(response.status >= 200);
      CHECK(response.status < 500);
      CHECK(codec::parse_json(response.body).has_value());
      const auto wrong = cell.ask(request_of(std::string(route.method), path + "?limt=5"));
      CHECK(wrong.status == 400);
      CHECK(said(wrong, "/code") == "unknown_parameter");
    }
  }

  TEST_CASE("a wrong method names the right ones") {
    AdminCell cell;
    for (const std::string method : {"PUT", "DELETE", "HEAD", "OPTIONS", "get", ""}) {
      CAPTURE(method);
      const auto response = cell.ask(request_of(method, "/v1/messages"));
      CHECK(response.status == 405);
      CHECK(find(response.headers, "allow") == "GET, POST");
    }
    CHECK(find(cell.post("/v1/overview").headers, "allow") == "GET");
    CHECK(find(cell.get("/v1/steps/orders/run").headers, "allow") == "POST");
  }

  TEST_CASE("other addresses are 404, malformed ones 400") {
    AdminCell cell;
    const std::vector<std::string> targets = {"/",
                                              "/v1",
                                              "/v1/",
                                              "/v1/event",
                                              "/v1/events/",
                                              "/v1//events",
                                              "/v1/events/a/b",
                                              "/v1/messages/a/retry/",
                                              "/v2/overview",
                                              "/v1/endpoints//pause",
                                              "/readyz/"};
    for (const std::string& target : targets) {
      CAPTURE(target);
      CHECK(cell.get(target).status == 404);
    }
    CHECK(cell.get("").status == 400);
    CHECK(cell.get("/v1/events?limit=1&limit=2").status == 400);
    CHECK(cell.get("/v1/events?limit").status == 400);
    CHECK(cell.get("/v1/events/%00").status == 400);
    CHECK(cell.get("/v1/" + std::string(9000, 'a')).status == 414);
    InboundRequest large = request_of("POST", "/v1/messages");
    large.body_too_large = true;
    CHECK(cell.ask(large).status == 413);
  }

  TEST_CASE("a misspelt parameter is told the near one") {
    AdminCell cell;
    const auto response = cell.post("/v1/dead-letters/redrive?endpont=crm");
    CHECK(response.status == 400);
    CHECK(said(response, "/detail").find("Did you mean \"endpoint\"?") != std::string::npos);
  }

  TEST_CASE("limit and after are strict in every list") {
    AdminCell cell;
    const std::vector<std::string> lists = {"events", "messages", "dead-letters",  "endpoints",
                                            "steps",  "links",    "installations", "refusals"};
    for (const std::string& list : lists) {
      CAPTURE(list);
      const std::vector<std::string> limits = {"0",  "201", "-1",  "",   "1.0",
                                               "01", "1e1", "ten", "+5", "9999"};
      for (const std::string& limit : limits) {
        CAPTURE(limit);
        CHECK(cell.get("/v1/" + list + "?limit=" + limit).status == 400);
      }
      for (const std::string after : {"", "%20", "0195F0C2A1B30001", "x/y", "../x", "-1"}) {
        CAPTURE(after);
        CHECK(cell.get("/v1/" + list + "?after=" + after).status == 400);
      }
      CHECK(cell.get("/v1/" + list + "?limit=1").status == 200);
      const auto most = cell.get("/v1/" + list + "?limit=200&installation=main");
      CHECK(most.status == 200);
      CHECK(said(most, "/next") == "null");
    }
  }

  TEST_CASE("the description names exactly the addresses that are there") {
    const auto document = codec::parse_json(openapi_document());
    CHECK(document.has_value());
    if (!document.has_value()) return;
    std::set<std::string> described;
    const auto* paths = document->member("paths");
    if (paths == nullptr) return;
    for (const auto& path : paths->members()) {
      for (const auto& method : path.value.members()) described.insert(method.key + " " + path.key);
    }
    std::set<std::string> served;
    for (const auto& route : admin_routes()) {
      served.insert(lower_case(route.method) + " " + std::string(route.pattern));
    }
    CHECK(described == served);
    AdminCell cell;
    CHECK(cell.get("/v1/openapi.json").body == openapi_document());
  }

  TEST_CASE("a cell is ready when its schema can be read") {
    AdminCell cell;
    CHECK(cell.get("/readyz").status == 200);
    CHECK(cell.get("/readyz").body == R"({"status":"ready"})");
    cell.rows().put("m/schema", "\x01");
    CHECK(cell.get("/readyz").status == 503);
    cell.rows().erase("m/schema");
    const auto response = cell.get("/readyz");
    CHECK(response.status == 503);
    CHECK(find(response.headers, "retry-after") == "5");
    CHECK(said(response, "/code") == "no_schema");
  }

  TEST_CASE("installations come from the manifest") {
    AdminCell cell;
    const auto response = cell.get("/v1/installations");
    CHECK(said(response, "/items/0/name") == "main");
    CHECK(said(response, "/items/1/name") == "mirror");
    CHECK(said(response, "/items/1/cell") == "mirror.0");
    const auto first = cell.get("/v1/installations?limit=1");
    CHECK(said(first, "/next") == "main");
    CHECK(said(cell.get("/v1/installations?after=main"), "/items/0/name") == "mirror");
  }

  TEST_CASE("the overview says what is where, and when a scan hit its bound") {
    AdminCell cell;
    const auto empty = cell.get("/v1/overview");
    CHECK(empty.status == 200);
    CHECK(said(empty, "/cell") == "main.0");
    CHECK(said(empty, "/epoch") == "1");
    CHECK(said(empty, "/manifest/hash") == cell.manifest.hash);
    CHECK(said(empty, "/events/count") == "0");
    CHECK(said(empty, "/messages/oldest_queued_age_ms") == "null");
    CHECK(said(empty, "/in_flight") == "null");
    CHECK(said(empty, "/steps/0/name") == "orders");
    CHECK(said(empty, "/links/0/status") == "live");

    const auto first = cell.publish({{"audit", ""}}, "1");
    cell.advance(seconds(90));
    for (int i = 0; i < 300; ++i) (void)cell.publish({{"audit", ""}, {"crm", "k"}}, "2");
    cell.attempt(first[0], outbox::Next::kDead, "no");
    const auto full = cell.get("/v1/overview");
    CHECK(said(full, "/events/count") == "301");
    CHECK(said(full, "/events/capped") == "false");
    CHECK(said(full, "/endpoints/0/name") == "audit");
    CHECK(said(full, "/endpoints/0/queued/count") == "250");
    CHECK(said(full, "/endpoints/0/queued/capped") == "true");
    CHECK(said(full, "/endpoints/0/dead/count") == "1");
    CHECK(said(full, "/endpoints/1/queued/count") == "1");
    CHECK(said(full, "/endpoints/1/waiting/count") == "250");
    CHECK(said(full, "/messages/queued/count") == "251");
    CHECK(said(full, "/messages/queued/capped") == "true");
    CHECK(said(full, "/messages/dead/capped") == "false");
    cell.advance(seconds(5));
    CHECK(said(cell.get("/v1/overview"), "/messages/oldest_queued_age_ms") == "5000");
  }

  TEST_CASE("refusals are the last hundred of each source, newest first") {
    AdminCell cell;
    CHECK(items(cell.get("/v1/refusals")) == 0);
    cell.refuse("app", 130, std::string(500, 'x') + "\xff");
    cell.advance(seconds(1));
    cell.refuse("shop", 3, "");
    cell.refuse("not a name", 1, "");
    CHECK(cell.rows().count("rf/") == 103);
    const auto app = cell.get("/v1/refusals?source=app&limit=200");
    CHECK(items(app) == 100);
    CHECK(said(app, "/items/0/n") == "130");
    CHECK(said(app, "/items/99/n") == "31");
    CHECK(said(app, "/items/0/reason") == "signature_mismatch");
    CHECK(said(app, "/items/0/detail").size() == 120);
    CHECK(said(app, "/items/0/installation") == "main");

    std::size_t seen = 0;
    std::string next;
    std::string last_source = "shop";
    for (int page = 0; page < 20; ++page) {
      const auto response = cell.get("/v1/refusals?limit=25" + next);
      seen += items(response);
      if (page == 0) CHECK(said(response, "/items/0/source") == "shop");
      if (said(response, "/next") == "null") break;
      next = "&after=" + said(response, "/next");
    }
    CHECK(seen == 103);
    CHECK(cell.get("/v1/refusals?source=other").status == 404);
    CHECK(cell.get("/v1/refusals?source=O").status == 400);

    cell.rows().put("rf/shop/0000000000000001", "\x01junk");
    CHECK(items(cell.get("/v1/refusals?source=shop")) == 2);
  }

  TEST_CASE("no answer shows what a URL holds behind its origin, or a secret") {
    AdminCell cell;
    (void)cell.publish({{"audit", ""}, {"crm", ""}}, "{}");
    const std::vector<std::string> targets = {"/v1/overview",      "/v1/endpoints",
                                              "/v1/endpoints/crm", "/v1/endpoints/audit",
                                              "/v1/steps",         "/v1/links"};
    for (const std::string& target : targets) {
      CAPTURE(target);
      const auto response = cell.get(target);
      CHECK(response.body.find("hidden") == std::string::npos);
      CHECK(response.body.find("whsec_") == std::string::npos);
      CHECK(find(response.headers, "cache-control") == "no-store");
    }
    CHECK(said(cell.get("/v1/endpoints/crm"), "/origin") == "https://crm.example");
    CHECK(said(cell.get("/v1/steps"), "/items/0/origin") == "https://api.example");
    CHECK(said(cell.get("/v1/links"), "/items/0/origin") == "https://peer.example");
  }
}

}  // namespace
}  // namespace sluice::app
