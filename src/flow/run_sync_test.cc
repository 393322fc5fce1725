#include "flow/run_sync.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "codec/rfc3339.h"
#include "codec/url.h"
#include "doctest/doctest.h"
#include "inbox/event.h"
#include "sim/flow_cell.h"
#include "sim/marks.h"
#include "tables/cursors.h"
#include "tables/queue.h"

namespace sluice::flow {
namespace {

constexpr std::string_view kManifest = R"json({
  "slug": "shop",
  "endpoints": { "crm": { "url": "https://crm.example/", "order": "key",
    "signing": { "secrets": ["env:S"] } } },
  "steps": { "orders": {
    "url": "https://api.example/orders", "headers": { "authorization": "env:T" },
    "query": { "since": "{begin}", "until": "{end}" }, "items": "/data", "id": "/id", "time": "/at",
    "page": { "number": "page" }, "every_ms": 60000, "overlap_ms": 30000, "settle_ms": 5000,
    "span_max_ms": 600000, "backfill_ms": 3600000, "to": ["crm"] } }
})json";

manifest::Manifest parsed(std::string_view text) {
  const manifest::Environment environment{{"S", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"},
                                          {"T", "Bearer t"}};
  auto parsed = manifest::parse(text, environment, manifest::Secrets::kRequired);
  CHECK(parsed.errors.empty());
  return std::move(parsed.manifest);
}

struct ApiItem {
  Instant at;
  Instant visible;  // Late by less than the overlap.
  std::string json;
};

std::string query_value(const std::string& url, std::string_view name) {
  const auto parsed = codec::parse_url(url);
  if (!parsed.has_value() || !parsed->query) return "";
  std::string_view rest = *parsed->query;
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    if (pair.substr(0, name.size()) == name && pair.substr(name.size(), 1) == "=") {
      return codec::percent_decode(pair.substr(name.size() + 1)).value_or("");
    }
  }
  return "";
}

// A shop's API, and the cell that reads it.
struct Shop {
  explicit Shop(std::uint64_t seed) : world(seed, {}), manifest(parsed(kManifest)) {
    world.network().serve("api.example", [this](const HttpRequest& request) {
      ++requests;
      CHECK(find(request.headers, "authorization") == "Bearer t");
      if (meanwhile) meanwhile();
      if (broken) return HttpOutcome(*broken);
      return HttpOutcome(page(request.url));
    });
  }

  HttpResponse page(const std::string& url) const {
    const auto since = codec::parse_rfc3339(query_value(url, "since"));
    const auto until = codec::parse_rfc3339(query_value(url, "until"));
    const std::string page = query_value(url, "page");
    CHECK(since.has_value());
    CHECK(until.has_value());
    if (!since || !until || page.empty()) return {.status = 400, .headers = {}, .body = ""};
    const std::size_t first = (static_cast<std::size_t>(std::stoul(page)) - 1) * page_size;
    std::string body;
    std::size_t n = 0;
    for (const ApiItem& item : items) {
      const bool in = *since <= item.at && item.at < *until && item.visible <= now();
      if (!in) continue;
      if (n >= first && n < first + page_size) body += (body.empty() ? "" : ", ") + item.json;
      ++n;
    }
    return {.status = 200, .headers = {}, .body = "{\"data\": [" + body + "]}"};
  }

  [[nodiscard]] Instant now() const { return const_cast<sim::World&>(world).timeline().now(); }

  void add(const std::string& id, Duration ago = {}, Duration late = {}) {
    const Instant at = now() - ago;
    items.push_back(
        {.at = at,
         .visible = at + late,
         .json = R"({"id":")" + id + R"(","at":")" + codec::format_rfc3339(at) + "\"}"});
  }

  std::optional<Result<SliceReport>> run(Budget budget = {}) {
    return sim::work_on<SliceReport>(
        world, manifest, "main", [budget](Cell& cell) { return run_sync(cell, "orders", budget); });
  }

  template <class T>
  T read(std::function<Task<Result<T>>(store::Transaction&)> body) {
    auto result = sim::work_on<T>(
        world, manifest, "main", [body](Cell& cell) { return sim::in_transaction<T>(cell, body); });
    CHECK(result.has_value());
    if (!result) return T{};
    CHECK(result->has_value());
    return result->has_value() ? **result : T{};
  }

  sync::Cursor cursor() {
    auto found = read<std::optional<sync::Cursor>>(
        [](store::Transaction& t) { return tables::Cursors::get(t, "orders"); });
    return found.value_or(sync::Cursor{});
  }

  // How often each item's bytes were published; read from the store as it is.
  std::map<std::string, int> published() {
    std::map<std::string, int> bodies;
    for (const auto& [key, entry] : world.store("main.0").rows()) {
      if (key.substr(0, 5) != "in/e/") continue;
      const auto event = inbox::decode_event(entry.value);
      CHECK(event.has_value());
      if (event.has_value()) ++bodies[event->body];
    }
    return bodies;
  }

  // Everything that the cursor passed is published, nothing twice, and the tables agree.
  void check_safety() {
    const auto bodies = published();
    for (const auto& [body, count] : bodies) CHECK(count == 1);
    const auto rows = world.store("main.0").rows();
    for (const auto& [key, entry] : rows) {
      if (key.substr(0, 5) != "sy/s/") continue;
      const auto stored = sync::decode_cursor(entry.value);
      CHECK(stored.has_value());
      if (!stored.has_value() || !stored->synced_to) continue;
      for (const ApiItem& item : items) {
        // What was late when its window was read comes with the overlap of a later one.
        if (item.at >= *stored->synced_to - seconds(30)) continue;
        CHECK(bodies.contains(item.json));
      }
    }
  }

  void check_audits() {
    const std::vector<tables::Audit> audits{
        read<tables::Audit>(&tables::Cursors::audit), read<tables::Audit>(&tables::Queue::audit),
        read<tables::Audit>([](store::Transaction& t) { return tables::Log::audit(t, "events"); })};
    for (const tables::Audit& audit : audits) {
      for (const auto& violation : audit) {
        CAPTURE(violation.key);
        CHECK(violation.what == "");
      }
    }
  }

  sim::World world;
  manifest::Manifest manifest;
  std::vector<ApiItem> items;  // By time.
  std::size_t page_size = 3;
  int requests = 0;
  std::optional<HttpResponse> broken;
  std::function<void()> meanwhile;  // Happens while a request is under way.
};

Task<Result<bool>> renew(store::Transaction& transaction) {
  SLUICE_CO_TRY(co_await tables::Cursors::reset(transaction, "orders", sim::kStart));
  co_return true;
}

SliceReport report_of(const std::optional<Result<SliceReport>>& result) {
  CHECK(result.has_value());
  if (!result) return {};
  CHECK(result->has_value());
  return result->has_value() ? **result : SliceReport{};
}

}  // namespace

TEST_SUITE("flow/run_sync") {
  TEST_CASE("the items of a window are published, each once, and the cursor moves to its end") {
    Shop shop(1);
    shop.add("old", hours(2));
    for (int i = 0; i < 8; ++i) shop.add("i" + std::to_string(i), minutes(9));
    SliceReport report;
    for (int slice = 0; slice < 20; ++slice) {
      report = report_of(shop.run());
      if (!report.more) break;
    }
    CHECK(!report.more);
    CHECK(shop.published().size() == 8);  // "old" is before the backfill.
    CHECK(shop.cursor().published == 8);
    CHECK(shop.cursor().synced_to.has_value());
    CHECK(shop.cursor().failures == 0);
    shop.items.erase(shop.items.begin());
    shop.check_safety();
    shop.check_audits();
    CHECK(shop.world.store("main.0").count("ob/m/") == 8);
    CHECK(shop.world.store("main.0").count("lg/e/events/") == 8);
  }

  TEST_CASE("what overlapping windows bring twice is published once, and a new version again") {
    Shop shop(1);
    shop.add("a", seconds(20));
    while (report_of(shop.run()).more) {
    }
    CHECK(shop.published().size() == 1);
    CHECK(shop.world.run_for(seconds(8)));
    shop.items.push_back(
        {.at = shop.now() - seconds(10),
         .visible = {},
         .json = R"({"id":"a","at":")" + codec::format_rfc3339(shop.now() - seconds(10)) + "\"}"});
    const SliceReport report = report_of(shop.run());
    CHECK(report.known == 1);
    CHECK(report.items == 1);
    CHECK(shop.published().size() == 2);
  }

  TEST_CASE("a slice stops at its budget in the middle of a page, and the next one goes on there") {
    Shop shop(1);
    shop.page_size = 100;
    for (int i = 0; i < 40; ++i) shop.add("i" + std::to_string(i), seconds(20));
    int slices = 0;
    while (report_of(shop.run({.requests_max = 10, .items_max = 4})).more) {
      ++slices;
      CHECK(slices < 100);
      if (slices >= 100) return;
      shop.check_safety();
    }
    CHECK(slices >= 10);
    CHECK(shop.published().size() == 40);
    CHECK(shop.cursor().known == 0);  // The place was kept: nothing was even looked up twice.
  }

  TEST_CASE("a failing source holds the cursor, and the step backs off") {
    Shop shop(1);
    while (report_of(shop.run()).more) {
    }
    const auto before = shop.cursor();
    shop.add("a", {});
    CHECK(shop.world.run_for(minutes(2)));
    shop.broken = HttpResponse{.status = 503, .headers = {{"retry-after", "1800"}}, .body = ""};
    const SliceReport report = report_of(shop.run());
    CHECK(report.failure == "server_error");
    CHECK(report.next.has_value());
    if (report.next) CHECK(*report.next >= shop.now() + minutes(29));
    CHECK(shop.cursor().synced_to == before.synced_to);
    CHECK(shop.cursor().failures == 1);
    CHECK(!shop.cursor().lease);
    shop.broken.reset();
    CHECK(report_of(shop.run()).items == 1);
    CHECK(shop.cursor().failures == 0);
    shop.check_audits();
  }

  TEST_CASE("a page that is no page holds the cursor and says what it is") {
    const std::vector<std::pair<HttpResponse, std::string_view>> pages{
        {{.status = 200, .headers = {}, .body = "<html>Log in</html>"}, "page_is_html"},
        {{.status = 200, .headers = {}, .body = "{\"data\":["}, "page_is_not_json"},
        {{.status = 200, .headers = {}, .body = "{\"data\":{}}"}, "items_not_an_array"},
        {{.status = 200, .headers = {}, .body = "{\"data\":[]}", .truncated = true},
         "page_too_large"},
        {{.status = 302, .headers = {{"location", "https://10.0.0.1/"}}, .body = ""}, "redirected"},
        {{.status = 401, .headers = {}, .body = ""}, "unauthorized"},
        {{.status = 429, .headers = {}, .body = ""}, "throttled"}};
    for (const auto& each : pages) {
      const auto& page = each.first;
      const auto& reason = each.second;
      CAPTURE(reason);
      Shop shop(1);
      shop.broken = page;
      CHECK(report_of(shop.run()).failure == reason);
      CHECK(shop.cursor().reason == reason);
      CHECK(!shop.cursor().synced_to);
      CHECK(shop.cursor().failures == 1);
    }
  }

  TEST_CASE("a page that repeats is a failure, not an endless loop") {
    Shop shop(1);
    shop.broken = HttpResponse{
        .status = 200, .headers = {}, .body = R"({"data":[{"id":1,"at":"2025-06-15T15:00:00Z"}]})"};
    CHECK(report_of(shop.run()).failure == "page_repeats");
    CHECK(shop.requests == 2);
    CHECK(!shop.cursor().synced_to);
  }

  TEST_CASE("an element without an id is kept as a reject, once, and the others go on") {
    Shop shop(1);
    shop.add("a", seconds(20));
    shop.items.push_back({.at = shop.now() - seconds(20), .visible = {}, .json = R"({"no":"id"})"});
    shop.add("b", seconds(20));
    while (report_of(shop.run()).more) {
    }
    CHECK(shop.published().size() == 2);
    CHECK(shop.world.run_for(seconds(8)));
    (void)shop.run();
    const auto rejects = shop.read<std::vector<tables::RejectRow>>(
        [](store::Transaction& t) { return tables::Cursors::rejects(t, "orders", "", 10); });
    CHECK(rejects.size() == 1);
    if (rejects.size() != 1) return;
    CHECK(rejects[0].reject.raw == R"({"no":"id"})");
    CHECK(rejects[0].reject.reason == sync::Rejection::kIdMissing);
    CHECK(rejects[0].reject.count == 2);
    CHECK(shop.cursor().rejects_kept == 1);
    shop.check_audits();
  }

  TEST_CASE("a slice that lost its lease during the request writes nothing") {
    Shop shop(1);
    shop.add("a", seconds(20));
    const std::uint64_t lost = sim::marked("sync: the lease was lost");
    shop.meanwhile = [&shop] {  // An operator resets the step.
      auto& store = shop.world.store("main.0");
      for (const auto& [key, entry] : std::map(store.rows())) {
        if (key.substr(0, 5) != "sy/s/") continue;
        auto cursor = sync::decode_cursor(entry.value);
        CHECK(cursor.has_value());
        if (!cursor.has_value()) return;
        sync::reset(*cursor);
        store.put(key, sync::encode(*cursor));
      }
    };
    const SliceReport report = report_of(shop.run());
    CHECK(report.items == 0);
    CHECK(!report.next);
    CHECK(shop.published().empty());
    CHECK(!shop.cursor().window);
    CHECK(sim::marked("sync: the lease was lost") == lost + 1);
    shop.meanwhile = {};
    while (report_of(shop.run()).more) {
    }
    CHECK(shop.published().size() == 1);
  }

  TEST_CASE("a cursor that cannot be read is set aside, reported, and made anew by a reset") {
    Shop shop(1);
    shop.add("a", seconds(20));
    (void)shop.run();
    auto& store = shop.world.store("main.0");
    for (const auto& [key, entry] : std::map(store.rows())) {
      if (key.substr(0, 5) == "sy/s/") store.put(key, "\x01?");
    }
    const SliceReport report = report_of(shop.run());
    CHECK(report.failure == "row_corrupt");
    CHECK(report.requests == 0);
    CHECK(store.count("sy/r/") == 1);
    const auto reset = [](store::Transaction& t) { return renew(t); };
    CHECK(shop.read<bool>(reset));
    CHECK(store.count("sy/r/") == 1);
    CHECK(report_of(shop.run()).failure.empty());
    shop.check_audits();
  }

  TEST_CASE("nothing is acknowledged twice or lost, whatever goes wrong on the way") {
    std::uint64_t crashes = 0;
    std::uint64_t faults = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
      CAPTURE(seed);
      Shop shop(seed);
      shop.world.faults = sim::Faults::draw(shop.world.prng());
      shop.world.faults.clock_step = 0;  // A time cursor trusts its clock to within `settle`.
      for (int round = 0; round < 25; ++round) {
        const auto n = shop.world.prng().below(4);
        for (std::uint64_t i = 0; i < n; ++i) {
          const Duration late{static_cast<std::int64_t>(shop.world.prng().below(20'000))};
          shop.add(std::to_string(round) + "-" + std::to_string(i), {}, late);
        }
        (void)shop.run({.requests_max = 3, .items_max = 5});
        (void)shop.world.run_for(seconds(static_cast<std::int64_t>(shop.world.prng().below(90))));
        shop.check_safety();
      }
      crashes += shop.world.crashes();
      faults += shop.world.faults_met();
      shop.world.heal();
      for (int slice = 0; slice < 100; ++slice) {  // Liveness: once faults stop, it must finish.
        CHECK(shop.world.run_for(minutes(1)));
        CHECK(report_of(shop.run()).failure.empty());
        if (shop.published().size() == shop.items.size()) break;
      }
      shop.check_safety();
      shop.check_audits();
      CHECK(shop.published().size() == shop.items.size());
    }
    CHECK(crashes > 0);
    CHECK(faults > 0);
    CHECK(sim::marked("sync: an item is known") > 0);
  }
}

}  // namespace sluice::flow
