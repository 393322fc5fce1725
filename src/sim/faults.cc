#include "sim/faults.h"

namespace sluice::sim {
namespace {

std::uint32_t rate(Prng& prng, std::uint32_t most) {
  const std::uint64_t drawn = prng.below(2 * std::uint64_t{most});
  return drawn < most ? 0 : static_cast<std::uint32_t>(drawn - most + 1);  // Off in half of them.
}

}  // namespace

Faults Faults::draw(Prng& prng) {
  Faults faults;
  switch (prng.below(4)) {
    case 0:  // A platform that guarantees one owner and gates outputs.
      faults.gated = true;
      break;
    case 1:  // One file, several processes, group commit.
      faults.caps = kMultiCommit | kSync | kAlarm;
      faults.gated = prng.chance(1, 2);
      break;
    default:  // A store over a network.
      faults.caps = kMultiCommit | kAlarm;
      if (prng.chance(1, 2)) faults.caps |= kSingleOwner;
      faults.kv_unknown = rate(prng, 60);
      break;
  }
  if (!faults.gated) faults.kv_pending = rate(prng, 600);
  faults.kv_overloaded = rate(prng, 20);
  faults.kv_io = rate(prng, 20);
  faults.crash = rate(prng, 25);
  faults.http_lost = rate(prng, 100);
  faults.http_answer_lost = rate(prng, 100);
  faults.http_repeated = rate(prng, 100);
  faults.http_slow = rate(prng, 100);
  faults.http_garbage = rate(prng, 50);
  faults.rpc_lost = rate(prng, 50);
  faults.rpc_answer_lost = rate(prng, 50);
  faults.rpc_repeated = rate(prng, 50);
  faults.clock_step = rate(prng, 20);
  if ((faults.caps & kSingleOwner) == 0) faults.split = rate(prng, 30);
  faults.disk_full = rate(prng, 10);
  return faults;
}

Faults Faults::healed() const {
  Faults faults;
  faults.caps = caps;
  faults.gated = gated;
  return faults;
}

}  // namespace sluice::sim
