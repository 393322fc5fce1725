// One engine living in this process, the front or a cell, with the host it sees.
//
// What leaves a cell - a reply, an HTTP request, a call to another cell - goes through the node's
// gate: it waits until what the cell wrote in this turn is durable. If that fails, the resident is
// dropped with everything it remembers and everything it was about to say.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "host/engine.h"
#include "native/ports.h"
#include "native/sqlite_kv.h"

namespace sluice::native {

class Node;

using CallId = std::uint64_t;
using HttpDone = std::function<void(HttpResponse)>;
using EngineFactory =
    std::function<Result<std::unique_ptr<Engine>>(Host& host, Reply& reply, Boot boot)>;

// What a task was started for, and so who waits for its end.
struct AlarmTask {};
struct CronTask {};
struct ShutdownTask {};
using Event = std::variant<HttpDone, CallId, AlarmTask, CronTask, ShutdownTask>;

class Resident final : public Host, public Reply {
 public:
  Resident(Node& node, Role role, std::string cell);
  ~Resident() override;

  Result<void> boot(const EngineFactory& factory, Boot boot);

  [[nodiscard]] const std::string& cell() const { return cell_; }
  [[nodiscard]] Role role() const { return role_; }
  // The store of a cell; none in the front.
  [[nodiscard]] SqliteKv* rows() { return rows_.get(); }
  [[nodiscard]] bool has_open_writes() const { return rows_ && rows_->has_open_writes(); }
  [[nodiscard]] bool is_idle() const { return scheduler_.live() == 0; }

  TaskId start_http(InboundRequest request, HttpDone done);
  TaskId start_rpc(CallId call, Bytes frame);
  TaskId start_alarm();
  TaskId start_cron(Instant scheduled);
  TaskId start_shutdown();

  CellsPort& calls() { return cells_; }
  // Everything that still waits for a task of this engine; it is taken out.
  [[nodiscard]] std::vector<Event> take_events();

  // Host
  [[nodiscard]] const Caps& caps() const override;
  [[nodiscard]] Scheduler& scheduler() override { return scheduler_; }
  [[nodiscard]] Clock& clock() override;
  [[nodiscard]] Random& random() override;
  [[nodiscard]] Log& log() override;
  [[nodiscard]] Kv& kv() override;
  [[nodiscard]] Http& http() override { return http_; }
  [[nodiscard]] Cells& cells() override { return cells_; }

  // Reply
  void http(TaskId task, HttpResponse response) override;
  void rpc(TaskId task, Bytes frame) override;
  void done(TaskId task) override;

 private:
  TaskId expect(Event event);
  [[nodiscard]] std::optional<Event> take(TaskId task);

  Node& node_;
  Role role_;
  std::string cell_;
  Caps caps_;
  std::unique_ptr<SqliteKv> rows_;
  NoKv no_rows_;
  HttpPort http_;
  CellsPort cells_;
  std::unordered_map<TaskId, Event> events_;
  TaskId last_task_ = 0;
  std::unique_ptr<Engine> engine_;
  Scheduler scheduler_;  // Dies first: its tasks use everything above.
};

}  // namespace sluice::native
