#include "flow/pull_link.h"

#include <string>
#include <vector>

#include "codec/url.h"
#include "doctest/doctest.h"
#include "flow/read_log.h"
#include "sim/flow_cell.h"
#include "sim/marks.h"
#include "store/blob.h"
#include "tables/links.h"

namespace sluice::flow {
namespace {

constexpr std::string_view kManifest = R"json({
  "slug": "pair", "installations": ["mirror"],
  "links": { "copy": { "installation": "mirror", "stream": "events", "every_ms": 30000,
             "from": { "url": "https://peer.example", "installation": "main", "token": "env:T" } } }
})json";

manifest::Manifest parsed() {
  const manifest::Environment environment{{"T", "peer-token-0123456789"}};
  auto parsed = manifest::parse(kManifest, environment, manifest::Secrets::kRequired);
  CHECK(parsed.errors.empty());
  return std::move(parsed.manifest);
}

std::optional<std::string> query_value(const std::string& url, std::string_view name) {
  const auto parsed = codec::parse_url(url);
  if (!parsed.has_value() || !parsed->query) return std::nullopt;
  const std::string key = std::string(name) + "=";
  const std::size_t at = ("&" + *parsed->query).find("&" + key);
  if (at == std::string::npos) return std::nullopt;
  const std::string_view rest = std::string_view(*parsed->query).substr(at + key.size());
  return codec::percent_decode(rest.substr(0, rest.find('&')));
}

// Two cells in two worlds: the peer is well, what lies between and around the copy is not.
struct Pair {
  explicit Pair(std::uint64_t seed) : peer(seed + 1000, {}), world(seed, {}), manifest(parsed()) {
    world.network().serve("peer.example", [this](const HttpRequest& request) {
      ++requests;
      CHECK(find(request.headers, "authorization") == "Bearer peer-token-0123456789");
      CHECK(query_value(request.url, "installation") == "main");
      if (meanwhile) meanwhile();
      if (broken) return HttpOutcome(*broken);
      return HttpOutcome(serve(request.url));
    });
    CHECK(change([](store::Transaction& t) { return meet(t); }));
  }

  static Task<Result<void>> meet(store::Transaction& transaction) {
    std::vector<std::string> links{"copy"};
    SLUICE_CO_TRY(co_await tables::Links::reconcile(transaction, std::move(links), sim::kStart));
    co_return Result<void>();
  }

  HttpResponse serve(const std::string& url) {
    LogQuery query{.stream = "events", .after = {}, .limit = page_size};
    if (const auto after = query_value(url, "after")) {
      query.after = replication::parse_token(*after);
      CHECK(query.after.has_value());
    }
    const auto reading = sim::work_on<LogReading>(
        peer, manifest, "main", [query](Cell& cell) { return read_log(cell, query); });
    CHECK(reading.has_value());
    if (!reading || !reading->has_value()) return {.status = 503, .headers = {}, .body = ""};
    if ((*reading)->gap != replication::Gap::kNone) {
      return {.status = 410,
              .headers = {},
              .body = "{\"code\":\"" + std::string(name((*reading)->gap)) + "\"}"};
    }
    return {.status = 200, .headers = {}, .body = replication::write_page((*reading)->page)};
  }

  static Task<Result<bool>> append(Cell& cell, std::size_t size) {
    const Instant now = cell.host.clock().now();
    SLUICE_CO_TRY(auto transaction, co_await cell.store.begin());
    replication::Entry entry;
    entry.id = cell.numbering.next(now);
    entry.position = entry.id.seq;
    entry.received_at = now;
    entry.source = "github";
    entry.content_type = "application/json";
    entry.size = static_cast<std::uint32_t>(size);
    Bytes body(size, '\xfe');
    if (size > replication::kInlineMax) {
      entry.blob = format(entry.id);
      store::put_blob(transaction, entry.blob, body);
    } else {
      entry.body = body;
    }
    tables::Log::append(transaction, tables::kEventStream, entry);
    SLUICE_CO_TRY(co_await transaction.commit());
    co_return true;
  }

  void append(std::size_t size = 10) {
    ++appended;
    const auto done = sim::work_on<bool>(peer, manifest, "main",
                                         [size](Cell& cell) { return append(cell, size); });
    CHECK(done.has_value());
    (void)peer.run_for(milliseconds(5));
  }

  void trim_all() {
    (void)sim::work_on<tables::Expired>(peer, manifest, "main", [](Cell& cell) {
      return sim::in_transaction<tables::Expired>(cell, [](store::Transaction& t) {
        return tables::Log::trim(t, sim::kStart + days(1), sim::kStart);
      });
    });
  }

  std::optional<Result<SliceReport>> run(Budget budget = {}) {
    return sim::work_on<SliceReport>(world, manifest, "mirror", [budget](Cell& cell) {
      return pull_link(cell, "copy", budget);
    });
  }

  bool change(std::function<Task<Result<void>>(store::Transaction&)> body) {
    const auto result = sim::work_on<bool>(world, manifest, "mirror",
                                           [body](Cell& cell) { return applied(cell, body); });
    return result && result->has_value();
  }

  static Task<Result<bool>> applied(Cell& cell,
                                    std::function<Task<Result<void>>(store::Transaction&)> body) {
    SLUICE_CO_TRY(auto transaction, co_await cell.store.begin());
    SLUICE_CO_TRY(co_await body(transaction));
    SLUICE_CO_TRY(const auto outcome, co_await transaction.commit());
    co_return outcome == store::Outcome::kCommitted;
  }

  replication::Link link() {
    const auto row = world.store("mirror.0").get("rl/l/copy");
    CHECK(row.has_value());
    const auto link = row ? replication::decode_link(row->value) : Error{Errc::kNotFound, ""};
    CHECK(link.has_value());
    return link.has_value() ? *link : replication::Link{};
  }

  // The entries of a stream in their order; bodies in blobs are left there.
  static std::vector<replication::Entry> entries(sim::World& world, const std::string& cell,
                                                 const std::string& stream) {
    std::vector<replication::Entry> found;
    const std::string prefix = "lg/e/" + stream + "/";
    for (const auto& [key, row] : world.store(cell).rows()) {
      if (key.substr(0, prefix.size()) != prefix) continue;
      const auto position = parse_fixed_hex(key.substr(prefix.size()));
      CHECK(position.has_value());
      auto entry = replication::decode_entry(position.value_or(0), row.value);
      CHECK(entry.has_value());
      if (entry.has_value()) found.push_back(*std::move(entry));
    }
    return found;
  }

  // The copy is a prefix of the original, as far as the checkpoint says or further.
  void check_safety() {
    const auto original = entries(peer, "main.0", "events");
    const auto copy = entries(world, "mirror.0", "copy");
    CHECK(copy.size() <= original.size());
    if (copy.size() > original.size()) return;
    for (std::size_t i = 0; i < copy.size(); ++i) {
      CHECK(copy[i].id == original[i].id);
      CHECK(copy[i].source == original[i].source);
      CHECK(copy[i].received_at == original[i].received_at);
      CHECK(copy[i].size == original[i].size);
    }
    const auto row = world.store("mirror.0").get("rl/l/copy");
    if (!row) return;
    const auto state = replication::decode_link(row->value);
    CHECK(state.has_value());
    if (!state.has_value() || !state->applied) return;
    std::size_t passed = 0;
    while (passed < original.size() && original[passed].position <= state->applied->position) {
      ++passed;
    }
    CHECK(copy.size() == passed);  // Moves in the commit that appends: neither ahead nor behind.
  }

  void check_audits() {
    for (const bool links : {true, false}) {
      const auto audit =
          sim::work_on<tables::Audit>(world, manifest, "mirror", [links](Cell& cell) {
            return sim::in_transaction<tables::Audit>(cell, [links](store::Transaction& t) {
              return links ? tables::Links::audit(t) : tables::Log::audit(t, "copy");
            });
          });
      CHECK(audit.has_value());
      if (!audit || !audit->has_value()) return;
      for (const auto& violation : **audit) {
        CAPTURE(violation.key);
        CHECK(violation.what == "");
      }
    }
  }

  sim::World peer;
  sim::World world;
  manifest::Manifest manifest;
  std::uint32_t page_size = 4;
  int requests = 0;
  std::size_t appended = 0;
  std::optional<HttpResponse> broken;
  std::function<void()> meanwhile;  // Happens while a request is under way.
};

SliceReport report_of(const std::optional<Result<SliceReport>>& result) {
  CHECK(result.has_value());
  if (!result) return {};
  CHECK(result->has_value());
  return result->has_value() ? **result : SliceReport{};
}

}  // namespace

TEST_SUITE("flow/pull_link") {
  TEST_CASE("every entry is copied, in order, byte for byte, and the checkpoint follows") {
    Pair pair(1);
    const std::vector<std::size_t> sizes{0, 10, 8192, 8193, 60'000, 300'000, 5};
    for (const std::size_t size : sizes) pair.append(size);
    const SliceReport report = report_of(pair.run());
    CHECK(report.items == 7);
    CHECK(!report.more);
    const auto copy = sim::work_on<LogReading>(pair.world, pair.manifest, "mirror", [](Cell& cell) {
      return read_log(cell, {.stream = "copy", .after = {}, .limit = 100});
    });
    CHECK(copy.has_value());
    if (!copy || !copy->has_value()) return;
    CHECK((*copy)->page.entries.size() == sizes.size());
    for (std::size_t i = 0; i < (*copy)->page.entries.size(); ++i) {
      CHECK((*copy)->page.entries[i].body == Bytes(sizes[i], '\xfe'));
    }
    CHECK(pair.link().copied == 7);
    CHECK(pair.link().caught_up_at.has_value());
    pair.check_safety();
    pair.check_audits();
    const auto again = report_of(pair.run());
    CHECK(again.items == 0);
    CHECK(again.known == 0);  // The checkpoint was sent: nothing came twice.
  }

  TEST_CASE("a slice stops at its budget and the next one goes on behind the checkpoint") {
    Pair pair(1);
    for (int i = 0; i < 30; ++i) pair.append();
    int slices = 1;
    while (report_of(pair.run({.requests_max = 2, .items_max = 100})).more) {
      ++slices;
      pair.check_safety();
    }
    CHECK(slices == 4);
    CHECK(pair.link().copied == 30);
    CHECK(pair.link().known == 0);
  }

  TEST_CASE("a changed history stops the link, says so, and skips nothing") {
    Pair pair(1);
    for (int i = 0; i < 3; ++i) pair.append();
    (void)pair.run();
    pair.peer.store("main.0").erase("lg/m/events");  // A reset: the next boot draws a new history.
    pair.append();
    const SliceReport report = report_of(pair.run());
    CHECK(report.failure == "history_changed");
    CHECK(!report.next);
    CHECK(replication::status_name(pair.link()) == "history_changed");
    CHECK(pair.link().copied == 3);
    CHECK(!pair.link().due);
    const int requests = pair.requests;
    CHECK(report_of(pair.run()).requests == 0);  // It stays stopped.
    CHECK(pair.requests == requests);
    pair.check_audits();
    CHECK(pair.change(
        [](store::Transaction& t) { return tables::Links::repair(t, "copy", sim::kStart); }));
    CHECK(report_of(pair.run()).items == 1);
    CHECK(pair.link().copied == 4);
    CHECK(pair.link().known == 3);
    pair.check_safety();
    pair.check_audits();
  }

  TEST_CASE("a link that missed what was trimmed stops, and goes on with what is left") {
    Pair pair(1);
    pair.append();
    (void)pair.run();
    pair.trim_all();
    CHECK(report_of(pair.run()).failure.empty());  // It had read all of it.
    pair.append();
    pair.trim_all();
    pair.append();
    CHECK(report_of(pair.run()).failure == "token_too_old");
    CHECK(pair.change(
        [](store::Transaction& t) { return tables::Links::repair(t, "copy", sim::kStart); }));
    CHECK(report_of(pair.run()).items == 1);
  }

  TEST_CASE("an empty stream's history is known from the first page on") {
    Pair pair(1);
    (void)pair.run();
    CHECK(pair.link().applied.has_value());
    pair.peer.store("main.0").erase("lg/m/events");
    pair.append();
    CHECK(report_of(pair.run()).failure == "history_changed");
  }

  TEST_CASE("a failing peer holds the checkpoint, and the link backs off") {
    const std::vector<std::pair<HttpResponse, std::string_view>> answers{
        {{.status = 503, .headers = {}, .body = ""}, "server_error"},
        {{.status = 401, .headers = {}, .body = ""}, "unauthorized"},
        {{.status = 404, .headers = {}, .body = ""}, "not_found"},
        {{.status = 410, .headers = {}, .body = "gone"}, "refused"},
        {{.status = 301, .headers = {}, .body = ""}, "redirected"},
        {{.status = 200, .headers = {}, .body = "<html>"}, "page_malformed"},
        {{.status = 200, .headers = {}, .body = "{}"}, "page_malformed"},
        {{.status = 200, .headers = {}, .body = "", .truncated = true}, "page_too_large"}};
    for (const auto& each : answers) {
      const auto& answer = each.first;
      const auto& reason = each.second;
      CAPTURE(reason);
      Pair pair(1);
      pair.append();
      pair.broken = answer;
      CHECK(report_of(pair.run()).failure == reason);
      CHECK(pair.link().failures == 1);
      CHECK(pair.link().reason == reason);
      CHECK(!pair.link().applied);
      pair.check_audits();
      pair.broken.reset();
      CHECK(report_of(pair.run()).items == 1);
      CHECK(pair.link().failures == 0);
    }
  }

  TEST_CASE("a paused link asks nobody, and goes on where it was") {
    Pair pair(1);
    pair.append();
    (void)pair.run();
    CHECK(pair.change([](store::Transaction& t) { return tables::Links::pause(t, "copy"); }));
    pair.append();
    CHECK(report_of(pair.run()).requests == 0);
    CHECK(pair.change(
        [](store::Transaction& t) { return tables::Links::resume(t, "copy", sim::kStart); }));
    CHECK(report_of(pair.run()).items == 1);
    CHECK(pair.link().known == 0);
    pair.check_audits();
  }

  TEST_CASE("a slice whose link was moved during the request writes nothing") {
    Pair pair(1);
    pair.append();
    const std::uint64_t moved = sim::marked("link: somebody else moved it");
    pair.meanwhile = [&pair] {  // An operator pauses it.
      auto link = pair.link();
      link.status = replication::LinkStatus::kPaused;
      pair.world.store("mirror.0").put("rl/l/copy", replication::encode(link));
    };
    CHECK(report_of(pair.run()).items == 0);
    CHECK(pair.link().copied == 0);
    CHECK(!pair.link().applied);
    CHECK(sim::marked("link: somebody else moved it") == moved + 1);
    pair.check_safety();
  }

  TEST_CASE("nothing is lost, skipped or copied twice, whatever goes wrong on the way") {
    std::uint64_t crashes = 0;
    std::uint64_t faults = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
      CAPTURE(seed);
      Pair pair(seed);
      pair.world.faults = sim::Faults::draw(pair.world.prng());
      for (int round = 0; round < 20; ++round) {
        const auto n = pair.world.prng().below(4);
        for (std::uint64_t i = 0; i < n; ++i) {
          pair.append(pair.world.prng().chance(1, 10) ? 20'000 : 20);
        }
        (void)pair.run({.requests_max = 2, .items_max = 50});
        (void)pair.world.run_for(seconds(10));
        pair.check_safety();
      }
      crashes += pair.world.crashes();
      faults += pair.world.faults_met();
      pair.world.heal();
      for (int slice = 0; slice < 100; ++slice) {  // Liveness: once faults stop, it must finish.
        CHECK(pair.world.run_for(minutes(1)));
        const auto report = report_of(pair.run());
        CHECK(report.failure.empty());
        if (pair.link().caught_up_at && !report.more) break;
      }
      pair.check_safety();
      pair.check_audits();
      CHECK(Pair::entries(pair.world, "mirror.0", "copy").size() == pair.appended);
    }
    CHECK(crashes > 0);
    CHECK(faults > 0);
  }
}

}  // namespace sluice::flow
