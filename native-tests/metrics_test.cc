// Native only: tests the native host.
#include "native/metrics.h"

#include <unistd.h>

#include "doctest/doctest.h"
#include "native/json_log.h"
#include "native/system.h"

using namespace sluice;
using namespace sluice::native;

namespace {

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

std::string drain(int file) {
  std::string text(4096, '\0');
  const ssize_t size = read(file, text.data(), text.size());
  text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return text;
}

}  // namespace

TEST_SUITE("native/metrics") {
  TEST_CASE("counters add up, gauges replace, and each family stands together") {
    Metrics metrics;
    metrics.record(MetricKind::kCounter, "a_total{x=\"1\"}", 1);
    metrics.record(MetricKind::kCounter, "a_total_more", 7);
    metrics.record(MetricKind::kCounter, "a_total", 2);
    metrics.record(MetricKind::kCounter, "a_total{x=\"1\"}", 4);
    metrics.record(MetricKind::kGauge, "g", 3);
    metrics.record(MetricKind::kGauge, "g", 1.5);
    const std::string text = metrics.render();
    CHECK(text.find("# TYPE a_total counter\na_total 2\na_total{x=\"1\"} 5\n"
                    "# TYPE a_total_more counter\na_total_more 7\n# TYPE g gauge\ng 1.5\n") == 0);
  }

  TEST_CASE("a histogram counts into every bucket that is large enough") {
    Metrics metrics;
    metrics.record(MetricKind::kHistogram, "h{x=\"1\"}", 0.1);
    metrics.record(MetricKind::kHistogram, "h{x=\"1\"}", 99);
    const std::string text = metrics.render();
    CHECK(has_line(text, "# TYPE h histogram"));
    CHECK(has_line(text, "h_bucket{x=\"1\",le=\"0.05\"} 0"));
    CHECK(has_line(text, "h_bucket{x=\"1\",le=\"0.1\"} 1"));
    CHECK(has_line(text, "h_bucket{x=\"1\",le=\"10\"} 1"));
    CHECK(has_line(text, "h_bucket{x=\"1\",le=\"+Inf\"} 2"));
    CHECK(has_line(text, "h_count{x=\"1\"} 2"));
  }

  TEST_CASE("the number of series is bounded, and what is left out is counted") {
    Metrics metrics;
    for (std::size_t i = 0; i < kSeriesMax + 5; ++i) {
      metrics.record(MetricKind::kCounter, "m" + std::to_string(i), 1);
    }
    CHECK(has_line(metrics.render(), "sluice_metrics_refused_total 5"));
  }

  TEST_CASE("a record is one JSON line, whatever its values hold") {
    int ends[2] = {-1, -1};
    CHECK(pipe(ends) == 0);
    SystemClock clock;
    Metrics metrics;
    JsonLog log(clock, metrics, ends[1], Level::kInfo);
    int waiting = 0;
    log.on_waiting([&] { ++waiting; });
    log.write({.level = Level::kDebug, .event = "unseen", .fields = {}});
    CHECK(waiting == 0);
    log.write({.level = Level::kWarn,
               .event = "seen",
               .fields = {{Field::kSource, "a\"\n"}, {Field::kCount, "3"}}});
    CHECK(waiting == 1);
    log.flush();
    const std::string text = drain(ends[0]);
    CHECK(text.find("{\"time\":") == 0);
    CHECK(text.find(
              "\"level\":\"warn\",\"event\":\"seen\",\"source\":\"a\\\"\\n\",\"count\":\"3\"}\n") !=
          std::string::npos);
    CHECK(text.find('\n') == text.size() - 1);
    log.on_waiting({});
    close(ends[0]);
    close(ends[1]);
  }
}
