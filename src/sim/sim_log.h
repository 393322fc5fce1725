// Collects what an engine logs and counts, for tests to look at; and its seeded random bytes.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "base/prng.h"
#include "host/log.h"
#include "host/random.h"

namespace sluice::sim {

class SimLog final : public Log {
 public:
  static constexpr std::size_t kKept = 256;

  void write(LogRecord record) override {
    ++events_[std::string(record.event)];
    records_.push_back(std::move(record));
    if (records_.size() > kKept) records_.pop_front();
  }
  void metric(MetricKind kind, std::string_view name, double value) override {
    double& total = metrics_[std::string(name)];
    total = kind == MetricKind::kCounter ? total + value : value;
  }

  // The newest kKept records.
  [[nodiscard]] const std::deque<LogRecord>& records() const { return records_; }
  // How many records of each event there were.
  [[nodiscard]] const std::map<std::string, std::uint64_t>& events() const { return events_; }
  [[nodiscard]] const std::map<std::string, double>& metrics() const { return metrics_; }

 private:
  std::deque<LogRecord> records_;
  std::map<std::string, std::uint64_t> events_;
  std::map<std::string, double> metrics_;
};

class SimRandom final : public Random {
 public:
  explicit SimRandom(std::uint64_t seed) : prng_(seed) {}

  Bytes bytes(std::size_t count) override {
    Bytes drawn(count, '\0');
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (i % 8 == 0) word = prng_.next();
      drawn[i] = static_cast<char>(word & 0xffU);
      word >>= 8;
    }
    return drawn;
  }

 private:
  Prng prng_;
};

}  // namespace sluice::sim
