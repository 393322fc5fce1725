// One seed, one whole story: webhooks come in and go out, a step reads an API, a link copies the
// log to a second cell, and what can go wrong goes wrong, until it stops.
//
// Safety is checked all along: what is stored is consistent, and nothing is claimed that did not
// happen. Once the faults have stopped, everything must come to its end: accepted webhooks are
// delivered or dead, cursor and checkpoint have arrived, both journals agree.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace sluice::sim {

struct RunReport {
  std::uint64_t seed = 0;
  std::uint64_t hash = 0;  // Of everything that happened; the same on every platform.
  std::vector<std::string> violations;

  std::uint64_t steps = 0;
  std::uint64_t host_calls = 0;
  std::uint64_t crashes = 0;
  std::uint64_t splits = 0;
  std::uint64_t tails_lost = 0;
  std::uint64_t faults = 0;
  std::uint64_t webhooks = 0;
  std::uint64_t delivered = 0;
  std::uint64_t duplicates = 0;  // Deliveries that the receiver had seen before.
  std::uint64_t dead = 0;
  std::uint64_t items = 0;
  std::uint64_t copied = 0;
};

// Hears of each thing that happens, at a time since the beginning.
using Listener = std::function<void(Duration, std::string_view what, std::string_view about)>;

[[nodiscard]] RunReport run_seed(std::uint64_t seed, Listener listener = {});

// The same story without faults, but for one crash in the `call`th host call (0: none).
[[nodiscard]] RunReport run_with_crash(std::uint64_t seed, std::uint64_t call);

// Adds a run to what many runs did.
void add(RunReport& total, const RunReport& run);

}  // namespace sluice::sim
