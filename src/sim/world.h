// A whole platform in memory: cells and a front, their stores, the network, and time.
//
// Everything that is decided comes from one seed, and everything that happens enters one trace, so
// a run can be repeated exactly. Nothing happens inside an engine's turn but that turn: answers,
// replies, alarms and calls are entries of the timeline.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/prng.h"
#include "host/engine.h"
#include "sim/faults.h"
#include "sim/network.h"
#include "sim/node.h"
#include "sim/timeline.h"
#include "sim/trace.h"

namespace sluice::sim {

using EngineFactory = std::function<std::unique_ptr<Engine>(Host&, Reply&, Boot)>;

inline constexpr Instant kStart{1'750'000'000'000};

class World {
 public:
  World(std::uint64_t seed, Faults faults, EngineFactory factory = {});
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  ~World();

  Faults faults;
  Boot boot;           // What every engine is booted with, but for its role and name.
  bool traced = true;  // Benchmarks turn the trace off.
  // Told of everything that enters the trace.
  std::function<void(Instant, std::string_view what, std::string_view about)> listener;
  // The engine that makes this host call dies in it; they are counted from 1.
  std::uint64_t crash_at_call = 0;
  Duration cron_period;               // The front's cron; zero for never.
  Duration ghost_life = seconds(30);  // How long an owner lives on after it was taken over.

  [[nodiscard]] Prng& prng() { return prng_; }
  [[nodiscard]] Trace& trace() { return trace_; }
  [[nodiscard]] Timeline& timeline() { return timeline_; }
  [[nodiscard]] Network& network() { return network_; }
  [[nodiscard]] SimLog& log() { return log_; }
  [[nodiscard]] SimStore& store(const std::string& cell);
  [[nodiscard]] const std::map<std::string, std::unique_ptr<SimStore>>& stores() const {
    return stores_;
  }

  // The engine that owns `name` now, booted if there is none. "front" is the front. Null when it
  // cannot boot.
  [[nodiscard]] Node* node(const std::string& name);
  [[nodiscard]] bool is_up(const std::string& name) const { return nodes_.contains(name); }

  // An HTTP request to the front. The answer is absent when the front died, or it got lost.
  using Answered = std::function<void(std::optional<HttpResponse>)>;
  void request(InboundRequest request, Answered answered);

  // A call from engine to engine.
  void call(std::string cell, Bytes frame, std::function<void(Result<Bytes>)> answered);

  void crash(const std::string& name);
  // A new owner boots while the old one goes on, not knowing.
  void split(const std::string& cell);
  void cron();
  // No more faults; what is broken is restarted.
  void heal();

  // The next thing happens. False when nothing is left to happen, ever.
  bool step();
  // Steps until `t`, at most `steps_max` times; true when it got there.
  bool run_until(Instant t, std::uint64_t steps_max = 1'000'000);
  bool run_for(Duration d, std::uint64_t steps_max = 1'000'000);

  // Runs a task on `name` until it ends, or its engine dies: then false.
  bool run_task(const std::string& name, Task<void> body, std::uint64_t steps_max = 100'000);
  // The same on one engine, which may not be the owner any more.
  bool run_task(Node& runner, Task<void> body, std::uint64_t steps_max = 100'000);

  [[nodiscard]] std::uint64_t crashes() const { return crashes_; }
  [[nodiscard]] std::uint64_t splits() const { return splits_; }
  [[nodiscard]] std::uint64_t tails_lost() const { return tails_lost_; }
  [[nodiscard]] std::uint64_t faults_met() const { return faults_met_; }
  [[nodiscard]] std::uint64_t host_calls() const { return host_calls_; }

  // For the parts of the world.
  [[nodiscard]] bool strikes(std::uint32_t per_thousand);
  [[nodiscard]] bool is_doomed() { return ++host_calls_ == crash_at_call; }
  [[nodiscard]] Duration some_time(Duration most);
  [[nodiscard]] bool is_gated(const Node& node) const;
  void rest(Node& node);
  void note(std::string_view what, std::string_view about);

 private:
  std::unique_ptr<Node> make_node(const std::string& name);
  void destroy(std::unique_ptr<Node> node);
  void lose_tail(Node& node);
  void deliver_http(InboundRequest request, Answered answered);
  void deliver_call(const std::string& cell, Bytes frame,
                    std::function<void(Result<Bytes>)> answered);
  void alarm(const std::string& cell);
  void ring(Node& node, std::function<void(bool)> ended);
  // An owner that was taken over and does not know it yet.
  [[nodiscard]] Node* ghost(const std::string& cell);
  void disturb();
  [[nodiscard]] std::optional<std::pair<Instant, std::string>> next_alarm();
  [[nodiscard]] std::optional<Instant> next_time();

  Prng prng_;
  Trace trace_;
  Timeline timeline_;
  Network network_;
  SimLog log_;
  EngineFactory factory_;
  std::map<std::string, std::unique_ptr<SimStore>> stores_;
  std::map<std::string, std::unique_ptr<Node>> nodes_;
  std::vector<std::unique_ptr<Node>> ghosts_;
  std::map<std::string, std::uint32_t> alarm_failures_;
  std::optional<Instant> next_cron_;
  std::uint64_t crashes_ = 0;
  std::uint64_t splits_ = 0;
  std::uint64_t tails_lost_ = 0;
  std::uint64_t faults_met_ = 0;
  std::uint64_t host_calls_ = 0;
};

}  // namespace sluice::sim
