// An engine as its host drives it: one front or one cell, fed with events, each ended by one reply.
//
//   host -- http(task, request) --> Engine -- Reply::http(task, response) --> host, exactly once
//
// The app implements it (app/engine.h); bindings/wasm and host-shims/native drive it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/headers.h"
#include "host/host.h"

namespace sluice::inline host {

enum class Role : std::uint8_t { kFront = 0, kCell = 1 };

// What the host knows at start. Strings are copied; nothing refers to host memory afterwards.
struct Boot {
  Role role = Role::kFront;
  std::string cell;      // `<installation>.<shard>`, or `registry`; empty in a front.
  std::string manifest;  // The text of sluice.json.
  std::vector<std::pair<std::string, std::string>> environment;  // For `env:NAME`.
  std::uint32_t body_max = 1024 * 1024;
};

// An HTTP request as it came in. `target` is path and query as received.
struct InboundRequest {
  std::string method;
  std::string target;
  std::string origin;  // Scheme and authority that the caller used: `https://hooks.example`.
  Headers headers;
  Bytes body;
  bool body_too_large = false;  // The host stopped reading; `body` is empty.
};

class Reply {
 public:
  Reply() = default;
  Reply(const Reply&) = delete;
  Reply& operator=(const Reply&) = delete;
  virtual ~Reply() = default;

  // Each task ends with exactly one of these.
  virtual void http(TaskId task, HttpResponse response) = 0;
  virtual void rpc(TaskId task, Bytes frame) = 0;
  virtual void done(TaskId task) = 0;  // Cron, alarm and shutdown.
};

class Engine {
 public:
  Engine() = default;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  virtual ~Engine() = default;

  // Each starts the task `task`, a number that is not in use. Nothing runs before the host lets
  // the scheduler run: `run_all` in a cell, `run(task)` in a front.
  virtual void http(TaskId task, InboundRequest request) = 0;
  virtual void cron(TaskId task, Instant scheduled) = 0;
  virtual void alarm(TaskId task) = 0;
  virtual void rpc(TaskId task, Bytes frame) = 0;

  // Stops taking up new work; its task ends when what is under way has been recorded.
  virtual void shutdown(TaskId task) = 0;

  // A request: the task's next HTTP or RPC await fails with kCancelled; commits are finished.
  virtual void cancel(TaskId task) = 0;
};

}  // namespace sluice::inline host
