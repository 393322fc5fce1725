// One engine on its host, from boot to crash.
//
//   Engine -- kv --------> SimStore            answered at once, or later
//          -- http ------> gate --> Network    withheld while a commit is not durable
//          -- cell.call -> gate --> World      (under a gating store only)
//          -- reply -----> gate --> who asked
//
// A crash is decided inside a host call. From then on nothing that the engine does has any effect;
// the world destroys it as soon as it has come to rest, and all of its tasks stay unanswered.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/engine.h"
#include "sim/sim_log.h"
#include "sim/sim_store.h"
#include "sim/timeline.h"
#include "task/operation.h"

namespace sluice::sim {

class World;
class Node;

class SimKv final : public Kv {
 public:
  explicit SimKv(Node& node) : node_(node) {}

  Task<Result<std::vector<std::optional<KvEntry>>>> get(std::vector<std::string> keys) override;
  Task<Result<KvPage>> range(KvRange range) override;
  Task<Result<KvOutcome>> commit(KvCommit commit) override;

 private:
  [[nodiscard]] std::optional<Errc> refusal(const KvCommit& commit) const;
  Result<KvOutcome> apply(const KvCommit& commit);
  Result<KvOutcome> apply_perhaps(const KvCommit& commit);

  Node& node_;
};

class SimHttp final : public Http {
 public:
  explicit SimHttp(Node& node) : node_(node) {}
  Task<Result<HttpOutcome>> fetch(HttpRequest request) override;

 private:
  Node& node_;
};

class SimCells final : public Cells {
 public:
  explicit SimCells(Node& node) : node_(node) {}
  Task<Result<Bytes>> call(std::string cell, Bytes frame) override;

 private:
  Node& node_;
};

// What becomes of a task: its reply, or nothing where the engine died.
struct TaskEnd {
  std::function<void(std::optional<HttpResponse>)> http;
  std::function<void(std::optional<Bytes>)> rpc;
  std::function<void(bool)> done;
};

class Node final : public Host, public Reply {
 public:
  // `store` is null in a front.
  Node(World& world, std::string name, Role role, SimStore* store);
  ~Node() override;

  [[nodiscard]] const Caps& caps() const override { return caps_; }
  [[nodiscard]] Scheduler& scheduler() override { return scheduler_; }
  [[nodiscard]] Clock& clock() override { return clock_; }
  [[nodiscard]] Random& random() override { return random_; }
  [[nodiscard]] Log& log() override;
  [[nodiscard]] Kv& kv() override { return kv_; }
  [[nodiscard]] Http& http() override { return http_; }
  [[nodiscard]] Cells& cells() override { return cells_; }

  void http(TaskId task, HttpResponse response) override;
  void rpc(TaskId task, Bytes frame) override;
  void done(TaskId task) override;

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] Role role() const { return role_; }
  [[nodiscard]] World& world() { return world_; }
  [[nodiscard]] SimStore& store();
  [[nodiscard]] bool has_store() const { return store_ != nullptr; }

  // Dies at the end of this turn.
  void kill() { dying_ = true; }
  [[nodiscard]] bool is_dying() const { return dying_; }
  // Tells whether it still lives, also when it does not.
  [[nodiscard]] std::shared_ptr<const bool> life() const { return alive_; }
  // Whether the fault happens in this call; never in a dying engine.
  [[nodiscard]] bool strikes(std::uint32_t per_thousand);
  // Whether it dies in this host call; asked once in each.
  [[nodiscard]] bool dies_here();

  // Lets `output` happen, or withholds it until what was committed before is durable.
  void emit(std::function<void()> output);
  void commit_made();
  [[nodiscard]] bool is_gated() const;

  [[nodiscard]] TaskId add_task(TaskEnd end);
  [[nodiscard]] std::size_t open_tasks() const { return ends_.size(); }
  // Runs what may run after something happened to `task`.
  void run(TaskId task);
  // Runs a task that needs no engine. For tests of what lies below the app.
  void spawn(TaskId task, Task<void> body);

  std::unique_ptr<Engine> engine;  // Null for tests of what lies below the app.

 private:
  friend class World;
  void flush();

  World& world_;
  std::string name_;
  Role role_;
  SimStore* store_;
  Caps caps_;
  Scheduler scheduler_;
  SimClock clock_;
  SimRandom random_;
  SimKv kv_;
  SimHttp http_;
  SimCells cells_;
  struct Open {
    TaskEnd end;
    bool replied = false;  // The reply may still be withheld.
  };
  void reply(TaskId task, std::function<void(TaskEnd)> give);

  std::map<TaskId, Open> ends_;
  std::vector<std::function<void()>> withheld_;
  TaskId last_task_ = 0;
  bool dying_ = false;
  bool flush_planned_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace sluice::sim
