// What may go wrong in one simulated world, and how often.
//
// A swarm: each seed turns some faults off altogether, since a fault that always happens hides
// what only shows without it.
#pragma once

#include <cstdint>

#include "base/prng.h"
#include "host/host.h"

namespace sluice::sim {

struct Faults {
  // What kind of store the cells have; see host/host.h.
  std::uint32_t caps = kMultiCommit | kSingleOwner | kSync | kAlarm;
  // Commits are answered at once and become durable later; replies, requests and calls that follow
  // one are withheld until then, and are lost together with it.
  bool gated = false;

  // Of a thousand calls, so many:
  std::uint32_t kv_pending = 0;  // Answered later, other tasks run meanwhile.
  std::uint32_t kv_overloaded = 0;
  std::uint32_t kv_io = 0;
  std::uint32_t kv_unknown = 0;        // Outcome unknown: applied, not applied, or applied later.
  std::uint32_t crash = 0;             // The engine dies in this call.
  std::uint32_t http_lost = 0;         // The request never arrives.
  std::uint32_t http_answer_lost = 0;  // The peer has seen it.
  std::uint32_t http_repeated = 0;     // The peer sees it twice.
  std::uint32_t http_slow = 0;
  std::uint32_t http_garbage = 0;
  std::uint32_t rpc_lost = 0;
  std::uint32_t rpc_answer_lost = 0;
  std::uint32_t rpc_repeated = 0;
  std::uint32_t clock_step = 0;  // Of a thousand events: the wall clock jumps, forth or back.
  std::uint32_t split = 0;       // Of a thousand events: a cell is taken over, its old owner lives.
  std::uint32_t disk_full = 0;   // Of a thousand events: the store refuses writes for a while.

  // No fault at all: each store call is answered at once.
  [[nodiscard]] static Faults none() { return {}; }

  // The faults of one seed.
  [[nodiscard]] static Faults draw(Prng& prng);

  // The same store without anything going wrong.
  [[nodiscard]] Faults healed() const;
};

}  // namespace sluice::sim
