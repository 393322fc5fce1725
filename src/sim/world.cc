#include "sim/world.h"

#include <algorithm>
#include <utility>

#include "base/mark.h"

namespace sluice::sim {
namespace {

constexpr Duration kWayMax = milliseconds(20);
constexpr Duration kGivenUp = seconds(5);  // When a client stops waiting.
constexpr std::string_view kFront = "front";

}  // namespace

World::World(std::uint64_t seed, Faults seeded, EngineFactory factory)
    : faults(seeded),
      prng_(seed),
      timeline_(kStart),
      network_(*this),
      factory_(std::move(factory)) {}

World::~World() {
  ghosts_.clear();
  nodes_.clear();
}

bool World::strikes(std::uint32_t per_thousand) {
  if (per_thousand == 0 || !prng_.chance(per_thousand, 1000)) return false;
  ++faults_met_;
  trace_.add(std::uint64_t{per_thousand});
  return true;
}

Duration World::some_time(Duration most) {
  return {static_cast<std::int64_t>(prng_.below(static_cast<std::uint64_t>(most.ms) + 1))};
}

void World::note(std::string_view what, std::string_view about) {
  if (!traced) return;
  if (listener) listener(timeline_.now(), what, about);
  trace_.add(what);
  trace_.add(about);
  trace_.add(timeline_.now().ms);
}

SimStore& World::store(const std::string& cell) {
  auto& store = stores_[cell];
  if (store == nullptr) store = std::make_unique<SimStore>();
  return *store;
}

bool World::is_gated(const Node& node) const {
  if (!faults.gated) return false;
  return std::none_of(ghosts_.begin(), ghosts_.end(), [&](const auto& ghost) {
    return ghost->name() == node.name();  // Two owners of one store: nobody's tail is private.
  });
}

std::unique_ptr<Node> World::make_node(const std::string& name) {
  const bool front = name == kFront;
  auto node = std::make_unique<Node>(*this, name, front ? Role::kFront : Role::kCell,
                                     front ? nullptr : &store(name));
  note("boot", name);
  if (!factory_) return node;
  Boot own = boot;
  own.role = node->role();
  own.cell = front ? std::string() : name;
  node->engine = factory_(*node, *node, std::move(own));
  return node->engine == nullptr ? nullptr : std::move(node);
}

Node* World::node(const std::string& name) {
  const auto found = nodes_.find(name);
  if (found != nodes_.end()) return found->second.get();
  auto made = make_node(name);
  if (made == nullptr) return nullptr;
  return nodes_.emplace(name, std::move(made)).first->second.get();
}

Node* World::ghost(const std::string& cell) {
  for (const auto& ghost : ghosts_) {
    if (ghost->name() == cell && ghost->engine != nullptr) return ghost.get();
  }
  return nullptr;
}

// Under a gate, a crash takes back some of what was not durable yet.
void World::lose_tail(Node& node) {
  if (!node.has_store() || node.store().tail() == 0) return;
  const std::size_t kept =
      static_cast<std::size_t>(prng_.below(std::uint64_t{node.store().tail()} + 1));
  if (kept < node.store().tail()) {
    SLUICE_MARK("sim: a tail of commits is lost");
    ++tails_lost_;
  }
  node.store().lose_tail(kept);
}

void World::destroy(std::unique_ptr<Node> node) {
  note("crash", node->name());
  ++crashes_;
  lose_tail(*node);
  auto open = std::move(node->ends_);
  node->ends_.clear();
  node.reset();
  for (auto& [task, left] : open) {
    timeline_.after({}, [end = std::move(left.end)] {
      if (end.http) end.http(std::nullopt);
      if (end.rpc) end.rpc(std::nullopt);
      if (end.done) end.done(false);
    });
  }
}

void World::rest(Node& node) {
  if (!node.is_dying()) return;
  const auto found = nodes_.find(node.name());
  if (found != nodes_.end() && found->second.get() == &node) {
    auto dead = std::move(found->second);
    nodes_.erase(found);
    destroy(std::move(dead));
    return;
  }
  const auto ghost = std::find_if(ghosts_.begin(), ghosts_.end(),
                                  [&](const auto& other) { return other.get() == &node; });
  SLUICE_ASSERT(ghost != ghosts_.end());
  auto dead = std::move(*ghost);
  ghosts_.erase(ghost);
  destroy(std::move(dead));
}

void World::crash(const std::string& name) {
  const auto found = nodes_.find(name);
  if (found == nodes_.end()) return;
  found->second->kill();
  rest(*found->second);
}

void World::split(const std::string& cell) {
  const auto found = nodes_.find(cell);
  if (found == nodes_.end() || cell == kFront) return;
  SLUICE_MARK("sim: a cell has two owners");
  ++splits_;
  note("split", cell);
  Node* old = found->second.get();
  old->flush();
  ghosts_.push_back(std::move(found->second));
  nodes_.erase(found);
  timeline_.after(ghost_life, [this, old, alive = old->life()] {
    if (!*alive) return;
    old->kill();
    rest(*old);
  });
}

void World::heal() {
  faults = faults.healed();
  for (auto& [name, store] : stores_) store->refuses.reset();
}

void World::request(InboundRequest request, Answered answered) {
  const Duration way = some_time(kWayMax);
  if (strikes(faults.http_lost)) {
    SLUICE_MARK("sim: a request to the front is lost");
    timeline_.after(way + kGivenUp, [answered] { answered(std::nullopt); });
    return;
  }
  if (strikes(faults.http_repeated)) {
    SLUICE_MARK("sim: a request to the front arrives twice");
    timeline_.after(way + some_time(kWayMax),
                    [this, request] { deliver_http(request, [](const auto&) {}); });
  }
  const bool lost = strikes(faults.http_answer_lost);
  timeline_.after(way, [this, request = std::move(request), answered, lost]() mutable {
    deliver_http(std::move(request), [this, answered, lost](std::optional<HttpResponse> response) {
      if (lost) response.reset();
      timeline_.after(lost ? kGivenUp : some_time(kWayMax),
                      [answered, response] { answered(response); });
    });
  });
}

void World::deliver_http(InboundRequest request, Answered answered) {
  note("request", request.target);
  Node* front = node(std::string(kFront));
  if (front == nullptr) return answered(std::nullopt);
  const TaskId task = front->add_task({.http = std::move(answered), .rpc = {}, .done = {}});
  front->engine->http(task, std::move(request));
  front->run(task);
}

void World::call(std::string cell, Bytes frame, std::function<void(Result<Bytes>)> answered) {
  if (strikes(faults.rpc_lost)) {
    SLUICE_MARK("sim: a call is lost");
    const Errc code = prng_.chance(1, 2) ? Errc::kOverloaded : Errc::kUnknownOutcome;
    timeline_.after(some_time(kWayMax), [answered, code] { answered(Error{code, "simulated"}); });
    return;
  }
  if (strikes(faults.rpc_repeated)) {
    SLUICE_MARK("sim: a call arrives twice");
    timeline_.after(some_time(kWayMax),
                    [this, cell, frame] { deliver_call(cell, frame, [](const auto&) {}); });
  }
  const bool lost = strikes(faults.rpc_answer_lost);
  timeline_.after(some_time(kWayMax), [this, cell, frame, answered, lost] {
    deliver_call(cell, frame, [this, answered, lost](Result<Bytes> answer) {
      if (lost) {
        SLUICE_MARK("sim: a call's answer is lost");
        answer = Error{Errc::kUnknownOutcome, "simulated"};
      }
      timeline_.after(some_time(kWayMax), [answered, answer] { answered(answer); });
    });
  });
}

void World::deliver_call(const std::string& cell, Bytes frame,
                         std::function<void(Result<Bytes>)> answered) {
  note("called", cell);
  Node* called = ghost(cell);  // Callers may not know of the take-over either.
  if (called == nullptr || prng_.chance(1, 2)) called = node(cell);
  if (called == nullptr) return answered(Error{Errc::kOverloaded, "the cell does not boot"});
  const TaskId task = called->add_task({.http = {},
                                        .rpc =
                                            [answered](std::optional<Bytes> reply) {
                                              if (reply) return answered(*std::move(reply));
                                              answered(Error{Errc::kUnknownOutcome, "simulated"});
                                            },
                                        .done = {}});
  called->engine->rpc(task, std::move(frame));
  called->run(task);
}

void World::cron() {
  note("cron", kFront);
  Node* front = node(std::string(kFront));
  if (front == nullptr) return;
  const TaskId task = front->add_task({.http = {}, .rpc = {}, .done = [](bool) {}});
  front->engine->cron(task, timeline_.wall());
  front->run(task);
}

bool World::run_task(const std::string& name, Task<void> body, std::uint64_t steps_max) {
  Node* runner = node(name);
  return runner != nullptr && run_task(*runner, std::move(body), steps_max);
}

bool World::run_task(Node& runner, Task<void> body, std::uint64_t steps_max) {
  const auto alive = runner.life();
  const TaskId task = runner.add_task({});
  runner.spawn(task, std::move(body));
  for (std::uint64_t steps = 0; *alive && runner.scheduler().is_live(task); ++steps) {
    if (steps == steps_max || !step()) return false;
  }
  if (*alive) runner.ends_.erase(task);
  return *alive;
}

}  // namespace sluice::sim
