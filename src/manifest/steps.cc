#include <utility>

#include "manifest/sections.h"
#include "sync/step.h"

namespace sluice::manifest {
namespace {

constexpr Range kEveryMs{1000, days(31).ms};
constexpr Range kOverlapMs{0, days(31).ms};
constexpr Range kSettleMs{0, days(1).ms};
constexpr Range kSpanMs{1000, days(3660).ms};
constexpr Range kBackfillMs{0, days(36600).ms};
constexpr Range kTimeoutMs{100, 120'000};
constexpr std::size_t kQueryMax = 32;

void read_query(Step& step, const Object& object, const Context& context) {
  for (const auto& member : object.members("query", kQueryMax)) {
    const std::string at = below(object.at("query"), member.key);
    auto text = text_of(member.value, at, context.report);
    if (!text) continue;
    if (is_reference(*text)) {
      text = resolve(*text, at, context, "stand-in");
      if (!text) continue;
    } else if (!sync::is_template(*text)) {
      context.report.error(
          at, "template_malformed",
          "Placeholders are \"{begin}\" and \"{end}\", found \"" + shown(*text) + "\".");
      continue;
    }
    step.query.emplace_back(member.key, *std::move(text));
  }
}

void read_page(Step& step, const Object& parent) {
  const codec::Json* page = parent.member("page", Presence::kOptional);
  if (page == nullptr) return;
  const Object object(*page, parent.at("page"), {"number", "next"}, parent.report());
  if (!page->is_object()) return;
  const bool has_number = object.has("number");
  if (has_number == object.has("next")) {
    parent.report().error(object.at(), "wrong_type",
                          "Expected either {\"number\": QUERY} or {\"next\": POINTER}.");
    return;
  }
  if (has_number) {
    auto name = object.string("number", Presence::kRequired);
    if (!name) return;
    if (name->empty()) {
      parent.report().error(object.at("number"), "out_of_range",
                            "Expected the name of a query parameter such as \"page\".");
      return;
    }
    step.paging = Step::Paging::kNumber;
    step.page = *std::move(name);
  } else if (auto pointer = object.pointer("next", Presence::kRequired)) {
    step.paging = Step::Paging::kNext;
    step.page = *std::move(pointer);
  }
}

void read_times(Step& step, const Object& object) {
  if (const auto every = object.duration("every_ms", kEveryMs)) step.every = *every;
  if (const auto overlap = object.duration("overlap_ms", kOverlapMs)) step.overlap = *overlap;
  if (const auto settle = object.duration("settle_ms", kSettleMs)) step.settle = *settle;
  if (const auto span = object.duration("span_max_ms", kSpanMs)) step.span_max = *span;
  if (const auto backfill = object.duration("backfill_ms", kBackfillMs)) step.backfill = *backfill;
  if (const auto timeout = object.duration("timeout_ms", kTimeoutMs)) step.timeout = *timeout;
}

Step read_step(const std::string& name, const Object& object, const Context& context) {
  Step step;
  step.name = name;
  if (auto url = read_url(object, context)) {
    step.url = std::move(url->text);
    step.private_allowed = url->private_allowed;
  }
  step.headers = read_headers(object, context);
  read_query(step, object, context);
  step.items = object.pointer("items", Presence::kRequired).value_or("");
  step.id = object.pointer("id", Presence::kRequired).value_or("");
  step.time = object.pointer("time", Presence::kRequired).value_or("");
  read_page(step, object);
  read_times(step, object);
  step.to = read_names(object, "to", context.endpoints, "endpoint");
  return step;
}

}  // namespace

std::vector<Step> read_steps(const Object& root, const Context& context) {
  std::vector<Step> steps;
  for (const auto& member : root.members("steps", kTimersMax)) {
    const std::string at = below(root.at("steps"), member.key);
    (void)check_name(member.key, at, context.report);
    const Object object(
        member.value, at,
        {"url", "headers", "query", "items", "id", "time", "page", "every_ms", "overlap_ms",
         "settle_ms", "span_max_ms", "backfill_ms", "timeout_ms", "to"},
        context.report);
    steps.push_back(read_step(member.key, object, context));
  }
  return steps;
}

}  // namespace sluice::manifest
