// Log records as JSON lines on a file descriptor, and metrics into the registry.
//
//   {"time":1763700000000,"level":"warn","event":"webhook_refused","source":"github","reason":...}
//
// Lines are gathered for a moment and written together; an error is written at once, because a
// trap may follow it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "host/clock.h"
#include "host/log.h"
#include "native/metrics.h"

namespace sluice::native {

class JsonLog final : public Log {
 public:
  JsonLog(Clock& clock, Metrics& metrics, int file, Level least)
      : clock_(clock), metrics_(metrics), file_(file), least_(least) {}
  ~JsonLog() override { flush(); }

  void write(LogRecord record) override;
  void metric(MetricKind kind, std::string_view name, double value) override;

  void flush();

  // Called when a line begins to wait for the next `flush`.
  void on_waiting(std::function<void()> callback) { on_waiting_ = std::move(callback); }

 private:
  Clock& clock_;
  Metrics& metrics_;
  int file_;
  Level least_;
  std::string lines_;
  std::function<void()> on_waiting_;
};

// "debug", "info", "warn" or "error"; `fallback` for any other text.
[[nodiscard]] Level parse_level(std::string_view text, Level fallback);

}  // namespace sluice::native
