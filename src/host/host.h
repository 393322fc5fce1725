// A platform, split by capability. The wasm build binds it to imports, the native build to
// libraries, tests to `sim`. Its parts live as long as the engine that uses them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/headers.h"
#include "host/cells.h"
#include "host/clock.h"
#include "host/http.h"
#include "host/kv.h"
#include "host/log.h"
#include "host/random.h"
#include "task/scheduler.h"

namespace sluice::inline host {

// What the store of this host can do. A cell needs kMultiCommit; a front needs no store.
enum Capability : std::uint32_t {
  kMultiCommit = 1U << 0,  // A commit covers several keys.
  kSingleOwner = 1U << 1,  // The platform guarantees one engine per cell: no owner checks needed.
  kSync = 1U << 2,         // A commit never ends in kUnknownOutcome.
  kAlarm = 1U << 3,        // The host wakes the cell by itself.
  kTtl = 1U << 4,
};

struct Caps {
  std::uint32_t bits = 0;
  std::uint32_t http_in_flight_max = 6;
  std::uint64_t store_bytes_max = 8ULL * 1024 * 1024 * 1024;

  [[nodiscard]] bool has(Capability capability) const { return (bits & capability) != 0; }
};

class Host {
 public:
  Host() = default;
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;
  virtual ~Host() = default;

  [[nodiscard]] virtual const Caps& caps() const = 0;
  [[nodiscard]] virtual Scheduler& scheduler() = 0;
  [[nodiscard]] virtual Clock& clock() = 0;
  [[nodiscard]] virtual Random& random() = 0;
  [[nodiscard]] virtual Log& log() = 0;
  [[nodiscard]] virtual Kv& kv() = 0;
  [[nodiscard]] virtual Http& http() = 0;
  [[nodiscard]] virtual Cells& cells() = 0;
};

}  // namespace sluice::inline host
