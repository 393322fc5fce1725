#include "native/metrics.h"

#include <cstdio>
#include <utility>

namespace sluice::native {

namespace {

std::string number_text(double value) {
  char text[32];
  const int size = std::snprintf(text, sizeof text, "%.17g", value);
  return std::string(text, static_cast<std::size_t>(size));
}

// A bucket's bound is short in decimal; seventeen digits would spell 0.1 as 0.10000000000000001.
std::string bound_text(double value) {
  char text[32];
  const int size = std::snprintf(text, sizeof text, "%g", value);
  return std::string(text, static_cast<std::size_t>(size));
}

// `name{a="b"}` as its family `name` and its labels `a="b"`.
std::pair<std::string_view, std::string_view> split(std::string_view name) {
  const std::size_t brace = name.find('{');
  if (brace == std::string_view::npos || name.back() != '}') return {name, {}};
  return {name.substr(0, brace), name.substr(brace + 1, name.size() - brace - 2)};
}

std::string_view type_name(MetricKind kind) {
  switch (kind) {
    case MetricKind::kCounter: return "counter";
    case MetricKind::kGauge: return "gauge";
    case MetricKind::kHistogram: return "histogram";
  }
  return "untyped";
}

void add_line(std::string& text, std::string_view name, std::string_view labels,
              std::string_view value) {
  text.append(name);
  if (!labels.empty()) text.append("{").append(labels).append("}");
  text.append(" ").append(value).append("\n");
}

}  // namespace

void Metrics::record(MetricKind kind, std::string_view name, double value) {
  auto found = series_.find(name);
  if (found == series_.end()) {
    if (series_.size() >= kSeriesMax) {
      ++refused_;
      return;
    }
    found = series_.emplace(std::string(name), Series{}).first;
    found->second.kind = kind;
  }
  Series& series = found->second;
  if (kind == MetricKind::kGauge) {
    series.value = value;
    return;
  }
  series.value += value;
  if (kind != MetricKind::kHistogram) return;
  ++series.observations;
  for (std::size_t i = 0; i < kBuckets.size(); ++i) series.buckets[i] += value <= kBuckets[i];
}

std::string Metrics::render() const {
  // A family's series stand together, which the order of the full names does not give.
  std::map<std::pair<std::string_view, std::string_view>, const Series*> ordered;
  for (const auto& [name, series] : series_) ordered.emplace(split(name), &series);
  std::string text;
  std::string_view family;
  for (const auto& [name, series] : ordered) {
    if (name.first != family) {
      family = name.first;
      text.append("# TYPE ").append(family).append(" ").append(type_name(series->kind));
      text.append("\n");
    }
    if (series->kind != MetricKind::kHistogram) {
      add_line(text, family, name.second, number_text(series->value));
      continue;
    }
    const std::string before = name.second.empty() ? "" : std::string(name.second) + ",";
    const std::string bucket = std::string(family) + "_bucket";
    for (std::size_t i = 0; i < kBuckets.size(); ++i) {
      add_line(text, bucket, before + "le=\"" + bound_text(kBuckets[i]) + "\"",
               std::to_string(series->buckets[i]));
    }
    add_line(text, bucket, before + "le=\"+Inf\"", std::to_string(series->observations));
    add_line(text, std::string(family) + "_sum", name.second, number_text(series->value));
    add_line(text, std::string(family) + "_count", name.second,
             std::to_string(series->observations));
  }
  text.append("# TYPE sluice_metrics_refused_total counter\n");
  add_line(text, "sluice_metrics_refused_total", {}, std::to_string(refused_));
  return text;
}

}  // namespace sluice::native
