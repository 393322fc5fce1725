#include "sim/world.h"

#include "doctest/doctest.h"
#include "sim/marks.h"

namespace sluice::sim {
namespace {

constexpr const char* kCell = "main.0";

// Puts a row per call and alarm, and answers with what it was sent.
class Echo final : public Engine {
 public:
  Echo(Host& host, Reply& reply) : host_(host), reply_(reply) {}

  void http(TaskId task, InboundRequest request) override {
    host_.scheduler().spawn(task, forward(task, std::move(request.body)));
  }
  void rpc(TaskId task, Bytes frame) override {
    host_.scheduler().spawn(task, store(task, std::move(frame)));
  }
  void alarm(TaskId task) override { host_.scheduler().spawn(task, ring(task)); }
  void cron(TaskId task, Instant) override { reply_.done(task); }
  void shutdown(TaskId task) override { reply_.done(task); }
  void cancel(TaskId) override {}

 private:
  Task<void> forward(TaskId task, Bytes body) {
    std::string cell(kCell);
    const auto answer = co_await host_.cells().call(std::move(cell), std::move(body));
    HttpResponse response;
    response.status = answer.has_value() ? 200 : 503;
    if (answer.has_value()) response.body = *answer;
    reply_.http(task, std::move(response));
  }

  Task<void> put(std::string key) {
    KvCommit commit;
    commit.mutations.push_back({.key = std::move(key), .value = "1", .expiry = std::nullopt});
    commit.commit_id = host_.random().bytes(16);
    const auto outcome = co_await host_.kv().commit(std::move(commit));
    (void)outcome;
  }

  Task<void> store(TaskId task, Bytes frame) {
    std::string key = "calls/" + std::to_string(host_.random().number());
    co_await put(std::move(key));
    reply_.rpc(task, std::move(frame));
  }

  Task<void> ring(TaskId task) {
    std::string key = "alarms/" + std::to_string(host_.random().number());
    co_await put(std::move(key));
    reply_.done(task);
  }

  Host& host_;
  Reply& reply_;
};

std::unique_ptr<Engine> make_echo(Host& host, Reply& reply, Boot) {
  return std::make_unique<Echo>(host, reply);
}

struct Asked {
  int answers = 0;
  int good = 0;
  int none = 0;
};

// Sends requests through front and cell, and counts what comes back.
Asked ask(World& world, int times) {
  Asked asked;
  for (int i = 0; i < times; ++i) {
    InboundRequest request;
    request.method = "POST";
    request.body = "hello";
    world.request(std::move(request), [&](const std::optional<HttpResponse>& response) {
      ++asked.answers;
      asked.none += response ? 0 : 1;
      asked.good += response && response->status == 200 && response->body == "hello" ? 1 : 0;
    });
  }
  (void)world.run_for(minutes(5));
  return asked;
}

struct Fetched {
  int served = 0;
  std::map<std::string, int> outcomes;
};

Task<void> fetch(Host& host, std::string url, std::map<std::string, int>& outcomes) {
  HttpRequest request;
  request.method = "GET";
  request.url = std::move(url);
  request.timeout = seconds(2);
  request.response_max = 10;
  const auto outcome = co_await host.http().fetch(std::move(request));
  if (!outcome.has_value()) {
    ++outcomes["error"];
  } else if (const auto* failure = std::get_if<HttpFailure>(&*outcome)) {
    ++outcomes[std::string(name(failure->fault)) + (failure->maybe_seen ? " seen" : "")];
  } else {
    ++outcomes[std::get<HttpResponse>(*outcome).truncated ? "cut" : "answer"];
  }
}

Fetched fetch_many(Faults faults, const std::string& url = "https://peer.example/x",
                   const Bytes& body = "short") {
  World world(1, faults);
  Fetched fetched;
  world.network().serve("peer.example", [&](const HttpRequest&) -> HttpOutcome {
    ++fetched.served;
    return HttpResponse{.status = 200, .headers = {}, .body = body, .truncated = false};
  });
  for (int i = 0; i < 50; ++i) {
    (void)world.run_task(kCell, fetch(*world.node(kCell), url, fetched.outcomes));
  }
  (void)world.run_for(minutes(1));
  return fetched;
}

}  // namespace

TEST_SUITE("sim/world") {
  TEST_CASE("without faults every request is answered and every call is made once") {
    World world(1, Faults::none(), make_echo);
    const Asked asked = ask(world, 20);
    CHECK(asked.good == 20);
    CHECK(world.store(kCell).count("calls/") == 20);
    CHECK(world.crashes() == 0);
    CHECK(world.faults_met() == 0);
  }

  TEST_CASE("calls get lost, arrive twice, or their answer gets lost") {
    Faults lost;
    lost.rpc_lost = 500;
    World losing(1, lost, make_echo);
    const Asked some = ask(losing, 40);
    CHECK((some.good > 5 && some.good < 35));
    CHECK(losing.store(kCell).count("calls/") == static_cast<std::size_t>(some.good));

    Faults answer_lost;
    answer_lost.rpc_answer_lost = 500;
    World silent(1, answer_lost, make_echo);
    const Asked unanswered = ask(silent, 40);
    CHECK((unanswered.good > 5 && unanswered.good < 35));
    CHECK(silent.store(kCell).count("calls/") == 40);

    Faults repeated;
    repeated.rpc_repeated = 500;
    World twice(1, repeated, make_echo);
    CHECK(ask(twice, 40).good == 40);
    CHECK(twice.store(kCell).count("calls/") > 45);
  }

  TEST_CASE("requests to the front get lost, arrive twice, or their answer gets lost") {
    Faults faults;
    faults.http_lost = 200;
    faults.http_answer_lost = 200;
    faults.http_repeated = 200;
    World world(1, faults, make_echo);
    const Asked asked = ask(world, 50);
    CHECK(asked.answers == 50);
    CHECK(asked.none > 5);
    CHECK(asked.good > 20);
    CHECK(world.store(kCell).count("calls/") != static_cast<std::size_t>(asked.good));
  }

  TEST_CASE("an engine that crashes answers nobody, and its successor has what was stored") {
    Faults faults;
    faults.crash = 100;
    World world(1, faults, make_echo);
    const Asked asked = ask(world, 100);
    CHECK(asked.answers == 100);
    CHECK(asked.good < 100);
    CHECK(asked.good > 0);
    CHECK(world.crashes() > 5);
    // Some died behind their commit: stored, not answered.
    CHECK(world.store(kCell).count("calls/") > static_cast<std::size_t>(asked.good));
  }

  TEST_CASE("under a gate nobody hears of what a crash takes back") {
    int lost = 0;
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
      CAPTURE(seed);
      Faults faults;
      faults.gated = true;
      faults.crash = 60;
      World world(seed, faults, make_echo);
      const Asked asked = ask(world, 20);
      CHECK(asked.answers == 20);
      CHECK(world.store(kCell).count("calls/") >= static_cast<std::size_t>(asked.good));
      lost += static_cast<int>(world.tails_lost());
    }
    CHECK(lost > 0);
  }

  TEST_CASE("an alarm rings at its time, and again until it ends well") {
    World world(1, Faults::none(), make_echo);
    world.store(kCell).set_wake(kStart + seconds(10));
    (void)world.run_for(seconds(9));
    CHECK(world.store(kCell).count("alarms/") == 0);
    (void)world.run_for(seconds(2));
    CHECK(world.store(kCell).count("alarms/") == 1);
    CHECK(!world.store(kCell).wake());

    world.faults.crash = 1000;
    world.store(kCell).set_wake(kStart + seconds(12));
    (void)world.run_for(seconds(3));
    CHECK(world.crashes() > 0);
    CHECK(world.store(kCell).wake().has_value());
    world.heal();
    (void)world.run_for(minutes(10));
    CHECK(world.store(kCell).count("alarms/") >= 2);
    CHECK(!world.store(kCell).wake());
  }

  TEST_CASE("an alarm follows the wall clock when that steps") {
    World world(1, Faults::none(), make_echo);
    world.store(kCell).set_wake(kStart + hours(1));
    (void)world.run_for(seconds(1));
    CHECK(world.store(kCell).count("alarms/") == 0);
    world.timeline().step_wall(hours(1));
    (void)world.run_for(seconds(1));
    CHECK(world.store(kCell).count("alarms/") == 1);
  }

  TEST_CASE("a full disk takes deletions only, a read-only one takes nothing") {
    SimStore store;
    for (const Errc refused : {Errc::kFull, Errc::kIo}) {
      World world(1, Faults::none());
      world.store(kCell).put("a", "1");
      world.store(kCell).refuses = refused;
      struct Program {
        static Task<void> run(Host& host, std::optional<Bytes> value, Result<KvOutcome>& result) {
          KvCommit commit;
          commit.mutations.push_back(
              {.key = "a", .value = std::move(value), .expiry = std::nullopt});
          commit.commit_id = Bytes(16, 'c');
          result = co_await host.kv().commit(std::move(commit));
        }
      };
      Result<KvOutcome> put = KvOutcome{};
      Result<KvOutcome> erased = KvOutcome{};
      CHECK(world.run_task(kCell, Program::run(*world.node(kCell), "2", put)));
      CHECK((!put.has_value() && put.error().code == refused));
      CHECK(world.store(kCell).get("a")->value == "1");
      CHECK(world.run_task(kCell, Program::run(*world.node(kCell), std::nullopt, erased)));
      CHECK(erased.has_value() == (refused == Errc::kFull));
    }
  }

  TEST_CASE("equal seeds make equal traces") {
    const auto trace = [](std::uint64_t seed) {
      World world(seed, Faults::none(), make_echo);
      world.faults = Faults::draw(world.prng());
      (void)ask(world, 20);
      return world.trace().hash();
    };
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      CHECK(trace(seed) == trace(seed));
      CHECK(trace(seed) != trace(seed + 1));
    }
  }

  TEST_CASE("each fault is off for some seeds and on for others") {
    int on[6] = {};
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
      Prng prng(seed);
      const Faults faults = Faults::draw(prng);
      const bool seen[] = {faults.gated,          faults.kv_pending > 0, faults.crash > 0,
                           faults.kv_unknown > 0, faults.split > 0,      faults.http_lost > 0};
      for (std::size_t i = 0; i < std::size(on); ++i) on[i] += seen[i] ? 1 : 0;
    }
    for (const int seeds : on) CHECK((seeds > 10 && seeds < 190));
  }
}

TEST_SUITE("sim/network") {
  TEST_CASE("a request that nothing happens to is answered, and cut at its bound") {
    CHECK(fetch_many({}).outcomes == std::map<std::string, int>{{"answer", 50}});
    CHECK(fetch_many({}, "https://peer.example/x", "longer than ten").outcomes["cut"] == 50);
    CHECK(fetch_many({}, "https://nobody.example/").outcomes["dns"] == 50);
  }

  TEST_CASE("a lost request was not seen, a lost answer was") {
    Faults lost;
    lost.http_lost = 1000;
    Fetched none = fetch_many(lost);
    CHECK(none.served == 0);
    CHECK(none.outcomes["connect"] > 10);
    CHECK(none.outcomes["timeout seen"] > 10);  // Nobody can tell.
    Faults silent;
    silent.http_answer_lost = 1000;
    Fetched unheard = fetch_many(silent);
    CHECK(unheard.served == 50);
    CHECK(unheard.outcomes["timeout seen"] == 50);
  }

  TEST_CASE("requests arrive twice, answers are garbage or too late") {
    Faults repeated;
    repeated.http_repeated = 1000;
    CHECK(fetch_many(repeated).served == 100);
    Faults garbage;
    garbage.http_garbage = 1000;
    CHECK(fetch_many(garbage).outcomes["aborted seen"] == 50);
    Faults slow;
    slow.http_slow = 1000;
    Fetched late = fetch_many(slow);
    CHECK(late.outcomes["timeout seen"] > 10);
    CHECK(late.outcomes["answer"] > 10);
    CHECK(late.served == 50);
  }
}

TEST_SUITE("sim/timeline") {
  TEST_CASE("time jumps to what comes next, and one time keeps the order of the calls") {
    Timeline timeline(kStart);
    std::string order;
    timeline.after(seconds(2), [&] { order += 'c'; });
    timeline.after(seconds(1), [&] {
      order += 'a';
      timeline.after({}, [&] { order += 'b'; });
    });
    timeline.after(seconds(2), [&] { order += 'd'; });
    while (timeline.step()) {
    }
    CHECK(order == "abcd");
    CHECK(timeline.now() == kStart + seconds(2));
    timeline.step_wall(hours(-1));
    CHECK(timeline.wall() == kStart + seconds(2) - hours(1));
    CHECK(timeline.now() == kStart + seconds(2));
  }
}

}  // namespace sluice::sim
