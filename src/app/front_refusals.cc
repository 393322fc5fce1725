// What is refused at the door: answered, counted, told to the operator.
#include <optional>
#include <utility>

#include "app/front.h"
#include "app/problem.h"
#include "base/mark.h"
#include "tables/refusals.h"

namespace sluice::app {
namespace {

constexpr std::size_t kRefusalsKept = 64;
constexpr Duration kFlushEvery = seconds(10);
constexpr std::string_view kMain = "main";
constexpr std::size_t kNameKept = 128;  // Longer than any name that is one.
// A diagnosis verifies the request up to signature::kTrialsMax times, so a stranger makes it cost
// what a hundred more forgeries of 64 KiB in 10 seconds would.
constexpr Duration kLookEvery = seconds(10);
constexpr std::size_t kLookedAtMax = 64 * 1024;

// Nothing is wrong with the request as far as anybody knows, so its sender tries again.
HttpResponse key_unavailable() {
  HttpResponse response = problem(503, "key_unavailable", "Verifying is not possible right now.");
  response.headers.push_back({.name = "retry-after", .value = "5"});
  return response;
}

std::string kinds_of(const std::vector<signature::Hint>& hints) {
  std::string kinds;
  for (const auto& hint : hints) {
    if (!kinds.empty()) kinds += ',';
    kinds += name(hint.kind);
  }
  return kinds;
}

}  // namespace

Front::Cause Front::cause_of(const signature::Refusal& refusal) {
  return {.reason = std::string(name(refusal.reason)), .detail = refusal.detail, .hints = {}};
}

Task<HttpResponse> Front::turn_away(Address address, Cause cause, Instant now) {
  const bool unavailable = cause.reason == name(signature::Reason::kKeyUnavailable);
  refuse(address, std::move(cause), now);
  co_await flush_refusals();
  if (unavailable) co_return key_unavailable();
  co_return unauthorized();
}

std::vector<signature::Hint> Front::look_into(const manifest::Source& source,
                                              const signature::Request& request,
                                              const signature::Refusal& refusal, Instant now) {
  if (request.body.size() > kLookedAtMax) return {};
  const auto last = looked_into_.find(source.name);
  if (last != looked_into_.end()) {
    const Duration since = now - last->second;
    if (since >= Duration{0} && since < kLookEvery) return {};
  }
  looked_into_.insert_or_assign(source.name, now);
  auto hints = signature::diagnose(source.scheme, source.secrets, request, refusal, now);
  if (hints.size() > tables::kHintsKept) hints.resize(tables::kHintsKept);
  return hints;
}

// Whether the installation exists is not asked here: the time of an answer would tell its caller.
void Front::refuse(const Address& address, Cause cause, Instant now) {
  count_webhook(address.source, cause.reason);
  if (refusals_.size() == kRefusalsKept) {
    refusals_.pop_front();
  } else {  // A flood is counted, not logged line by line.
    LogRecord record{.level = Level::kWarn, .event = "webhook_refused", .fields = {}};
    record.fields.emplace_back(Field::kSource, address.source);
    record.fields.emplace_back(Field::kReason, cause.reason);
    if (!cause.detail.empty()) record.fields.emplace_back(Field::kDetail, cause.detail);
    if (!cause.hints.empty()) record.fields.emplace_back(Field::kHints, kinds_of(cause.hints));
    host_.log().write(std::move(record));
  }
  refusals_.push_back({.source = address.source,
                       .installation = address.installation.substr(0, kNameKept),
                       .at = now,
                       .reason = std::move(cause.reason),
                       .detail = std::move(cause.detail),
                       .hints = std::move(cause.hints)});
}

// At most one call per 10 seconds, whatever the traffic. Refusals of an installation that does not
// exist go to `main`, where the operator looks.
Task<void> Front::flush_refusals() {
  const Instant now = host_.clock().now();
  if (refusals_.empty() || now - flushed_at_ < kFlushEvery) co_return;
  flushed_at_ = now;
  for (auto& refused : refusals_) {
    if (!manifest_.has_installation(refused.installation)) refused.installation.clear();
  }
  const std::string target =
      refusals_.back().installation.empty() ? std::string(kMain) : refusals_.back().installation;
  std::vector<Refused> batch;
  std::deque<Refused> rest;
  for (auto& refused : refusals_) {
    const bool here =
        refused.installation.empty() ? target == kMain : refused.installation == target;
    if (here) {
      batch.push_back(std::move(refused));
    } else {
      rest.push_back(std::move(refused));
    }
  }
  refusals_ = std::move(rest);
  const RpcRequest call = call_of(RpcKind::kRefusals, encode(batch));
  const auto reply = co_await host_.cells().call(flow::cell_of(target), encode(call));
  if (!reply.has_value()) SLUICE_MARK("front: refusals were lost on their way");
}

}  // namespace sluice::app
