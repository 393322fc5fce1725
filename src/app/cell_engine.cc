#include "app/cell_engine.h"

#include <algorithm>
#include <utility>

#include "app/admin.h"
#include "app/problem.h"
#include "app/reconcile.h"
#include "app/registry.h"
#include "base/mark.h"
#include "flow/apply_retention.h"
#include "flow/pull_link.h"
#include "flow/receive_webhook.h"
#include "flow/run_sync.h"
#include "signature/certificate_key.h"
#include "store/sweep.h"
#include "tables/cursors.h"
#include "tables/links.h"
#include "tables/log.h"
#include "tables/refusals.h"
#include "tables/timers.h"
#include "task/all.h"

namespace sluice::app {
namespace {

std::string installation_of(const std::string& cell) { return cell.substr(0, cell.find('.')); }

constexpr int kSlicesMax = 64;  // Of one lane, for one alarm; the wake brings the rest.
constexpr std::uint32_t kDueMax = 16;
constexpr Duration kBackoffMax = seconds(300);

// How long a cell whose lanes fail stays away from its timers.
Duration backoff(int failures) {
  if (failures == 0) return {0};
  return std::min(kBackoffMax, Duration{1000LL << std::min(failures - 1, 9)});
}

}  // namespace

CellEngine::CellEngine(Host& host, Reply& reply, std::string name, manifest::Manifest manifest)
    : host_(host),
      reply_(reply),
      name_(std::move(name)),
      manifest_(std::move(manifest)),
      store_(host),
      numbering_(host.random()),
      jitter_(host.random().number()),
      cell_{.name = name_,
            .installation = installation_of(name_),
            .host = host,
            .store = store_,
            .numbering = numbering_,
            .jitter = jitter_,
            .manifest = manifest_},
      dispatcher_(cell_, *this),
      key_documents_(host.scheduler()),
      opening_(host.scheduler()) {}

void CellEngine::http(TaskId task, InboundRequest) {
  reply_.http(task, problem(Error{Errc::kNoCapability, "a cell takes no HTTP"}));
}

void CellEngine::cron(TaskId task, Instant) { alarm(task); }

void CellEngine::alarm(TaskId task) { host_.scheduler().spawn(task, serve_alarm(task)); }

void CellEngine::rpc(TaskId task, Bytes frame) {
  host_.scheduler().spawn(task, serve_rpc(task, std::move(frame)));
}

void CellEngine::shutdown(TaskId task) { host_.scheduler().spawn(task, serve_shutdown(task)); }

// A cell's work is commits, which are always finished, and requests, which have deadlines.
void CellEngine::cancel(TaskId) {}

// Also opens again after another owner was met: what that one wrote is read anew.
Task<Result<void>> CellEngine::open() {
  if (opened_ && store_.is_open()) co_return Result<void>();
  const Lock::Hold hold = co_await opening_.acquire();
  if (opened_ && store_.is_open()) co_return Result<void>();
  opened_ = false;
  SLUICE_CO_TRY(co_await open_store());
  if (is_registry()) {
    SLUICE_CO_TRY(co_await Registry::adopt_manifest(store_, manifest_));
  } else {
    SLUICE_CO_TRY(co_await reconcile(cell_));
    SLUICE_CO_TRY(co_await register_cell());
  }
  opened_ = true;
  co_return Result<void>();
}

Task<Result<void>> CellEngine::open_store() {
  if (!store_.is_open()) {
    SLUICE_CO_TRY(co_await store_.open());
  }
  const Id history{.seq = host_.random().number(), .random = host_.random().number()};
  SLUICE_CO_TRY(auto transaction, co_await store_.begin());
  SLUICE_CO_TRY(co_await numbering_.seed(transaction));
  std::string stream(tables::kEventStream);
  SLUICE_CO_TRY(co_await tables::Log::open(transaction, std::move(stream), history));
  SLUICE_CO_TRY(const auto outcome, co_await transaction.commit());
  if (outcome == store::Outcome::kConflict) {
    co_return Error{Errc::kConflict, "opening the cell lost a race"};
  }
  co_return Result<void>();
}

// The registry knows this cell before the cell accepts anything, so no cell is ever forgotten.
Task<Result<void>> CellEngine::register_cell() {
  const std::string key = "m/registered";
  {
    SLUICE_CO_TRY(auto transaction, co_await store_.begin());
    SLUICE_CO_TRY(const auto row, co_await transaction.get(key));
    if (row) co_return Result<void>();
  }
  RpcRequest request;
  request.kind = RpcKind::kRegister;
  request.hops = 1;
  request.manifest_hash = manifest_.hash;
  request.deadline = host_.clock().now() + seconds(10);
  request.payload = name_;
  SLUICE_CO_TRY(const auto reply, co_await host_.cells().call("registry", encode(request)));
  SLUICE_CO_TRY(decode_rpc_reply(reply));
  SLUICE_CO_TRY(auto transaction, co_await store_.begin());
  transaction.put(key, Registry::mark());
  SLUICE_CO_TRY(const auto outcome, co_await transaction.commit());
  if (outcome == store::Outcome::kConflict) {
    co_return Error{Errc::kConflict, "registering the cell lost a race"};
  }
  co_return Result<void>();
}

Task<void> CellEngine::serve_rpc(TaskId task, Bytes frame) {
  auto request = decode_rpc_request(frame);
  Bytes reply;
  if (request.has_value()) {
    reply = co_await answer(*std::move(request));
  } else {
    reply = rpc_error(request.error().code);
  }
  reply_.rpc(task, std::move(reply));
}

Task<Bytes> CellEngine::answer(RpcRequest request) {
  if (stopping_) co_return rpc_error(Errc::kOverloaded);
  const auto opened = co_await open();
  if (!opened.has_value()) {
    report("cell_not_open", opened.error());
    co_return rpc_error(opened.error().code);
  }
  Result<Bytes> payload = Error{Errc::kNoCapability, "no such call"};
  switch (request.kind) {
    case RpcKind::kIngest: payload = co_await ingest(std::move(request.payload)); break;
    case RpcKind::kHttp: payload = co_await serve_http(std::move(request.payload)); break;
    case RpcKind::kTick:
      if (is_registry()) {
        payload = co_await tick_all();
      } else {
        payload = co_await tick();
      }
      break;
    case RpcKind::kRefusals: payload = co_await keep_refusals(std::move(request.payload)); break;
    case RpcKind::kRegister: payload = co_await remember_cell(std::move(request.payload)); break;
    case RpcKind::kFetchKey: payload = co_await serve_key(std::move(request.payload)); break;
  }
  if (!payload.has_value()) {
    report("call_failed", payload.error());
    co_return rpc_error(payload.error().code);
  }
  co_return rpc_reply(*payload);
}

Task<Result<Bytes>> CellEngine::ingest(Bytes payload) {
  SLUICE_CO_TRY(auto delivery, decode_delivery(payload));
  if (manifest_.source(delivery.print.scope) == nullptr) {
    // The front runs a newer manifest than this cell. Stored now, the event would find no route
    // and never be delivered; sent again, it meets the new manifest.
    SLUICE_MARK("cell: a source of another manifest is not accepted");
    co_return Error{Errc::kOverloaded, "the cell does not know this source yet"};
  }
  SLUICE_CO_TRY(const auto received, co_await flow::receive_webhook(cell_, std::move(delivery)));
  dispatcher_.poke();
  co_return encode(received);
}

Task<Result<Bytes>> CellEngine::serve_http(Bytes payload) {
  SLUICE_CO_TRY(auto request, decode_inbound_request(payload));
  AdminContext context{.cell = cell_, .poke = [this] { dispatcher_.poke(); }};
  const HttpResponse response = co_await admin(context, std::move(request));
  co_return encode(response);
}

Task<Result<Bytes>> CellEngine::keep_refusals(Bytes payload) {
  SLUICE_CO_TRY(auto refused, decode_refusals(payload));
  std::vector<tables::Refusal> refusals;
  for (auto& one : refused) {
    if (manifest_.source(one.source) == nullptr) continue;
    refusals.push_back({.source = std::move(one.source),
                        .installation = std::move(one.installation),
                        .at = one.at,
                        .reason = std::move(one.reason),
                        .detail = std::move(one.detail),
                        .hints = std::move(one.hints)});
  }
  SLUICE_CO_TRY(auto transaction, co_await store_.begin());
  SLUICE_CO_TRY(co_await tables::Refusals::add(transaction, std::move(refusals)));
  SLUICE_CO_TRY(co_await transaction.commit());
  co_return Bytes();
}

// A backstop: the wake is set by what is stored, so a lost alarm costs a minute at most.
Task<Result<Bytes>> CellEngine::tick() {
  const Duration at_once{0};
  co_await set_wake(at_once);
  co_return Bytes();
}

Task<Result<Bytes>> CellEngine::tick_all() {
  SLUICE_CO_TRY(const auto cells, co_await Registry::next_cells(store_));
  for (const auto& cell : cells) {
    RpcRequest request;
    request.kind = RpcKind::kTick;
    request.hops = 1;
    request.manifest_hash = manifest_.hash;
    request.deadline = host_.clock().now() + seconds(10);
    const auto reply = co_await host_.cells().call(cell, encode(request));
    if (!reply.has_value()) report("tick_failed", reply.error());
  }
  co_return Bytes();
}

Task<Result<Bytes>> CellEngine::remember_cell(Bytes payload) {
  if (!is_registry()) co_return Error{Errc::kNoCapability, "only the registry registers"};
  SLUICE_CO_TRY(co_await Registry::remember(store_, std::move(payload)));
  co_return Bytes();
}

// A front says which source needs the document, and the cell asks that source's scheme again.
Task<Result<Bytes>> CellEngine::serve_key(Bytes payload) {
  SLUICE_CO_TRY(auto call, decode_key_call(payload));
  const auto* source = manifest_.source(call.source);
  if (source == nullptr || !signature::may_fetch(source->scheme.fetched, call.wanted.url)) {
    co_return Error{Errc::kBlocked, "no source of this name may fetch from there"};
  }
  std::vector<std::string> private_hosts = manifest_.private_hosts;
  SLUICE_CO_TRY(const auto document,
                co_await flow::fetch_key(host_, key_documents_, std::move(call.wanted),
                                         std::move(private_hosts)));
  co_return encode(document);
}

Task<void> CellEngine::serve_alarm(TaskId task) {
  planned_at_.reset();  // The wake that was planned may be the one that has come.
  const auto opened = co_await open();
  if (!opened.has_value()) {
    report("cell_not_open", opened.error());
    reply_.done(task);
    co_return;
  }
  std::vector<Task<int>> lanes;
  for (std::size_t lane = 0; lane < kLanes && !is_registry() && !stopping_; ++lane) {
    if (!active_[lane]) lanes.push_back(run_lane(static_cast<Lane>(lane)));
  }
  if (active_[static_cast<std::size_t>(Lane::kOutbox)]) dispatcher_.poke();
  if (!lanes.empty()) {
    const std::vector<int> errors = co_await all(host_.scheduler(), std::move(lanes));
    const bool failed = std::any_of(errors.begin(), errors.end(), [](int n) { return n != 0; });
    failures_ = failed ? failures_ + 1 : 0;
  }
  if (failures_ > 0 || planned_at_ != store_.commits()) co_await set_wake(backoff(failures_));
  reply_.done(task);
}

// Gives the number of errors, 0 or 1.
Task<int> CellEngine::run_lane(Lane lane) {
  const auto index = static_cast<std::size_t>(lane);
  active_[index] = true;
  Result<void> result;
  switch (lane) {
    case Lane::kOutbox: result = co_await dispatcher_.run(); break;
    case Lane::kSteps: result = co_await run_steps(); break;
    case Lane::kLinks: result = co_await run_links(); break;
    case Lane::kSweep: result = co_await run_sweep(); break;
  }
  active_[index] = false;
  if (!result.has_value()) report("lane_failed", result.error());
  co_return result.has_value() ? 0 : 1;
}

Task<Result<void>> CellEngine::run_steps() {
  for (int slice = 0; slice < kSlicesMax && !stopping_; ++slice) {
    std::vector<std::string> due;
    {
      SLUICE_CO_TRY(auto transaction, co_await store_.begin());
      SLUICE_CO_TRY(due, co_await tables::Cursors::due(transaction, host_.clock().now(), kDueMax));
    }
    if (due.empty()) break;
    for (const auto& step : due) {
      SLUICE_CO_TRY(const auto report, co_await flow::run_sync(cell_, step, flow::Budget{}));
      if (report.items > 0) dispatcher_.poke();
    }
  }
  co_return Result<void>();
}

Task<Result<void>> CellEngine::run_links() {
  for (int slice = 0; slice < kSlicesMax && !stopping_; ++slice) {
    std::vector<std::string> due;
    {
      SLUICE_CO_TRY(auto transaction, co_await store_.begin());
      SLUICE_CO_TRY(due, co_await tables::Links::due(transaction, host_.clock().now(), kDueMax));
    }
    if (due.empty()) break;
    for (const auto& link : due) {
      SLUICE_CO_TRY(co_await flow::pull_link(cell_, link, flow::Budget{}));
    }
  }
  co_return Result<void>();
}

Task<Result<void>> CellEngine::run_sweep() {
  for (int slice = 0; slice < kSlicesMax && !stopping_; ++slice) {
    const Instant now = host_.clock().now();
    bool is_pass_due = false;
    {
      SLUICE_CO_TRY(auto transaction, co_await store_.begin());
      SLUICE_CO_TRY(const auto next, co_await store::next_sweep(transaction, now));
      SLUICE_CO_TRY(const auto intent, co_await tables::first_timer(transaction, "gc/"));
      is_pass_due = next <= now;
      if (!is_pass_due && (!intent || *intent > now)) co_return Result<void>();
    }
    if (is_pass_due) {
      SLUICE_CO_TRY(const bool old, co_await flow::apply_retention(cell_, now));
      if (old) continue;
    }
    SLUICE_CO_TRY(const bool more, co_await store::sweep(store_, now));
    if (!more) co_return Result<void>();
  }
  co_return Result<void>();
}

Task<void> CellEngine::set_wake(Duration at_least) {
  const auto set = co_await set_cell_wake(cell_, busy(), at_least);
  if (!set.has_value()) report("wake_not_set", set.error());
}

// The commit that records the last outcome also sets the wake, where nothing else will.
Task<void> CellEngine::plan(store::Transaction& transaction) {
  Busy others = busy();
  others.outbox = false;
  const Duration at_once{0};
  const auto planned = co_await plan_cell_wake(transaction, others, at_once, host_.clock().now());
  planned_at_.reset();
  if (!planned.has_value() || others.steps || others.links || others.sweep) co_return;
  const auto [sent, committed] = store_.commits();
  planned_at_ = store::Commits{.sent = sent + 1, .committed = committed + 1};
}

Busy CellEngine::busy() const {
  return {.outbox = active_[static_cast<std::size_t>(Lane::kOutbox)],
          .steps = active_[static_cast<std::size_t>(Lane::kSteps)],
          .links = active_[static_cast<std::size_t>(Lane::kLinks)],
          .sweep = active_[static_cast<std::size_t>(Lane::kSweep)]};
}

Task<void> CellEngine::serve_shutdown(TaskId task) {
  stopping_ = true;
  dispatcher_.stop();
  // What is in flight is recorded by the lane that runs it; its deadline bounds the wait here.
  Waiter idle(host_.scheduler());
  dispatcher_.when_idle(idle);
  co_await idle;
  reply_.done(task);
}

void CellEngine::report(std::string_view event, const Error& error) {
  LogRecord record{.level = Level::kError, .event = event, .fields = {}};
  record.fields.emplace_back(Field::kCell, name_);
  record.fields.emplace_back(Field::kCode, std::string(name(error.code)));
  record.fields.emplace_back(Field::kDetail, std::string(error.context));
  host_.log().write(std::move(record));
}

}  // namespace sluice::app
