#include "app/admin.h"
#include "codec/base64.h"
#include "doctest/doctest.h"
#include "replication/page.h"
#include "sim/admin_cell.h"
#include "store/keys.h"
#include "tables/log.h"

namespace sluice::app {
namespace {

using sim::AdminCell;
using sim::items;
using sim::said;

TEST_SUITE("app/admin_sync") {
  TEST_CASE("a step is shown, and run now on demand") {
    AdminCell cell;
    const auto list = cell.get("/v1/steps");
    CHECK(items(list) == 1);
    CHECK(said(list, "/items/0/name") == "orders");
    CHECK(said(list, "/items/0/status") == "new");
    CHECK(said(list, "/items/0/synced_to") == "null");
    cell.advance(minutes(1));
    const auto run = cell.post("/v1/steps/orders/run");
    CHECK(run.status == 202);
    CHECK(said(run, "/due_at") != said(list, "/items/0/due_at"));
    CHECK(cell.rows().count("sy/r/") == 1);
    CHECK(cell.pokes == 1);
    const auto unknown = cell.post("/v1/steps/oders/run");
    CHECK(unknown.status == 404);
    CHECK(said(unknown, "/detail").find("\"orders\"") != std::string::npos);
  }

  TEST_CASE("a corrupt cursor is reported in its place") {
    AdminCell cell;
    for (const auto& [key, entry] : cell.rows().rows()) {
      if (key.rfind("sy/s/", 0) != 0) continue;
      cell.rows().put(std::string(key), "\x01junk");
      break;
    }
    const auto list = cell.get("/v1/steps");
    CHECK(list.status == 200);
    CHECK(said(list, "/items/0/name") == "orders");
    CHECK(said(list, "/items/0/error") == "corrupt");
    CHECK(cell.post("/v1/steps/orders/run").status == 500);
    CHECK(cell.get("/v1/overview").status == 200);
  }

  TEST_CASE("a link is paused, resumed and repaired") {
    AdminCell cell;
    CHECK(said(cell.get("/v1/links"), "/items/0/status") == "live");
    const auto paused = cell.post("/v1/links/copy/pause");
    CHECK(paused.status == 200);
    CHECK(said(paused, "/status") == "paused");
    CHECK(said(paused, "/due_at") == "null");
    CHECK(cell.rows().count("rl/r/") == 0);
    const auto resumed = cell.post("/v1/links/copy/resume");
    CHECK(resumed.status == 202);
    CHECK(said(resumed, "/status") == "live");
    CHECK(cell.rows().count("rl/r/") == 1);
    const auto repaired = cell.post("/v1/links/copy/repair");
    CHECK(repaired.status == 202);
    CHECK(said(repaired, "/applied") == "null");
    CHECK(cell.post("/v1/links/other/repair").status == 404);
  }

  TEST_CASE("a stream is read by pages, each going on where the last one ended") {
    AdminCell cell;
    for (int i = 0; i < 7; ++i) (void)cell.publish({{"audit", ""}}, std::to_string(i));
    (void)cell.publish({{"audit", ""}}, "\"" + std::string(60'000, 'b') + "\"");
    std::vector<std::string> bodies;
    std::optional<replication::Token> after;
    for (int page = 0; page < 10; ++page) {
      std::string target = "/v1/log/events?limit=3";
      if (after) target += "&after=" + replication::format(*after);
      const auto response = cell.get(target);
      CHECK(response.status == 200);
      const auto parsed = replication::parse_page(response.body);
      CHECK(parsed.has_value());
      if (!parsed.has_value()) return;
      const auto gap = replication::follows(*parsed, "events", after);
      CHECK((gap.has_value() && *gap == replication::Gap::kNone));
      for (const auto& entry : parsed->entries) bodies.push_back(entry.body);
      after = parsed->next;
      if (!parsed->more) break;
    }
    CHECK(bodies.size() == 8);
    CHECK(bodies.front() == "0");
    CHECK(bodies.back().size() == 60'002);
  }

  TEST_CASE("a token of another past is told so by name") {
    AdminCell cell;
    (void)cell.publish({{"audit", ""}}, "1");
    const auto page = replication::parse_page(cell.get("/v1/log/events").body);
    CHECK(page.has_value());
    if (!page.has_value()) return;
    auto token = page->next;
    token.history.random += 1;
    const auto other = cell.get("/v1/log/events?after=" + replication::format(token));
    CHECK(other.status == 410);
    CHECK(said(other, "/code") == replication::name(replication::Gap::kHistory));
    token = page->next;
    token.position += 1;
    const auto ahead = cell.get("/v1/log/events?after=" + replication::format(token));
    CHECK(ahead.status == 410);
    CHECK(said(ahead, "/code") == replication::name(replication::Gap::kTooNew));
  }

  TEST_CASE("unknown streams are 404, malformed tokens 400") {
    AdminCell cell;
    CHECK(cell.get("/v1/log/other").status == 404);
    CHECK(cell.get("/v1/log/..%2F..").status == 404);
    CHECK(cell.get("/v1/log/events?after=x").status == 400);
    CHECK(cell.get("/v1/log/events?after=").status == 400);
    CHECK(cell.get("/v1/log/events?limit=0").status == 400);
    CHECK(cell.get("/v1/log/events").status == 200);
  }
}

}  // namespace
}  // namespace sluice::app
