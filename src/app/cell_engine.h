// The life of a cell: boot, calls, alarms, shutdown.
//
//   first event --> open the store, continue the numbers, meet the manifest
//   calls       --> ingest, admin, tick: short, one commit each
//   alarms      --> lanes: outbox, steps, links, sweep; then the wake is set anew
//
// Each lane runs once at a time. An alarm starts those that do not run, waits for what it started,
// and sets the wake by the first row of every timer range. A lane that another alarm runs keeps the
// wake half a minute away, as a backstop in case this instance is dropped.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "app/rpc.h"
#include "app/wake.h"
#include "base/prng.h"
#include "flow/cell.h"
#include "flow/drain_outbox.h"
#include "host/engine.h"
#include "manifest/manifest.h"
#include "store/store.h"
#include "tables/numbering.h"
#include "task/lock.h"

namespace sluice::app {

class CellEngine final : public Engine, private flow::Rest {
 public:
  CellEngine(Host& host, Reply& reply, std::string name, manifest::Manifest manifest);

  void http(TaskId task, InboundRequest request) override;
  void cron(TaskId task, Instant scheduled) override;
  void alarm(TaskId task) override;
  void rpc(TaskId task, Bytes frame) override;
  void shutdown(TaskId task) override;
  void cancel(TaskId task) override;

 private:
  enum class Lane : std::uint8_t { kOutbox, kSteps, kLinks, kSweep };
  static constexpr std::size_t kLanes = 4;

  Task<Result<void>> open();
  Task<Result<void>> open_store();
  Task<Result<void>> register_cell();

  Task<void> serve_rpc(TaskId task, Bytes frame);
  Task<Bytes> answer(RpcRequest request);
  Task<Result<Bytes>> ingest(Bytes payload);
  Task<Result<Bytes>> serve_http(Bytes payload);
  Task<Result<Bytes>> keep_refusals(Bytes payload);
  Task<Result<Bytes>> tick();
  Task<Result<Bytes>> tick_all();
  Task<Result<Bytes>> remember_cell(Bytes payload);
  Task<Result<Bytes>> serve_key(Bytes payload);

  Task<void> serve_alarm(TaskId task);
  Task<void> serve_shutdown(TaskId task);
  Task<int> run_lane(Lane lane);
  Task<Result<void>> run_steps();
  Task<Result<void>> run_links();
  Task<Result<void>> run_sweep();
  Task<void> set_wake(Duration at_least);
  Task<void> plan(store::Transaction& transaction) override;
  [[nodiscard]] Busy busy() const;

  [[nodiscard]] bool is_registry() const { return name_ == "registry"; }
  void report(std::string_view event, const Error& error);

  Host& host_;
  Reply& reply_;
  std::string name_;
  manifest::Manifest manifest_;
  store::Store store_;
  tables::Numbering numbering_;
  Prng jitter_;
  flow::Cell cell_;
  flow::Dispatcher dispatcher_;
  flow::KeyDocuments key_documents_;
  Lock opening_;
  bool opened_ = false;
  bool stopping_ = false;
  std::array<bool, kLanes> active_{};
  // The store's commits after which the wake is what the timers say.
  std::optional<store::Commits> planned_at_;
  int failures_ = 0;  // Lane runs in a row that ended in an error.
};

}  // namespace sluice::app
