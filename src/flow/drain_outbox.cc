#include "flow/drain_outbox.h"

#include <algorithm>
#include <span>
#include <utility>

#include "base/mark.h"
#include "flow/attempt.h"
#include "tables/publish.h"
#include "tables/queue.h"
#include "tables/rows.h"

namespace sluice::flow {
namespace {

using outbox::EndpointState;
using outbox::EndpointStatus;
using outbox::Next;

constexpr int kErrorsMax = 3;            // Consecutive failed commits before the run gives up.
constexpr std::size_t kRecordedMax = 6;  // What a commit's budget takes, about.
constexpr Duration kGrace = seconds(5);  // Beyond the latest deadline, in the marker.

void count_delivery(Log& log, Next next) {
  switch (next) {
    case Next::kDone:
      return log.metric(MetricKind::kCounter, "sluice_deliveries_total{result=\"delivered\"}", 1);
    case Next::kRetry:
      return log.metric(MetricKind::kCounter, "sluice_deliveries_total{result=\"retry\"}", 1);
    case Next::kEndpointOff:
      return log.metric(MetricKind::kCounter, "sluice_deliveries_total{result=\"gone\"}", 1);
    case Next::kDead:
      return log.metric(MetricKind::kCounter, "sluice_deliveries_total{result=\"dead\"}", 1);
  }
}

// How one recorded outcome changes its endpoint.
void apply(EndpointState& state, const tables::Recorded& recorded, Instant now) {
  if (recorded.plan.next == Next::kDone) {
    state.failures_in_row = 0;
    state.timed_out_last = false;
    return;
  }
  state.failures_in_row += 1;
  state.timed_out_last = recorded.attempt.reason == "timeout";
  if (recorded.plan.next == Next::kEndpointOff && state.status == EndpointStatus::kActive) {
    SLUICE_MARK("outbox: 410 turns the endpoint off");
    state.status = EndpointStatus::kOff;
    state.changed_at = now;
  }
}

}  // namespace

void Dispatcher::poke() {
  poked_ = true;
  if (waiting_ != nullptr) waiting_->wake();
}

void Dispatcher::stop() {
  stopped_ = true;
  poke();
}

Task<Result<void>> Dispatcher::run() {
  SLUICE_ASSERT(!running_);
  running_ = true;
  auto result = co_await drain();
  running_ = false;
  if (idle_ != nullptr) std::exchange(idle_, nullptr)->wake();
  co_return result;
}

void Dispatcher::when_idle(Waiter& waiter) {
  if (running_) {
    idle_ = &waiter;
  } else {
    waiter.wake();
  }
}

Task<Result<void>> Dispatcher::drain() {
  if (!suspects_) {
    SLUICE_CO_TRY(co_await load_suspects());
  }
  // Ends when nothing is due and nothing is in flight: each turn either changes the store, waits
  // for an answer that has a deadline, or is the last.
  for (int errors = 0;;) {
    poked_ = false;
    attempts_.remove_if([](const Task<void>& attempt) { return attempt.done(); });
    const auto progressed = co_await round();
    if (progressed.has_value()) {
      errors = 0;
      if (!done_.empty() || poked_ || *progressed) continue;
      if (claims_.empty()) co_return Result<void>();
    } else {
      if (damaged_) {
        const auto buried = co_await bury(*std::exchange(damaged_, std::nullopt));
        if (buried.has_value()) continue;
      }
      if (++errors < kErrorsMax) continue;
      if (claims_.size() == done_.size()) {
        // The store refuses what came back. The marker keeps naming it for the next owner.
        claims_.clear();
        done_.clear();
        suspects_.reset();
        co_return progressed.error();
      }
    }
    Waiter waiter(cell_.host.scheduler());
    waiting_ = &waiter;
    co_await waiter;
    waiting_ = nullptr;
  }
}

// True when another round may find more without waiting.
Task<Result<bool>> Dispatcher::round() {
  const Instant now = cell_.host.clock().now();
  Round round;
  SLUICE_CO_TRY(auto transaction, co_await cell_.store.begin());
  SLUICE_CO_TRY(const bool expanded, co_await tables::expand(transaction, cell_.numbering, now));
  SLUICE_CO_TRY(co_await record(transaction, round, now));
  if (!stopped_) {
    SLUICE_CO_TRY(co_await choose(transaction, round, now));
  }
  const bool idle = claims_.size() == round.recorded.size() && suspects_->empty();
  const bool more = expanded || round.cut;
  const bool changed = !transaction.is_empty() || !round.claimed.empty() || (idle && marked_);
  if (!changed && round.recorded.empty()) co_return false;
  mark_in_flight(transaction, round, now);
  if (idle && round.claimed.empty() && !more) co_await rest_.plan(transaction);
  SLUICE_CO_TRY(const auto outcome, co_await transaction.commit());
  if (outcome == store::Outcome::kConflict) {
    co_return Error{Errc::kConflict, "the dispatcher's commit lost a race"};
  }
  marked_ = claims_.size() + round.claimed.size() > round.recorded.size() || !suspects_->empty();
  adopt(std::move(round));
  co_return more;
}

Task<Result<void>> Dispatcher::record(store::Transaction& transaction, Round& round, Instant now) {
  std::map<std::string, EndpointState> touched;
  const auto first = std::span(done_).first(std::min(done_.size(), kRecordedMax));
  auto wanted = tables::Deliveries::record_reads(first);
  SLUICE_CO_TRY(co_await transaction.fetch(std::move(wanted)));
  // By number and by value: while this waits for the store, other attempts end and join the list.
  for (std::size_t n = 0; n < done_.size(); ++n) {
    const tables::Recorded recorded = done_[n];
    if (!transaction.fits(tables::Deliveries::record_cost(recorded))) break;
    const std::string endpoint = recorded.claim.message.endpoint;
    const auto counted = co_await tables::Deliveries::record(transaction, recorded, now);
    if (!counted.has_value()) {
      if (tables::is_damage(counted.error())) damaged_ = recorded;
      co_return counted.error();
    }
    round.recorded.push_back(recorded);
    if (!*counted) continue;
    if (!touched.contains(endpoint)) {
      auto state = co_await tables::Queue::state(transaction, endpoint);
      if (!state.has_value() && tables::is_damage(state.error())) continue;  // `choose` reports it.
      SLUICE_CO_TRY(touched[endpoint], std::move(state));
    }
    apply(touched[endpoint], recorded, now);
  }
  for (const auto& [endpoint, state] : touched) {
    SLUICE_CO_TRY(co_await tables::Queue::settle(transaction, endpoint, state, now));
  }
  co_return Result<void>();
}

// A row that cannot be read, or beside which something cannot be read.
void Dispatcher::log_damage(std::string key) {
  LogRecord record{.level = Level::kError, .event = "corrupt_row", .fields = {}};
  record.fields.emplace_back(Field::kKey, std::move(key));
  cell_.host.log().write(std::move(record));
}

// In a transaction of its own: what the failed round had written is gone with it.
Task<Result<void>> Dispatcher::bury(tables::Recorded recorded) {
  const outbox::Message& message = recorded.claim.message;
  SLUICE_CO_TRY(auto transaction, co_await cell_.store.begin());
  tables::Deliveries::bury(transaction, recorded, cell_.host.clock().now());
  SLUICE_CO_TRY(const auto outcome, co_await transaction.commit());
  if (outcome == store::Outcome::kConflict) {
    co_return Error{Errc::kConflict, "burying a message lost a race"};
  }
  const Seq seq = message.id.seq;
  claims_.erase(seq);
  suspects_->erase(seq);
  std::erase_if(done_, [&](const auto& one) { return one.claim.message.id.seq == seq; });
  log_damage(tables::Queue::message_key(seq));
  co_return Result<void>();
}

Task<Result<void>> Dispatcher::load_suspects() {
  SLUICE_CO_TRY(auto transaction, co_await cell_.store.begin());
  SLUICE_CO_TRY(const auto marker, co_await tables::Deliveries::marker(transaction));
  suspects_.emplace();
  marked_ = marker.has_value();
  if (marker && marker->epoch != cell_.store.epoch()) {
    suspects_->insert(marker->seqs.begin(), marker->seqs.end());
  }
  co_return Result<void>();
}

void Dispatcher::mark_in_flight(store::Transaction& transaction, const Round& round, Instant now) {
  outbox::InFlight marker{.epoch = cell_.store.epoch(), .until = now, .seqs = {}};
  const auto add = [&](const Flight& flight) {
    marker.seqs.push_back(flight.claim.message.id.seq);
    marker.until = std::max(marker.until, flight.deadline + kGrace);
  };
  const auto is_recorded = [&](Seq seq) {
    return std::any_of(round.recorded.begin(), round.recorded.end(),
                       [&](const auto& recorded) { return recorded.claim.message.id.seq == seq; });
  };
  for (const auto& [seq, flight] : claims_) {
    if (!is_recorded(seq)) add(flight);
  }
  for (const auto& flight : round.claimed) add(flight);
  // Suspects stay named until each was tried, in case this boot ends early as well.
  for (const Seq seq : *suspects_) {
    if (std::find(marker.seqs.begin(), marker.seqs.end(), seq) != marker.seqs.end()) continue;
    if (is_recorded(seq)) continue;
    marker.seqs.push_back(seq);
  }
  if (marker.seqs.empty()) {
    tables::Deliveries::erase_marker(transaction);
  } else {
    if (marker.until == now) marker.until = now + kGrace;
    tables::Deliveries::put_marker(transaction, marker);
  }
}

// The commit is durable: outcomes are forgotten, and the claimed requests start.
void Dispatcher::adopt(Round round) {
  for (const auto& recorded : round.recorded) {
    const Seq seq = recorded.claim.message.id.seq;
    claims_.erase(seq);
    suspects_->erase(seq);
    count_delivery(cell_.host.log(), recorded.plan.next);
  }
  done_.erase(done_.begin(), done_.begin() + static_cast<std::ptrdiff_t>(round.recorded.size()));
  for (auto& flight : round.claimed) {
    tables::Claim claim = flight.claim;
    const Seq seq = claim.message.id.seq;
    claims_.emplace(seq, std::move(flight));
    attempts_.push_back(attempt(std::move(claim)));
    attempts_.back().start();
  }
}

Task<void> Dispatcher::attempt(tables::Claim claim) {
  auto recorded = co_await attempt_delivery(cell_, std::move(claim));
  done_.push_back(std::move(recorded));
  if (waiting_ != nullptr) waiting_->wake();
}

}  // namespace sluice::flow
