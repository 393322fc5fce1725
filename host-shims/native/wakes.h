// When each cell wants to run next: the stored wakes of a process, armed in memory.
//
// A wake that is due starts one alarm, and never a second one before that has ended. An alarm is
// expected to look at every timer and say when the next is; one that ends without saying so has
// failed, and so has one whose engine was dropped. It is tried again after 1, 2, 4 ... 300
// seconds, or at once when a commit asks for a wake, because then there is something new to do.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "native/sqlite_kv.h"

namespace sluice::native {

enum class AlarmEnd : std::uint8_t { kDone, kDropped };

class Wakes {
 public:
  // The wake of `cell` as it is stored, at the start of a process or after its engine was dropped.
  void restore(const std::string& cell, std::optional<Instant> stored);

  // A change that has become durable.
  void apply(const std::string& cell, const WakeChange& change, Instant now);

  // When the next alarm is to start; none when nothing waits.
  [[nodiscard]] std::optional<Instant> next() const;

  // At most `most` cells whose alarm is due, earliest first; their alarms count as running.
  [[nodiscard]] std::vector<std::string> take_due(Instant now, std::size_t most);

  void finish(const std::string& cell, AlarmEnd end, Instant now);

  [[nodiscard]] bool is_running(const std::string& cell) const;

 private:
  struct Entry {
    std::optional<Instant> stored;
    Instant not_before;  // After a failure.
    int failures = 0;
    bool running = false;
    bool replaced = false;  // Since the running alarm began.
  };

  [[nodiscard]] static std::optional<Instant> due(const Entry& entry);

  std::map<std::string, Entry> entries_;
};

}  // namespace sluice::native
