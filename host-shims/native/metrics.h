// The metrics of a process, and their text form for Prometheus.
//
// Series are found by the name the core gives, labels included. Their number is bounded: labels
// are names from the manifest and enumerations, so reaching the bound is a defect, and what comes
// after it is counted in one series instead of growing without end.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "host/log.h"

namespace sluice::native {

inline constexpr std::size_t kSeriesMax = 4096;

// Upper bounds of the histogram buckets, in the unit of the metric (seconds by convention).
inline constexpr std::array<double, 14> kBuckets = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                    0.1,    0.25,  0.5,    1,     2.5,  5,     10};

class Metrics {
 public:
  void record(MetricKind kind, std::string_view name, double value);

  // Text exposition format 0.0.4, families in order of their names.
  [[nodiscard]] std::string render() const;

 private:
  struct Series {
    MetricKind kind{};
    double value = 0;  // Of a histogram: the sum.
    std::uint64_t observations = 0;
    std::array<std::uint64_t, kBuckets.size()> buckets{};
  };

  // By the name as it was given, so that the common case is one lookup without a copy.
  std::map<std::string, Series, std::less<>> series_;
  std::uint64_t refused_ = 0;
};

}  // namespace sluice::native
