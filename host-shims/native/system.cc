#include "native/system.h"

#include <sodium.h>

#include <chrono>

#include "base/assert.h"

namespace sluice::native {

Instant SystemClock::now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::milliseconds>(now).count()};
}

Duration SystemClock::monotonic() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::milliseconds>(now).count()};
}

SystemRandom::SystemRandom() {
  const int started = sodium_init();
  SLUICE_ASSERT(started >= 0);
}

Bytes SystemRandom::bytes(std::size_t count) {
  Bytes drawn(count, '\0');
  if (count > kBlock) {
    randombytes_buf(drawn.data(), drawn.size());
    return drawn;
  }
  if (count > kBlock - used_) {
    block_.resize(kBlock);
    randombytes_buf(block_.data(), block_.size());
    used_ = 0;
  }
  drawn = block_.substr(used_, count);
  if (count > 0)
    sodium_memzero(&block_[used_], count);  // What was handed out is known to its owner alone.
  used_ += count;
  return drawn;
}

}  // namespace sluice::native
