// An engine as its host drives it: one front or one cell, fed with events, each ended by one reply.
//
//   host ── event(kind, task, bytes) ──> Engine ── Reply::send(task, bytes) ──> host, exactly once
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

enum class EventKind : std::uint8_t {
  kHttp = 1,
  kCron = 2,
  kAlarm = 3,
  kRpc = 4,
  kQueue = 5,  // Reserved.
  kShutdown = 6,
};

// What the host knows at start. Strings are copied; nothing refers to host memory afterwards.
struct Boot {
  Role role = Role::kFront;
  std::string cell;  // `<installation>.<shard>`, or `registry`; empty in a front.
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

  // Ends the task. HTTP: a response frame; RPC: a reply frame; others: empty.
  virtual void send(TaskId task, Bytes frame) = 0;
};

}  // namespace sluice::inline host
