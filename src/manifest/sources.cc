#include "manifest/scheme.h"
#include "manifest/sections.h"

namespace sluice::manifest {
namespace {

constexpr Range kDedupeMs{60'000, days(8).ms};
constexpr Range kToleranceMs{1000, days(7).ms};
constexpr Range kBodyMax{1, 16 * 1024 * 1024};

Source read_source(const std::string& name, const Object& object, const Context& context) {
  Source source;
  source.name = name;
  auto scheme = read_scheme(object, Presence::kRequired, context.schemes);
  source.secrets = read_secrets(object, scheme ? &*scheme : nullptr, context);
  if (scheme) source.scheme = *std::move(scheme);
  if (const auto past = object.duration("past_ms", kToleranceMs)) source.scheme.time.past = *past;
  if (const auto future = object.duration("future_ms", kToleranceMs)) {
    source.scheme.time.future = *future;
  }
  if (const auto dedupe = object.duration("dedupe_ms", kDedupeMs)) source.dedupe = *dedupe;
  source.body_max = context.body_max;
  if (const auto body_max = object.integer("body_max", kBodyMax)) {
    source.body_max = static_cast<std::uint32_t>(*body_max);
  }
  return source;
}

}  // namespace

std::vector<Source> read_sources(const Object& root, const Context& context) {
  std::vector<Source> sources;
  for (const auto& member : root.members("sources", kSectionMax)) {
    const std::string at = below(root.at("sources"), member.key);
    (void)check_name(member.key, at, context.report);
    const Object object(member.value, at,
                        {"scheme", "secrets", "past_ms", "future_ms", "dedupe_ms", "body_max"},
                        context.report);
    sources.push_back(read_source(member.key, object, context));
  }
  return sources;
}

}  // namespace sluice::manifest
