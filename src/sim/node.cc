#include "sim/node.h"

#include <utility>

#include "base/mark.h"
#include "sim/wait.h"
#include "sim/world.h"

namespace sluice::sim {
namespace {

constexpr Duration kFlushMax = milliseconds(10);

Caps caps_of(const Faults& faults) {
  Caps caps;
  caps.bits = faults.caps;
  return caps;
}

}  // namespace

Node::Node(World& world, std::string name, Role role, SimStore* store)
    : world_(world),
      name_(std::move(name)),
      role_(role),
      store_(store),
      caps_(caps_of(world.faults)),
      clock_(world.timeline()),
      random_(world.prng().next()),
      kv_(*this),
      http_(*this),
      cells_(*this) {}

// Tasks go first: their frames refer to the engine, and to the tables of this host.
Node::~Node() {
  *alive_ = false;
  dying_ = true;
  for (TaskId task = 1; task <= last_task_; ++task) scheduler_.drop(task);
  engine.reset();
}

Log& Node::log() { return world_.log(); }

SimStore& Node::store() {
  SLUICE_ASSERT(store_ != nullptr);
  return *store_;
}

bool Node::strikes(std::uint32_t per_thousand) { return !dying_ && world_.strikes(per_thousand); }

bool Node::dies_here() {
  if (dying_) return false;
  return world_.is_doomed() || strikes(world_.faults.crash);
}

bool Node::is_gated() const { return world_.is_gated(*this); }

void Node::emit(std::function<void()> output) {
  if (dying_) return;
  if (store_ != nullptr && store_->tail() > 0) {
    withheld_.push_back(std::move(output));
    return;
  }
  world_.timeline().after({}, std::move(output));
}

void Node::commit_made() {
  if (std::exchange(flush_planned_, true)) return;
  world_.timeline().after(world_.some_time(kFlushMax), [this, alive = alive_] {
    if (*alive) flush();
  });
}

// What was committed is durable: what was withheld happens, in its order.
void Node::flush() {
  flush_planned_ = false;
  world_.note("flush", name_);
  if (store_ != nullptr) store_->flush();
  for (auto& output : std::exchange(withheld_, {})) world_.timeline().after({}, std::move(output));
}

TaskId Node::add_task(TaskEnd end) {
  const TaskId task = ++last_task_;
  ends_.emplace(task, Open{.end = std::move(end)});
  return task;
}

void Node::reply(TaskId task, std::function<void(TaskEnd)> give) {
  if (dying_) return;
  const auto found = ends_.find(task);
  SLUICE_ASSERT(found != ends_.end() && !found->second.replied);  // Exactly one reply a task.
  found->second.replied = true;
  emit([this, task, give = std::move(give), alive = alive_] {
    if (!*alive) return;
    auto open = ends_.extract(task);
    if (!open.empty()) give(std::move(open.mapped().end));
  });
}

void Node::http(TaskId task, HttpResponse response) {
  world_.note("reply", response.body);
  world_.trace().add(std::uint64_t{response.status});
  reply(task, [response = std::move(response)](const TaskEnd& end) {
    SLUICE_ASSERT(end.http);
    end.http(response);
  });
}

void Node::rpc(TaskId task, Bytes frame) {
  world_.note("reply", frame);
  reply(task, [frame = std::move(frame)](const TaskEnd& end) {
    SLUICE_ASSERT(end.rpc);
    end.rpc(frame);
  });
}

void Node::done(TaskId task) {
  world_.note("done", name_);
  reply(task, [](const TaskEnd& end) {
    SLUICE_ASSERT(end.done);
    end.done(true);
  });
}

void Node::run(TaskId task) {
  if (role_ == Role::kFront) {
    scheduler_.run(task);
  } else {
    scheduler_.run_all();
  }
  world_.rest(*this);
}

void Node::spawn(TaskId task, Task<void> body) {
  scheduler_.spawn(task, std::move(body));
  run(task);
}

Task<Result<HttpOutcome>> SimHttp::fetch(HttpRequest request) {
  World& world = node_.world();
  world.note("fetch", request.url);
  world.note("body", request.body);
  if (node_.dies_here()) {
    if (world.prng().chance(1, 2)) world.network().send(request, [](const HttpOutcome&) {});
    node_.kill();
  }
  std::function<void(WaitPtr<Result<HttpOutcome>>)> start = [this, &world, request](auto handle) {
    node_.emit([&world, request, handle] {
      world.network().send(request, [handle](HttpOutcome outcome) {
        finish<Result<HttpOutcome>>(handle, std::move(outcome));
      });
    });
  };
  co_return co_await wait<Result<HttpOutcome>>(node_, std::move(start));
}

Task<Result<Bytes>> SimCells::call(std::string cell, Bytes frame) {
  World& world = node_.world();
  world.note("call", cell);
  world.note("frame", frame);
  if (node_.dies_here()) node_.kill();
  std::function<void(WaitPtr<Result<Bytes>>)> start = [this, &world, cell, frame](auto handle) {
    node_.emit([&world, cell, frame, handle] {
      world.call(cell, frame,
                 [handle](Result<Bytes> answer) { finish(handle, std::move(answer)); });
    });
  };
  co_return co_await wait<Result<Bytes>>(node_, std::move(start));
}

}  // namespace sluice::sim
