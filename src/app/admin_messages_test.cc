#include <algorithm>
#include <set>

#include "app/admin.h"
#include "base/headers.h"
#include "codec/base64.h"
#include "codec/rfc3339.h"
#include "doctest/doctest.h"
#include "sim/admin_cell.h"
#include "tables/events.h"
#include "tables/queue.h"

namespace sluice::app {
namespace {

using outbox::Next;
using sim::AdminCell;
using sim::items;
using sim::said;

const Headers kJson = {{.name = "content-type", .value = "application/json"}};

Headers with_key(std::string key) { return {{.name = "idempotency-key", .value = std::move(key)}}; }

// Every `field` of a list, page after page.
std::vector<std::string> walk(AdminCell& cell, const std::string& list, const std::string& field) {
  std::vector<std::string> found;
  std::string after;
  for (int page = 0; page < 100; ++page) {
    const auto response = cell.get(list + after);
    CHECK(response.status == 200);
    for (std::size_t i = 0; i < items(response); ++i) {
      found.push_back(said(response, "/items/" + std::to_string(i) + "/" + field));
    }
    if (said(response, "/next") == "null") return found;
    after = (list.find('?') == std::string::npos ? "?after=" : "&after=") + said(response, "/next");
  }
  CHECK(false);  // The list never ended.
  return found;
}

TEST_SUITE("app/admin_messages") {
  TEST_CASE("a published message is stored before it is accepted, byte for byte") {
    AdminCell cell;
    const auto response = cell.post(
        "/v1/messages", "{\"to\":[\"crm\",\"audit\"], \"body\" : {\"a\": 1.50,\"a\":2 }\n}", kJson);
    CHECK(response.status == 202);
    CHECK(cell.pokes == 1);
    const auto id = said(response, "/id");
    CHECK(parse_id("evt_", id).has_value());
    const auto event = cell.get("/v1/events/" + id);
    CHECK(event.status == 200);
    CHECK(said(event, "/body") == "{\"a\": 1.50,\"a\":2 }");
    CHECK(said(event, "/source") == "api");
    CHECK(said(event, "/content_type") == "application/json");
    CHECK(said(event, "/unfinished") == "2");
    CHECK(said(event, "/messages/0/endpoint") == "crm");
    CHECK(said(event, "/messages/1/endpoint") == "audit");
    CHECK(said(event, "/messages/2/endpoint").empty());
    CHECK(cell.rows().count("ob/q/") == 2);
    CHECK(cell.rows().wake().has_value());
  }

  TEST_CASE("an order key holds for endpoints that order by key, and only for them") {
    AdminCell cell;
    for (int i = 0; i < 2; ++i) {
      const auto response = cell.post(
          "/v1/messages", R"({"to":["crm","audit"],"body":null,"order_key":"c7"})", kJson);
      CHECK(response.status == 202);
    }
    CHECK(cell.rows().count("ob/q/audit/") == 2);
    CHECK(cell.rows().count("ob/q/crm/") == 1);
    CHECK(cell.rows().count("ob/k/crm/") == 1);
  }

  TEST_CASE("an idempotency key gives the same answer, and refuses other bytes") {
    AdminCell cell;
    const std::string message = R"({"to":["crm"],"body":{"n":1}})";
    const auto first = cell.post("/v1/messages", message, with_key("order 7"));
    const auto again = cell.post("/v1/messages", message, with_key("order 7"));
    CHECK(first.status == 202);
    CHECK(again.status == 202);
    CHECK(first.body == again.body);
    CHECK(cell.rows().count("in/e/") == 1);
    CHECK(cell.rows().count("ob/m/") == 1);

    const std::vector<std::string> others = {R"({"to":["crm"],"body":{"n":2}})",
                                             R"({"to":["audit"],"body":{"n":1}})",
                                             R"({"to":["crm"],"body":{"n":1},"order_key":"x"})"};
    for (const std::string& other : others) {
      const auto reused = cell.post("/v1/messages", other, with_key("order 7"));
      CHECK(reused.status == 422);
      CHECK(said(reused, "/code") == "idempotency_key_reused");
    }
    CHECK(cell.post("/v1/messages", message, with_key("order 8")).body != first.body);
    cell.advance(hours(24) + seconds(1));
    const auto later = cell.post("/v1/messages", message, with_key("order 7"));
    CHECK(later.status == 202);
    CHECK(later.body != first.body);
  }

  TEST_CASE("a malformed or repeated idempotency key is refused") {
    AdminCell cell;
    const std::string message = R"({"to":["crm"],"body":1})";
    const std::vector<std::string> keys = {std::string(), std::string(256, 'k'),
                                           std::string("a\tb"), std::string("k\xc3\xa4"),
                                           std::string("a\0b", 3)};
    for (const std::string& key : keys) {
      const auto response = cell.post("/v1/messages", message, with_key(key));
      CHECK(response.status == 400);
      CHECK(said(response, "/code") == "malformed_idempotency_key");
    }
    Headers twice = with_key("a");
    twice.push_back(twice.front());
    CHECK(cell.post("/v1/messages", message, twice).status == 400);
    CHECK(cell.rows().count("in/e/") == 0);
    CHECK(cell.post("/v1/messages", message, with_key(std::string(255, 'k'))).status == 202);
  }

  TEST_CASE("what is no message is refused with its reason, and stores nothing") {
    AdminCell cell;
    struct Case {
      std::string body;
      std::uint16_t status;
      std::string code;
    };
    const Case cases[] = {
        {"", 400, "malformed_json"},
        {"{", 400, "malformed_json"},
        {"{\"to\":[\"crm\"],\"body\":\xff}", 400, "malformed_json"},
        {std::string(10'000, '['), 400, "malformed_json"},
        {"[]", 422, "invalid_message"},
        {"{}", 422, "invalid_message"},
        {R"({"to":["crm"]})", 422, "invalid_message"},
        {R"({"body":1})", 422, "invalid_message"},
        {R"({"to":"crm","body":1})", 422, "invalid_message"},
        {R"({"to":[],"body":1})", 422, "invalid_message"},
        {R"({"to":[1],"body":1})", 422, "invalid_message"},
        {R"({"to":["crm","crm"],"body":1})", 422, "invalid_message"},
        {R"({"to":["crm"],"to":["audit"],"body":1})", 422, "invalid_message"},
        {R"({"to":["crm"],"body":1,"order_key":""})", 422, "invalid_message"},
        {R"({"to":["crm"],"body":1,"order_key":7})", 422, "invalid_message"},
        {R"({"to":["crm"],"body":1,"orderkey":"x"})", 422, "invalid_message"},
        {R"({"to":["crm","crn"],"body":1})", 422, "unknown_endpoint"},
        {R"({"to":["crm"],"body":")" + std::string(256 * 1024, 'x') + R"("})", 413, "too_big"},
    };
    for (const auto& wrong : cases) {
      CAPTURE(wrong.body.substr(0, 60));
      const auto response = cell.post("/v1/messages", wrong.body, kJson);
      CHECK(response.status == wrong.status);
      CHECK(said(response, "/code") == wrong.code);
      CHECK(find(response.headers, "content-type") == "application/problem+json");
    }
    const auto near = cell.post("/v1/messages", R"({"to":["crn"],"body":1})", kJson);
    CHECK(said(near, "/detail") == "There is no endpoint \"crn\". Did you mean \"crm\"?");
    const Headers form = {{.name = "content-type", .value = "application/x-www-form-urlencoded"}};
    CHECK(cell.post("/v1/messages", R"({"to":["crm"],"body":1})", form).status == 415);
    CHECK(cell.rows().count("in/e/") == 0);
    CHECK(cell.pokes == 0);
    const Headers charset = {{.name = "content-type", .value = "Application/JSON; charset=utf-8"}};
    CHECK(cell.post("/v1/messages", R"({"to":["crm"],"body":1})", charset).status == 202);
  }

  TEST_CASE("a store that refuses makes 503, never 202") {
    AdminCell cell;
    for (const Errc code : {Errc::kFull, Errc::kIo}) {
      cell.rows().refuses = code;
      const auto response = cell.post("/v1/messages", R"({"to":["crm"],"body":1})", kJson);
      CHECK(response.status == 503);
      CHECK(said(response, "/code") == name(code));
      CHECK(find(response.headers, "retry-after") == "5");
    }
    cell.rows().refuses.reset();
    CHECK(cell.rows().count("in/e/") == 0);
  }

  TEST_CASE("lists go to their end, newest first, each row once") {
    AdminCell cell;
    std::vector<std::string> messages;
    for (int i = 0; i < 23; ++i) {
      const auto made = cell.publish({{"audit", ""}}, std::to_string(i));
      messages.push_back(format("msg_", made[0]));
      cell.advance(milliseconds(3));
    }
    std::reverse(messages.begin(), messages.end());
    for (const std::string limit : {"1", "7", "22", "23", "24", "200"}) {
      CAPTURE(limit);
      CHECK(walk(cell, "/v1/messages?limit=" + limit, "id") == messages);
      CHECK(walk(cell, "/v1/events?limit=" + limit, "id").size() == 23);
    }
    CHECK(walk(cell, "/v1/messages", "id") == messages);
  }

  TEST_CASE("filters find theirs behind many others") {
    AdminCell cell;
    const auto rare = cell.publish({{"crm", ""}}, "{}");
    cell.attempt(rare[0], Next::kDone, "ok");
    for (int i = 0; i < 300; ++i) (void)cell.publish({{"audit", ""}}, "{}");
    const std::vector<std::string> one = {format("msg_", rare[0])};
    CHECK(walk(cell, "/v1/messages?endpoint=crm", "id") == one);
    CHECK(walk(cell, "/v1/messages?state=delivered&limit=1", "id") == one);
    CHECK(walk(cell, "/v1/messages?state=queued", "id").size() == 300);
    CHECK(walk(cell, "/v1/messages?state=delivered&endpoint=audit", "id").empty());
    CHECK(walk(cell, "/v1/events?source=api", "id").size() == 301);
    CHECK(walk(cell, "/v1/events?source=app", "id").empty());
    CHECK(walk(cell, "/v1/events?source=step:orders", "id").empty());
    const std::vector<std::string> wrongs = {
        "messages?state=done", "messages?state=",     "messages?endpoint=C", "messages?endpoint=",
        "events?source=",      "events?source=step:", "events?source=A%20b"};
    for (const std::string& wrong : wrongs) {
      CAPTURE(wrong);
      CHECK(cell.get("/v1/" + wrong).status == 400);
    }
  }

  TEST_CASE("a scan that finds little stops at its bound and says where to go on") {
    AdminCell cell;
    const auto made = cell.publish({{"crm", ""}}, "{}");
    for (int i = 0; i < 1100; ++i) (void)cell.publish({{"audit", ""}, {"audit", ""}}, "{}");
    const auto first = cell.get("/v1/messages?endpoint=crm");
    CHECK(items(first) == 0);
    CHECK(said(first, "/next") != "null");
    CHECK(walk(cell, "/v1/messages?endpoint=crm", "id").size() == 1);
  }

  TEST_CASE("a corrupt row is reported by its key, and the others go on") {
    AdminCell cell;
    std::vector<Id> messages;
    for (int i = 0; i < 5; ++i) messages.push_back(cell.publish({{"audit", ""}}, "{}")[0]);
    const std::string bad = tables::Queue::message_key(messages[2].seq);
    cell.rows().put(bad, "\x01junk");
    const auto list = cell.get("/v1/messages");
    CHECK(items(list) == 5);
    CHECK(said(list, "/items/2/key") == bad);
    CHECK(said(list, "/items/2/error") == "corrupt");
    CHECK(said(list, "/items/3/id") == format("msg_", messages[1]));
    CHECK(walk(cell, "/v1/messages?limit=1", "id").size() == 5);
    CHECK(cell.get("/v1/messages/" + format("msg_", messages[2])).status == 500);
    CHECK(cell.get("/v1/messages/" + format("msg_", messages[3])).status == 200);

    cell.rows().put(bad, "\x09newer");
    CHECK(said(cell.get("/v1/messages"), "/items/2/error") == "unknown_format");

    const auto event = said(cell.get("/v1/messages"), "/items/0/event");
    const std::string key = tables::Events::key(parse_id("evt_", event)->seq);
    cell.rows().put(key, "\x01junk");
    cell.rows().put("in/e/zzz", "\x01junk");
    const auto events = cell.get("/v1/events");
    CHECK(items(events) == 6);
    CHECK(said(events, "/items/0/key") == "in/e/zzz");
    CHECK(said(events, "/items/1/key") == key);
    CHECK(walk(cell, "/v1/events?limit=2", "key").size() == 6);
  }

  TEST_CASE("an event's body is shown exactly, and as text where it is text") {
    AdminCell cell;
    const Bytes binary("\x00\xff\x01", 3);
    (void)cell.publish({{"audit", ""}}, binary);
    const auto first = said(cell.get("/v1/events"), "/items/0/id");
    const auto shown = cell.get("/v1/events/" + first);
    CHECK(said(shown, "/body") == "null");
    CHECK(said(shown, "/body_base64") == codec::encode_base64(binary));

    const Bytes large = "\"" + std::string(100'000, 'a') + "\"";
    (void)cell.publish({{"audit", ""}}, large);
    const auto second = said(cell.get("/v1/events"), "/items/0/id");
    const auto blob = cell.get("/v1/events/" + second);
    CHECK(said(blob, "/size") == "100002");
    CHECK(said(blob, "/body") == "null");
    CHECK(said(blob, "/body_base64") == codec::encode_base64(large));

    for (const auto& [key, entry] : cell.rows().rows()) {
      if (key.rfind("bl/", 0) != 0) continue;
      cell.rows().erase(std::string(key));
      break;
    }
    const auto torn = cell.get("/v1/events/" + second);
    CHECK(torn.status == 200);
    CHECK(said(torn, "/body_error") == "corrupt");
    CHECK(said(torn, "/body_base64") == "null");
  }

  TEST_CASE("an event whose body expired says so, and how large it was") {
    AdminCell cell;
    (void)cell.publish({{"audit", ""}}, "{\"n\":1}");
    const auto id = said(cell.get("/v1/events"), "/items/0/id");
    const std::string key = tables::Events::key(parse_id("evt_", id)->seq);
    auto event = inbox::decode_event(cell.rows().get(key)->value);
    CHECK(event.has_value());
    if (!event.has_value()) return;
    event->body.clear();
    cell.rows().put(key, inbox::encode(*event));
    const auto shown = cell.get("/v1/events/" + id);
    CHECK(shown.status == 200);
    CHECK(said(shown, "/body_error") == "expired");
    CHECK(said(shown, "/body_base64") == "null");
    CHECK(said(shown, "/size") == "7");
  }

  TEST_CASE("an id has to be the whole id of what it names") {
    AdminCell cell;
    const auto message = cell.publish({{"audit", ""}}, "{}")[0];
    const Id other{.seq = message.seq, .random = message.random + 1};
    CHECK(cell.get("/v1/messages/" + format("msg_", message)).status == 200);
    const std::vector<std::string> ids = {format("msg_", other),   format("evt_", message),
                                          format(message),         "msg_",
                                          format("MSG_", message), format("msg_", message) + "0"};
    for (const std::string& id : ids) {
      CAPTURE(id);
      CHECK(cell.get("/v1/messages/" + id).status == 404);
      CHECK(cell.get("/v1/events/" + id).status == 404);
      CHECK(cell.get("/v1/dead-letters/" + id).status == 404);
      CHECK(cell.post("/v1/messages/" + id + "/retry").status == 404);
      CHECK(cell.post("/v1/dead-letters/" + id + "/redrive").status == 404);
    }
  }

  TEST_CASE("a message shows its attempts with what was answered, the last first") {
    AdminCell cell;
    const auto message = cell.publish({{"audit", ""}}, "{}")[0];
    cell.attempt(message, Next::kRetry, "not now");
    cell.attempt(message, Next::kDone, Bytes("\xff\x00", 2));
    const auto shown = cell.get("/v1/messages/" + format("msg_", message));
    CHECK(said(shown, "/state") == "delivered");
    CHECK(said(shown, "/attempts") == "2");
    CHECK(said(shown, "/attempt_log/0/status") == "200");
    CHECK(said(shown, "/attempt_log/0/response") == "null");
    CHECK(said(shown, "/attempt_log/0/response_base64") == "/wA=");
    CHECK(said(shown, "/attempt_log/1/status") == "500");
    CHECK(said(shown, "/attempt_log/1/response") == "not now");
    CHECK(said(shown, "/attempt_log/1/took_ms") == "12");
    CHECK(said(shown, "/attempt_log_cut") == "false");
  }

  TEST_CASE("retry makes a waiting message due now, once") {
    AdminCell cell;
    const auto message = cell.publish({{"audit", ""}}, "{}")[0];
    const std::string path = "/v1/messages/" + format("msg_", message);
    cell.attempt(message, Next::kRetry, "");
    cell.advance(seconds(10));
    const auto now = codec::format_rfc3339(cell.cell.host.clock().now());
    CHECK(said(cell.get(path), "/due_at") != now);
    const auto retried = cell.post(path + "/retry");
    CHECK(retried.status == 202);
    CHECK(said(retried, "/due_at") == now);
    CHECK(cell.rows().count("ob/q/audit/") == 1);
    CHECK(cell.rows().count("ob/r/") == 1);
    CHECK(said(cell.get("/v1/endpoints/audit"), "/timer") == now);
    CHECK(cell.pokes == 1);
    cell.advance(seconds(1));
    CHECK(said(cell.post(path + "/retry"), "/due_at") == now);

    cell.attempt(message, Next::kDone, "");
    const auto late = cell.post(path + "/retry");
    CHECK(late.status == 409);
    CHECK(said(late, "/code") == "message_finished");
  }

  TEST_CASE("retry leaves a message alone that is in flight") {
    AdminCell cell;
    const auto message = cell.publish({{"audit", ""}}, "{}")[0];
    const std::string path = "/v1/messages/" + format("msg_", message);
    cell.attempt(message, Next::kRetry, "");
    outbox::InFlight marker;
    marker.epoch = 1;
    marker.seqs = {message.seq};
    cell.rows().put("ob/i", outbox::encode(marker));
    const auto before = said(cell.get(path), "/due_at");
    const auto retried = cell.post(path + "/retry");
    CHECK(retried.status == 202);
    CHECK(said(retried, "/due_at") == before);
    const auto overview = cell.get("/v1/overview");
    CHECK(said(overview, "/in_flight/count") == "1");
  }

  TEST_CASE("retry redrives a dead message, and leaves a follower behind its head") {
    AdminCell cell;
    const auto head = cell.publish({{"crm", "k"}}, "{}")[0];
    const auto follower = cell.publish({{"crm", "k"}}, "{}")[0];
    const auto waits = cell.post("/v1/messages/" + format("msg_", follower) + "/retry");
    CHECK(waits.status == 409);
    CHECK(said(waits, "/code") == "message_waits");
    cell.attempt(head, Next::kDead, "");
    const auto retried = cell.post("/v1/messages/" + format("msg_", head) + "/retry");
    CHECK(retried.status == 202);
    CHECK(said(retried, "/state") == "waiting");  // The follower is head by now.
    CHECK(cell.rows().count("ob/x/") == 0);
  }
}

}  // namespace
}  // namespace sluice::app
