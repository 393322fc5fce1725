#include "native/json_log.h"

#include <unistd.h>

#include <cerrno>
#include <cstddef>

#include "codec/json_writer.h"

namespace sluice::native {

namespace {

constexpr std::size_t kLinesMax = 64 * 1024;

std::string_view level_name(Level level) {
  switch (level) {
    case Level::kDebug: return "debug";
    case Level::kInfo: return "info";
    case Level::kWarn: return "warn";
    case Level::kError: return "error";
  }
  return "unknown";
}

}  // namespace

Level parse_level(std::string_view text, Level fallback) {
  for (const Level level : {Level::kDebug, Level::kInfo, Level::kWarn, Level::kError}) {
    if (text == level_name(level)) return level;
  }
  return fallback;
}

void JsonLog::write(LogRecord record) {
  if (record.level < least_) return;
  const bool first = lines_.empty();
  codec::JsonWriter json;
  json.begin_object().field("time", clock_.now().ms).field("level", level_name(record.level));
  json.field("event", record.event);
  for (const auto& [field, value] : record.fields) json.field(name(field), value);
  json.end_object();
  lines_ += std::move(json).take();
  lines_ += '\n';
  if (record.level == Level::kError || lines_.size() > kLinesMax) {
    flush();
  } else if (first && on_waiting_) {
    on_waiting_();
  }
}

void JsonLog::metric(MetricKind kind, std::string_view name, double value) {
  metrics_.record(kind, name, value);
}

void JsonLog::flush() {
  std::string_view rest = lines_;
  while (!rest.empty()) {
    const ssize_t written = ::write(file_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) break;  // Nobody reads the log; the work goes on.
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  lines_.clear();
}

}  // namespace sluice::native
