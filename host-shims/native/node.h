// A process: one front, the cells that are awake, the store, and what goes between them.
//
//   inbound HTTP -> front -> call --.                          .-> reply -> front -> HTTP reply
//   alarms, finished requests ----> cells run -> end of group -+-> HTTP requests, calls
//                                   `------- one turn -------'
//
// Within a turn the cells run and commit; then the turn's group becomes durable; only then leave
// the outputs of the cells that wrote. When the group fails, those cells are dropped: their
// outputs are discarded, who waits for them gets an error, and the next event boots them afresh
// from the store. The front has no store and is never dropped.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "host/host.h"
#include "native/curl_http.h"
#include "native/event_loop.h"
#include "native/resident.h"
#include "native/sqlite_store.h"
#include "native/wakes.h"

namespace sluice::native {

inline constexpr std::size_t kCallsPerTurn = 512;
inline constexpr std::size_t kAlarmsPerTurn = 64;
inline constexpr std::size_t kCellsAwakeMax = 1024;

struct NodeOptions {
  std::string manifest;
  std::vector<std::pair<std::string, std::string>> environment;
  std::uint32_t body_max = 1024 * 1024;
  std::uint32_t http_in_flight_max = 64;
  std::uint64_t store_bytes_max = 8ULL * 1024 * 1024 * 1024;
};

// The parts of a process that outlive its node.
struct NodeParts {
  EventLoop& loop;
  SqliteStore& store;
  CurlHttp& curl;
  Clock& clock;
  Random& random;
  Log& log;
};

class Node {
 public:
  Node(NodeParts parts, NodeOptions options, EngineFactory factory);
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  ~Node();

  // Boots the front and arms every stored wake.
  Result<void> start();

  // Hands an inbound request to the front. `done` is called once, then or later.
  void http(InboundRequest request, HttpDone done);
  void cron(Instant scheduled);

  // Stops alarms and tells every engine to finish; `is_finished` says when they have.
  void begin_shutdown();
  [[nodiscard]] bool is_finished() const;

  [[nodiscard]] std::size_t cells_awake() const { return cells_.size(); }

  // For residents and their ports.
  [[nodiscard]] const NodeOptions& options() const { return options_; }
  [[nodiscard]] SqliteStore& store() { return parts_.store; }
  [[nodiscard]] CurlHttp& curl() { return parts_.curl; }
  [[nodiscard]] Clock& clock() { return parts_.clock; }
  [[nodiscard]] Random& random() { return parts_.random; }
  [[nodiscard]] Log& log() { return parts_.log; }

  // Lets an output of `from` go: at once, or when what it wrote is durable.
  void pass(Resident& from, std::function<void()> output);
  // Lets `task` go on: in the front at once, in a cell in the next turn.
  void resume(Resident& resident, TaskId task);
  void open_call(Resident& caller, std::uint64_t port_id, std::string cell, Bytes frame);
  void answer_call(CallId id, Result<Bytes> answer);
  void forget_caller(const Resident& caller);
  void end_alarm(const std::string& cell, AlarmEnd end);

 private:
  struct Call {
    Resident* caller = nullptr;  // None: it is gone, and nobody waits for the answer.
    std::uint64_t port_id = 0;
    std::string cell;
    Bytes frame;
  };
  struct Output {
    Resident* from = nullptr;
    std::function<void()> go;
  };

  void turn();
  void deliver_calls();
  void start_alarms();
  void run_cells();
  void end_group();
  void report_failure(std::uint32_t commits);
  void settle(const std::vector<Resident*>& writers);
  void drop(const std::vector<Resident*>& residents);
  void drop_idle_cells();
  void arm_wakes();
  [[nodiscard]] Resident* awake(const std::string& cell);
  [[nodiscard]] Boot boot_of(Role role, const std::string& cell) const;
  void mark_runnable(Resident& resident);

  NodeParts parts_;
  NodeOptions options_;
  EngineFactory factory_;
  Wakes wakes_;
  Timer wake_timer_;
  std::unique_ptr<Resident> front_;
  std::map<std::string, std::unique_ptr<Resident>, std::less<>> cells_;
  std::map<CallId, Call> calls_;
  std::deque<CallId> inbox_;  // Calls that no cell has been given yet.
  std::vector<Resident*> runnable_;
  std::vector<Resident*> ran_;  // In this turn.
  std::vector<Output> held_;
  CallId last_call_ = 0;
  Duration failure_reported_;
  bool shutting_down_ = false;
};

}  // namespace sluice::native
