#include <algorithm>

#include "app/admin.h"
#include "base/mark.h"
#include "doctest/doctest.h"
#include "sim/admin_cell.h"
#include "tables/queue.h"

namespace sluice::app {
namespace {

using outbox::Next;
using sim::AdminCell;
using sim::items;
using sim::said;

std::string message_path(const Id& id) { return "/v1/messages/" + format("msg_", id); }
std::string dead_path(const Id& id) { return "/v1/dead-letters/" + format("msg_", id); }

std::vector<Id> make_dead(AdminCell& cell, const std::string& endpoint, int count,
                          const std::string& order) {
  std::vector<Id> dead;
  for (int i = 0; i < count; ++i) {
    dead.push_back(cell.publish({{endpoint, order}}, "{}")[0]);
    cell.attempt(dead.back(), Next::kDead, "no");
    cell.advance(milliseconds(2));
  }
  return dead;
}

TEST_SUITE("app/admin_dead_letters") {
  TEST_CASE("dead letters of all endpoints are one list, newest first") {
    AdminCell cell;
    const auto audit = make_dead(cell, "audit", 3, "");
    const auto crm = make_dead(cell, "crm", 3, "");
    const auto more = make_dead(cell, "audit", 1, "");
    std::vector<Id> all = audit;
    all.insert(all.end(), crm.begin(), crm.end());
    all.insert(all.end(), more.begin(), more.end());
    std::reverse(all.begin(), all.end());

    std::vector<std::string> seen;
    std::string after;
    for (int page = 0; page < 10; ++page) {
      const auto list = cell.get("/v1/dead-letters?limit=2" + after);
      CHECK(items(list) <= 2);
      for (std::size_t i = 0; i < items(list); ++i) {
        seen.push_back(said(list, "/items/" + std::to_string(i) + "/id"));
      }
      if (said(list, "/next") == "null") break;
      after = "&after=" + said(list, "/next");
    }
    CHECK(seen.size() == all.size());
    for (std::size_t i = 0; i < std::min(seen.size(), all.size()); ++i) {
      CHECK(seen[i] == format("msg_", all[i]));
    }
    CHECK(items(cell.get("/v1/dead-letters?endpoint=crm")) == 3);
    CHECK(items(cell.get("/v1/dead-letters?endpoint=other")) == 0);
    CHECK(cell.get("/v1/dead-letters?endpoint=A").status == 400);
  }

  TEST_CASE("a dead letter shows why, and is one only while it is dead") {
    AdminCell cell;
    const auto dead = make_dead(cell, "audit", 1, "")[0];
    const auto shown = cell.get(dead_path(dead));
    CHECK(shown.status == 200);
    CHECK(said(shown, "/state") == "dead");
    CHECK(said(shown, "/last_status") == "500");
    CHECK(said(shown, "/attempt_log/0/response") == "no");

    const auto redriven = cell.post(dead_path(dead) + "/redrive");
    CHECK(redriven.status == 202);
    CHECK(said(redriven, "/state") == "queued");
    CHECK(said(redriven, "/failures") == "0");
    CHECK(cell.pokes == 1);
    CHECK(cell.get(dead_path(dead)).status == 404);
    const auto again = cell.post(dead_path(dead) + "/redrive");
    CHECK(again.status == 409);
    CHECK(said(again, "/code") == "not_dead");
    CHECK(cell.post(dead_path(dead) + "/drop").status == 409);
  }

  TEST_CASE("a dropped dead letter is gone from the list, and stays as a message") {
    AdminCell cell;
    const auto dead = make_dead(cell, "audit", 2, "");
    const auto dropped = cell.post(dead_path(dead[0]) + "/drop");
    CHECK(dropped.status == 200);
    CHECK(said(dropped, "/state") == "dropped");
    CHECK(items(cell.get("/v1/dead-letters")) == 1);
    CHECK(said(cell.get(message_path(dead[0])), "/state") == "dropped");
    CHECK(cell.post(message_path(dead[0]) + "/retry").status == 409);
  }

  TEST_CASE("an endpoint's dead letters are redriven in slices, oldest first") {
    AdminCell cell;
    const auto dead = make_dead(cell, "crm", 230, "k");
    CHECK(cell.post("/v1/dead-letters/redrive").status == 400);
    std::uint64_t redriven = 0;
    int calls = 0;
    for (bool more = true; more && calls < 10; ++calls) {
      const auto response = cell.post("/v1/dead-letters/redrive?endpoint=crm");
      CHECK(response.status == 202);
      redriven += std::stoull(said(response, "/redriven"));
      more = said(response, "/more") == "true";
    }
    CHECK(calls > 1);
    CHECK(redriven == 230);
    CHECK(cell.rows().count("ob/x/") == 0);
    // The oldest is the head of its key, so the order of the key holds.
    CHECK(said(cell.get(message_path(dead[0])), "/state") == "queued");
    CHECK(said(cell.get(message_path(dead[1])), "/state") == "waiting");
    const auto none = cell.post("/v1/dead-letters/redrive?endpoint=crm");
    CHECK(said(none, "/redriven") == "0");
    CHECK(said(none, "/more") == "false");
  }

  TEST_CASE("a redrive passes over what cannot be read, and changes nothing of it") {
    AdminCell cell;
    const auto dead = make_dead(cell, "audit", 9, "");
    cell.rows().put(tables::Queue::message_key(dead[4].seq), "\x01junk");
    const auto list = cell.get("/v1/dead-letters");
    CHECK(items(list) == 9);
    CHECK(said(list, "/items/4/error") == "corrupt");
    CHECK(said(list, "/items/4/key") == tables::Queue::message_key(dead[4].seq));

    const auto response = cell.post("/v1/dead-letters/redrive?endpoint=audit");
    CHECK(said(response, "/redriven") == "8");
    CHECK(said(response, "/more") == "false");
    CHECK(said(response, "/skipped/0") == tables::Queue::message_key(dead[4].seq));
    CHECK(said(response, "/skipped/1").empty());
    CHECK(cell.rows().count("ob/x/") == 1);
    CHECK(cell.rows().count("ob/q/audit/") == 8);
    CHECK(cell.get(dead_path(dead[4])).status == 500);
  }

  TEST_CASE("a dead letter without its message is reported, and the list goes on") {
    AdminCell cell;
    const auto dead = make_dead(cell, "audit", 3, "");
    cell.rows().erase(tables::Queue::message_key(dead[1].seq));
    const auto list = cell.get("/v1/dead-letters");
    CHECK(items(list) == 3);
    CHECK(said(list, "/items/1/error") == "corrupt");
    const auto response = cell.post("/v1/dead-letters/redrive?endpoint=audit");
    CHECK(said(response, "/redriven") == "2");
    CHECK(said(response, "/more") == "false");
  }

  TEST_CASE("a store that refuses leaves a dead letter dead") {
    AdminCell cell;
    const auto dead = make_dead(cell, "audit", 1, "")[0];
    cell.rows().refuses = Errc::kIo;
    CHECK(cell.post(dead_path(dead) + "/redrive").status == 503);
    CHECK(cell.post(dead_path(dead) + "/drop").status == 503);
    CHECK(cell.post("/v1/dead-letters/redrive?endpoint=audit").status == 503);
    CHECK(cell.pokes == 0);
    cell.rows().refuses.reset();
    CHECK(cell.get(dead_path(dead)).status == 200);
  }
}

TEST_SUITE("app/admin_endpoints") {
  TEST_CASE("endpoints are of the manifest and of the store, by name") {
    AdminCell cell;
    outbox::EndpointState parked;
    parked.status = outbox::EndpointStatus::kParked;
    cell.rows().put("ob/e/billing", outbox::encode(parked));
    const auto list = cell.get("/v1/endpoints");
    CHECK(items(list) == 3);
    CHECK(said(list, "/items/0/name") == "audit");
    CHECK(said(list, "/items/1/name") == "billing");
    CHECK(said(list, "/items/1/status") == "parked");
    CHECK(said(list, "/items/1/in_manifest") == "false");
    CHECK(said(list, "/items/1/origin") == "null");
    CHECK(said(list, "/items/2/name") == "crm");
    const auto page = cell.get("/v1/endpoints?limit=1&after=audit");
    CHECK(said(page, "/items/0/name") == "billing");
    CHECK(said(page, "/next") == "billing");
    CHECK(cell.get("/v1/endpoints/billing").status == 200);
  }

  TEST_CASE("a pause takes the timer away and keeps the messages; resume gives it back") {
    AdminCell cell;
    (void)cell.publish({{"audit", ""}}, "{}");
    CHECK(cell.rows().count("ob/r/") == 1);
    const auto paused = cell.post("/v1/endpoints/audit/pause");
    CHECK(paused.status == 200);
    CHECK(said(paused, "/status") == "paused");
    CHECK(said(paused, "/timer") == "null");
    CHECK(said(paused, "/changed_at") != "null");
    CHECK(said(paused, "/queued/count") == "1");
    CHECK(cell.rows().count("ob/r/") == 0);
    CHECK(cell.post("/v1/endpoints/audit/pause").status == 200);

    const auto resumed = cell.post("/v1/endpoints/audit/resume");
    CHECK(said(resumed, "/status") == "active");
    CHECK(said(resumed, "/timer") != "null");
    CHECK(cell.rows().count("ob/r/") == 1);
    CHECK(cell.post("/v1/endpoints/audit/resume").status == 200);
  }

  TEST_CASE("an endpoint that is off is enabled, not resumed") {
    AdminCell cell;
    const auto message = cell.publish({{"audit", ""}}, "{}")[0];
    cell.attempt(message, Next::kEndpointOff, "gone");
    CHECK(said(cell.get("/v1/endpoints/audit"), "/status") == "off");
    const auto resumed = cell.post("/v1/endpoints/audit/resume");
    CHECK(resumed.status == 409);
    CHECK(said(resumed, "/code") == "endpoint_off");
    CHECK(cell.post("/v1/endpoints/audit/pause").status == 409);
    const auto enabled = cell.post("/v1/endpoints/audit/enable");
    CHECK(enabled.status == 200);
    CHECK(said(enabled, "/status") == "active");
    CHECK(said(enabled, "/timer") != "null");
    CHECK(cell.pokes == 1);
  }

  TEST_CASE("unknown endpoints are 404 with the near name, parked ones 409") {
    AdminCell cell;
    for (const std::string path : {"/v1/endpoints/crn", "/v1/endpoints/%2e%2e"}) {
      CHECK(cell.get(path).status == 404);
    }
    const auto unknown = cell.post("/v1/endpoints/crn/pause");
    CHECK(unknown.status == 404);
    CHECK(said(unknown, "/detail").find("\"crm\"") != std::string::npos);
    CHECK(cell.rows().count("ob/e/") == 0);

    AdminCell other;
    outbox::EndpointState parked;
    parked.status = outbox::EndpointStatus::kParked;
    other.rows().put("ob/e/billing", outbox::encode(parked));
    const auto response = other.post("/v1/endpoints/billing/enable");
    CHECK(response.status == 409);
    CHECK(said(response, "/code") == "endpoint_parked");
  }

  TEST_CASE("a corrupt state is reported in the list, and the others go on") {
    AdminCell cell;
    cell.rows().put("ob/e/audit", "\x01junk");
    const auto list = cell.get("/v1/endpoints");
    CHECK(said(list, "/items/0/key") == "ob/e/audit");
    CHECK(said(list, "/items/0/error") == "corrupt");
    CHECK(said(list, "/items/1/name") == "crm");
    const auto overview = cell.get("/v1/overview");
    CHECK(overview.status == 200);
    CHECK(said(overview, "/endpoints/0/error") == "corrupt");
    CHECK(cell.post("/v1/endpoints/audit/pause").status == 500);
  }
}

}  // namespace
}  // namespace sluice::app
