#include "sim/swarm.h"

#include <memory>
#include <utility>

#include "app/engine.h"
#include "base/mark.h"
#include "sim/invariants.h"
#include "sim/old_age.h"
#include "sim/operations.h"
#include "sim/outside.h"
#include "sim/world.h"

namespace sluice::sim {
namespace {

constexpr char kManifest[] = R"json({
  "slug": "swarm",
  "sources": { "partner": { "scheme": "standard", "secrets": ["env:SECRET"] } },
  "routes": [
    { "from": "partner", "to": ["keyed"], "order_by": "/key" },
    { "from": "partner", "to": ["plain"] }
  ],
  "endpoints": {
    "keyed": { "url": "https://keyed.example/hooks", "timeout_ms": 2000, "order": "key",
               "signing": { "scheme": "standard", "secrets": ["env:SECRET"] },
               "schedule_ms": [0, 500, 1000, 2000, 4000, 8000] },
    "plain": { "url": "https://plain.example/hooks", "timeout_ms": 2000,
               "signing": { "scheme": "standard", "secrets": ["env:SECRET"] },
               "schedule_ms": [0, 500, 1000, 2000, 4000, 8000] },
    "rows":  { "url": "https://rows.example/hooks", "timeout_ms": 2000,
               "signing": { "scheme": "standard", "secrets": ["env:SECRET"] },
               "schedule_ms": [0, 500, 1000, 2000, 4000, 8000] }
  },
  "installations": ["mirror"],
  "steps": { "orders": {
    "url": "https://api.example/orders", "query": { "since": "{begin}", "until": "{end}" },
    "items": "/data", "id": "/id", "time": "/updated_at", "page": { "number": "page" },
    "every_ms": 60000, "overlap_ms": 60000, "settle_ms": 5000, "span_max_ms": 2400000,
    "backfill_ms": 7200000, "to": ["rows"] } },
  "links": { "copy": { "installation": "mirror", "stream": "events", "every_ms": 20000,
    "from": { "url": "https://peer.example", "installation": "main", "token": "env:TOKEN" } } },
  "admin": { "tokens": ["env:TOKEN"] }
})json";

constexpr std::uint64_t kStepsMax = 15'000;
constexpr std::uint64_t kSafetyEvery = 40;  // Steps between two looks at everything.
constexpr Duration kTroubleMax = seconds(40);
constexpr Duration kSettleMax = hours(6);  // A step that failed often backs off for long.
constexpr Duration kOldTrouble = seconds(30);
constexpr Duration kOldSettle = minutes(20);  // A lane that failed comes back after five at most.

std::unique_ptr<Engine> make(Host& host, Reply& reply, Boot boot) {
  auto engine = app::make_engine(host, reply, std::move(boot));
  SLUICE_ASSERT(engine.has_value());
  return *std::move(engine);
}

class Story {
 public:
  Story(std::uint64_t seed, Listener listener)
      : world_(seed, Faults::none(), make),
        sender_(world_),
        publisher_(world_),
        keyed_(world_, "keyed.example"),
        plain_(world_, "plain.example"),
        rows_(world_, "rows.example"),
        api_(world_),
        operations_(world_),
        outside_{.sender = sender_,
                 .publisher = publisher_,
                 .keyed = keyed_,
                 .plain = plain_,
                 .rows = rows_,
                 .api = api_,
                 .operations = operations_} {
    report_.seed = seed;
    if (listener) {
      world_.listener = [tell = std::move(listener)](Instant at, auto what, auto about) {
        tell(at - kStart, what, about);
      };
    }
    world_.faults = Faults::draw(world_.prng());
    world_.boot.manifest = kManifest;
    world_.boot.environment = {{"SECRET", std::string(kSwarmSecret)},
                               {"TOKEN", std::string(kSwarmToken)}};
    world_.cron_period = minutes(1);
    serve_front(world_, "peer.example");
    Prng& prng = world_.prng();
    if (prng.chance(1, 8)) keyed_.poison = "{\"n\":1,";
    for (auto* receiver : {&keyed_, &plain_, &rows_}) {
      receiver->bad = prng.chance(1, 2) ? static_cast<std::uint32_t>(prng.below(400)) : 0;
    }
    api_.bad = prng.chance(1, 2) ? static_cast<std::uint32_t>(prng.below(300)) : 0;
  }

  // Nothing goes wrong but this.
  void crash_only_at(std::uint64_t call) {
    world_.faults = world_.faults.healed();
    world_.crash_at_call = call;
    keyed_.poison.clear();
    for (auto* receiver : {&keyed_, &plain_, &rows_}) receiver->bad = 0;
    api_.bad = 0;
  }

  RunReport run() {
    trouble_ = world_.faults;
    world_.cron();
    sender_.start();
    publisher_.start();
    operations_.start();
    const Instant end = world_.timeline().now() + seconds(15) + world_.some_time(kTroubleMax);
    while (world_.timeline().now() < end && go_on()) {
    }
    heal();
    const Instant last = world_.timeline().now() + kSettleMax;
    bool settled = false;
    while (!settled && world_.timeline().now() < last && go_on()) {
      settled = report_.steps % 8 == 0 && unsettled(world_, outside_).empty();
    }
    // What was sent late still arrives, and must not change anything.
    if (settled) (void)world_.run_for(seconds(10));
    look();
    count();
    if (!settled) {
      complain("not settled after healing: " + unsettled(world_, outside_));
    } else {
      check_end(world_, outside_, report_.violations);
      if (report_.violations.empty()) grow_old();
    }
    return finish();
  }

 private:
  bool go_on() {
    if (!report_.violations.empty()) return false;
    if (++report_.steps > kStepsMax || !world_.step()) return false;
    if (report_.steps % kSafetyEvery == 0) look();
    return true;
  }

  void look() {
    check_safety(world_, outside_, report_.violations);
    audit(world_, "main.0", report_.violations);
    audit(world_, "mirror.0", report_.violations);
  }

  // Bodies have their time, then everything: in the same trouble, and then without.
  void grow_old() {
    api_.bad = 1000;  // A step that goes on would publish what is young.
    const CellState before = read_cell(world_.store("main.0"), "events", report_.violations);
    pass(days(8));
    check_bodies_expired(world_, before, report_.violations);
    pass(days(90));
    check_rows_expired(world_, before, report_.violations);
    audit(world_, "main.0", report_.violations);
    audit(world_, "mirror.0", report_.violations);
  }

  void pass(Duration time) {
    world_.timeline().step_wall(time);
    world_.faults = trouble_;
    (void)world_.run_for(kOldTrouble, kStepsMax);
    world_.heal();
    const Instant last = world_.timeline().now() + kOldSettle;
    while (!is_swept(world_) && world_.timeline().now() < last) (void)world_.step();
  }

  void heal() {
    world_.heal();
    for (auto* receiver : {&keyed_, &plain_, &rows_}) receiver->bad = 0;
    api_.bad = 0;
    operations_.restore();
  }

  void complain(std::string what) { report_.violations.push_back(std::move(what)); }

  void count() {
    report_.webhooks = sender_.webhooks().size();
    for (const auto* receiver : {&keyed_, &plain_, &rows_}) {
      for (const auto& [id, arrivals] : receiver->arrivals()) {
        report_.delivered += arrivals.answered_well ? 1U : 0U;
        report_.duplicates += arrivals.count - 1;
      }
    }
    const SimStore& main = world_.store("main.0");
    report_.dead = main.count("ob/x/");
    report_.items = api_.items().size();
    report_.copied = world_.store("mirror.0").count("lg/e/copy/");
  }

  RunReport finish() {
    report_.host_calls = world_.host_calls();
    report_.crashes = world_.crashes();
    report_.splits = world_.splits();
    report_.tails_lost = world_.tails_lost();
    report_.faults = world_.faults_met();
    for (const auto& [cell, store] : world_.stores()) {
      for (const auto& [key, entry] : store->rows()) {
        world_.trace().add(key);
        world_.trace().add(entry.value);
      }
    }
    report_.hash = world_.trace().hash();
    return std::move(report_);
  }

  World world_;
  Faults trouble_;
  Sender sender_;
  Publisher publisher_;
  Receiver keyed_;
  Receiver plain_;
  Receiver rows_;
  PagedApi api_;
  Operations operations_;
  Outside outside_;
  RunReport report_;
};

}  // namespace

RunReport run_seed(std::uint64_t seed, Listener listener) {
  Story story(seed, std::move(listener));
  return story.run();
}

RunReport run_with_crash(std::uint64_t seed, std::uint64_t call) {
  Story story(seed, {});
  story.crash_only_at(call);
  return story.run();
}

void add(RunReport& total, const RunReport& run) {
  total.seed = run.seed;
  total.hash = (total.hash ^ run.hash) * 0x100000001b3ULL;
  for (const auto& violation : run.violations) {
    total.violations.push_back("seed " + std::to_string(run.seed) + ": " + violation);
  }
  total.steps += run.steps;
  total.host_calls += run.host_calls;
  total.crashes += run.crashes;
  total.splits += run.splits;
  total.tails_lost += run.tails_lost;
  total.faults += run.faults;
  total.webhooks += run.webhooks;
  total.delivered += run.delivered;
  total.duplicates += run.duplicates;
  total.dead += run.dead;
  total.items += run.items;
  total.copied += run.copied;
}

}  // namespace sluice::sim
