// What the host calls. One engine per instance, made by `sluice_boot` and dropped with the
// instance; the only global there is.
//
// In a cell every export runs all tasks until none is runnable. In a front it runs only its own
// task's, because there I/O belongs to the request that started it.
#include <cstdlib>
#include <memory>
#include <optional>
#include <utility>

#include "abi/sluice_abi.h"
#include "app/engine.h"
#include "wasm/frames.h"
#include "wasm/wasm_host.h"

namespace sluice::wasm {
namespace {

class ImportedReply final : public Reply {
 public:
  explicit ImportedReply(Calls& calls) : calls_(calls) {}

  void http(TaskId task, HttpResponse response) override {
    send(task, write_http_response(response));
  }
  void rpc(TaskId task, Bytes frame) override { send(task, frame); }
  void done(TaskId task) override { send(task, {}); }

 private:
  void send(TaskId task, ByteView bytes) {
    calls_.forget(task);
    const auto size = static_cast<std::uint32_t>(bytes.size());
    const std::int32_t answer = sluice_sys_reply(task, bytes.data(), size);
    SLUICE_ASSERT(answer == 0);  // A second reply, or one to nobody, is a defect of the core.
  }

  Calls& calls_;
};

// An instance that has been booted. Members die in reverse order: the engine first.
struct Instance {
  explicit Instance(const BootFrame& frame)
      : role(frame.boot.role), trap_on(frame.trap_on), host(frame.caps), reply(host.calls()) {}

  Role role;
  std::optional<TrapOn> trap_on;
  WasmHost host;
  ImportedReply reply;
  std::unique_ptr<Engine> engine;

  [[nodiscard]] bool traps_on(std::uint32_t kind, ByteView payload) const {
    return trap_on && trap_on->kind == kind && payload.find(trap_on->needle) != ByteView::npos;
  }

  void run(TaskId task) {
    if (role == Role::kCell) {
      host.scheduler().run_all();
    } else {
      host.scheduler().run(task);
    }
  }
};

// Never deleted: it goes with the memory of the instance.
Instance*& instance() {
  static Instance* booted = nullptr;
  return booted;
}

// Bytes that the host has handed over.
Bytes consume(void* p, std::uint32_t n) {
  Bytes bytes(static_cast<const char*>(p), n);
  std::free(p);
  return bytes;
}

std::int32_t status_of(const Error& error) {
  if (error.code <= Errc::kBudget || error.code == Errc::kFull || error.code == Errc::kNotOwner) {
    return -static_cast<std::int32_t>(error.code);
  }
  return SLUICE_ERROR_BAD_ARG;
}

Result<void> start(Engine& engine, std::uint32_t kind, TaskId task, Bytes payload) {
  switch (kind) {
    case SLUICE_EVENT_HTTP: {
      SLUICE_TRY(InboundRequest request, read_http_request(payload));
      engine.http(task, std::move(request));
      return {};
    }
    case SLUICE_EVENT_CRON: {
      SLUICE_TRY(const Instant scheduled, read_cron(payload));
      engine.cron(task, scheduled);
      return {};
    }
    case SLUICE_EVENT_ALARM: engine.alarm(task); return {};
    case SLUICE_EVENT_RPC: engine.rpc(task, std::move(payload)); return {};
    case SLUICE_EVENT_SHUTDOWN: engine.shutdown(task); return {};
    default: return Error{Errc::kBadArgument, "event kind"};
  }
}

}  // namespace
}  // namespace sluice::wasm

extern "C" {

std::int32_t sluice_abi() { return SLUICE_ABI_MAJOR << 16 | SLUICE_ABI_MINOR; }

void* sluice_alloc(std::uint32_t n) { return std::malloc(n == 0 ? 1 : n); }

void sluice_free(void* p, std::uint32_t) { std::free(p); }

std::int32_t sluice_boot(void* p, std::uint32_t n) {
  using namespace sluice;
  const Bytes bytes = wasm::consume(p, n);
  if (wasm::instance() != nullptr) return SLUICE_ERROR_BAD_ARG;
  auto frame = wasm::read_boot(bytes);
  if (!frame) return wasm::status_of(frame.error());

  auto booting = std::make_unique<wasm::Instance>(*frame);
  auto engine = app::make_engine(booting->host, booting->reply, std::move(frame->boot));
  if (!engine) return wasm::status_of(engine.error());
  booting->engine = *std::move(engine);
  wasm::instance() = booting.release();
  return SLUICE_STATUS_OK;
}

std::int32_t sluice_event(std::uint32_t kind, sluice_task task, void* p, std::uint32_t n) {
  using namespace sluice;
  Bytes payload = wasm::consume(p, n);
  wasm::Instance* booted = wasm::instance();
  if (booted == nullptr || task == 0 || task > INT32_MAX) return SLUICE_ERROR_BAD_ARG;
  if (booted->host.scheduler().is_live(task)) return SLUICE_ERROR_BAD_ARG;

  SLUICE_ASSERT(!booted->traps_on(kind, payload));

  const auto started = wasm::start(*booted->engine, kind, task, std::move(payload));
  if (!started) return wasm::status_of(started.error());
  booted->run(task);
  return SLUICE_STATUS_OK;
}

std::int32_t sluice_on_op(sluice_op op, std::int32_t status, std::uint32_t n) {
  using namespace sluice;
  wasm::Instance* booted = wasm::instance();
  if (booted == nullptr) return SLUICE_ERROR_BAD_ARG;
  const auto task = booted->host.calls().complete(op, status, n);
  if (task) booted->run(*task);
  return SLUICE_STATUS_OK;
}

std::int32_t sluice_cancel(sluice_task task) {
  using namespace sluice;
  wasm::Instance* booted = wasm::instance();
  if (booted == nullptr || !booted->host.scheduler().is_live(task)) return SLUICE_ERROR_BAD_ARG;
  booted->host.calls().cancel(task);
  booted->engine->cancel(task);
  booted->run(task);
  return SLUICE_STATUS_OK;
}

}  // extern "C"
