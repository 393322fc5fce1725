// Structured log records and metrics.
//
// A record is an event name and values of fields on an allow-list: there is no field for a body,
// a header, a query string or a secret, so none can be logged. Hosts render it as one JSON line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::inline host {

enum class Level : std::uint8_t { kDebug = 0, kInfo = 1, kWarn = 2, kError = 3 };

enum class Field : std::uint8_t {
  kCell,
  kSource,
  kEndpoint,
  kStep,
  kLink,
  kEvent,
  kMessage,
  kReason,
  kDetail,
  kStatus,
  kAttempt,
  kCount,
  kKey,
  kCode,
  kDelayMs,
  kEpoch,
  kScheme,
  kAt,
  kEntry,
  kDuration,
  kHints,
};

// The lower-case name of a field in the rendered record.
[[nodiscard]] std::string_view name(Field field);

struct LogRecord {
  Level level = Level::kInfo;
  std::string_view event;  // A literal such as "webhook_refused".
  std::vector<std::pair<Field, std::string>> fields;
};

enum class MetricKind : std::uint8_t { kCounter = 0, kGauge = 1, kHistogram = 2 };

class Log {
 public:
  Log() = default;
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;
  virtual ~Log() = default;

  virtual void write(LogRecord record) = 0;

  // `name` follows Prometheus, with its labels: `sluice_deliveries_total{result="done"}`. Labels
  // are names from the manifest and enumerations, never text from a request. Values of counters
  // are increments.
  virtual void metric(MetricKind kind, std::string_view name, double value) = 0;
};

}  // namespace sluice::inline host
