// The dispatcher's choice: which messages go next.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/mark.h"
#include "flow/drain_outbox.h"
#include "flow/slice.h"
#include "tables/dead_letters.h"
#include "tables/queue.h"
#include "tables/rows.h"

namespace sluice::flow {
namespace {

using outbox::EndpointStatus;

constexpr std::uint32_t kEndpointsMax = 64;  // Looked at in one round.

}  // namespace

Task<Result<void>> Dispatcher::choose(store::Transaction& transaction, Round& round, Instant now) {
  if (!suspects_->empty()) co_return co_await choose_suspect(transaction, round, now);
  SLUICE_CO_TRY(const auto runnable,
                co_await tables::Deliveries::runnable(transaction, now, kEndpointsMax));
  // What has just been recorded may let endpoints behind these have their turn.
  round.cut = runnable.size() == kEndpointsMax && !round.recorded.empty();
  // A first pass gives each endpoint its share; a second lets the busy ones use what is left.
  std::vector<bool> exhausted(runnable.size());
  for (int pass = 0; pass < 2; ++pass) {
    for (std::size_t n = 0; n < runnable.size(); ++n) {
      if (exhausted[n]) continue;
      const auto& candidate = runnable[n];
      const std::size_t free = slots(round);
      if (free == 0) co_return Result<void>();
      if (!transaction.fits({.mutations = 4, .checks = 0, .bytes = 4096})) {
        round.cut = true;
        co_return Result<void>();
      }
      const std::size_t share = pass == 0 ? std::max<std::size_t>(1, free / runnable.size()) : free;
      const auto chosen = co_await choose_from(transaction, round, candidate.name, share, now);
      exhausted[n] = chosen.has_value() && !*chosen;
      if (chosen.has_value()) continue;
      if (!tables::is_damage(chosen.error())) co_return chosen.error();
      SLUICE_MARK("outbox: an endpoint that cannot be read is set aside");
      SLUICE_CO_TRY(
          co_await tables::Queue::set_aside(transaction, candidate.name, now + kSetAside));
      if (pass == 0) log_damage(tables::Queue::state_key(candidate.name));
    }
  }
  co_return Result<void>();
}

Task<Result<void>> Dispatcher::choose_suspect(store::Transaction& transaction, Round& round,
                                              Instant now) {
  if (slots(round) != cell_.host.caps().http_in_flight_max) co_return Result<void>();
  while (!suspects_->empty()) {
    const Seq seq = *suspects_->begin();
    const auto loaded = co_await tables::Queue::message(transaction, seq);
    const auto* message = loaded.has_value() && loaded->has_value() ? &**loaded : nullptr;
    const auto* endpoint =
        message == nullptr ? nullptr : cell_.manifest.endpoint(message->endpoint);
    if (endpoint != nullptr && message->state == outbox::MessageState::kQueued &&
        message->due <= now) {
      SLUICE_CO_TRY(const auto state, co_await tables::Queue::state(transaction, endpoint->name));
      if (state.status == EndpointStatus::kActive) {
        SLUICE_MARK("outbox: what was in flight at a crash runs alone");
        co_return co_await claim(transaction, round, {.due = message->due, .seq = seq}, *endpoint,
                                 state.timed_out_last, now);
      }
    }
    suspects_->erase(suspects_->begin());
  }
  poked_ = true;  // All are harmless: the next round chooses as usual.
  co_return Result<void>();
}

// True when the endpoint may have more that is due than it was given.
Task<Result<bool>> Dispatcher::choose_from(store::Transaction& transaction, Round& round,
                                           std::string name, std::size_t share, Instant now) {
  SLUICE_CO_TRY(auto state, co_await tables::Queue::state(transaction, name));
  const auto* endpoint = cell_.manifest.endpoint(name);
  if (endpoint == nullptr) {
    SLUICE_MARK("outbox: messages of a removed endpoint are parked");
    state.status = EndpointStatus::kParked;
    state.changed_at = now;
    SLUICE_CO_TRY(co_await tables::Queue::settle(transaction, name, state, now));
    co_return false;
  }
  if (state.timed_out_last) {
    const std::size_t half = std::max<std::size_t>(1, cell_.host.caps().http_in_flight_max / 2);
    std::size_t own = 0;
    for (const auto& [seq, flight] : claims_)
      own += flight.claim.message.endpoint == name ? 1U : 0U;
    for (const auto& flight : round.claimed) own += flight.claim.message.endpoint == name ? 1U : 0U;
    if (own > 0 || slow_in_flight(round) >= half) co_return false;
    share = 1;
  }
  const std::size_t busy = claims_.size() + round.claimed.size();
  const auto limit = static_cast<std::uint32_t>(std::min<std::size_t>(busy + share, kRangeRowsMax));
  SLUICE_CO_TRY(const auto heads,
                co_await tables::Deliveries::heads(transaction, name, now, limit));
  if (heads.empty()) {  // The timer ran ahead of the queue.
    SLUICE_CO_TRY(co_await tables::Queue::settle(transaction, name, state, now));
    co_return false;
  }
  std::vector<std::string> wanted;
  for (const auto& head : heads) {
    if (wanted.size() == share) break;
    if (!is_claimed(round, head.seq)) wanted.push_back(tables::Queue::message_key(head.seq));
  }
  SLUICE_CO_TRY(co_await transaction.fetch(std::move(wanted)));
  for (const auto& head : heads) {
    if (share == 0) break;
    if (is_claimed(round, head.seq)) continue;
    const std::size_t before = round.claimed.size();
    SLUICE_CO_TRY(co_await claim(transaction, round, head, *endpoint, state.timed_out_last, now));
    share -= round.claimed.size() - before;
  }
  co_return heads.size() == limit;
}

Task<Result<void>> Dispatcher::claim(store::Transaction& transaction, Round& round,
                                     tables::Head head, const manifest::Endpoint& endpoint,
                                     bool slow, Instant now) {
  auto message = co_await tables::Queue::message(transaction, head.seq);
  if (!message.has_value() || !message->has_value()) {
    if (!message.has_value() && disposition(message.error().code) == Disposition::kRetry) {
      co_return message.error();
    }
    // One unreadable row must not hold up the others: it leaves the queue, and is reported.
    SLUICE_MARK("outbox: an unreadable message leaves the queue");
    transaction.erase(tables::Queue::due_key(endpoint.name, head.due, head.seq));
    tables::DeadLetters::add(transaction, endpoint.name, head.seq);
    log_damage(tables::Queue::message_key(head.seq));
    co_return Result<void>();
  }
  Flight flight;
  flight.claim.message = **std::move(message);
  flight.claim.fence = {.epoch = cell_.store.epoch(), .n = ++fence_};
  flight.deadline = now + endpoint.timeout;
  flight.slow = slow;
  round.claimed.push_back(std::move(flight));
  co_return Result<void>();
}

std::size_t Dispatcher::slots(const Round& round) const {
  const std::size_t taken = claims_.size() - round.recorded.size() + round.claimed.size();
  const std::size_t all = cell_.host.caps().http_in_flight_max;
  return taken >= all ? 0 : all - taken;
}

std::size_t Dispatcher::slow_in_flight(const Round& round) const {
  const auto is_slow = [](const Flight& flight) { return flight.slow; };
  std::size_t slow = 0;
  for (const auto& [seq, flight] : claims_) slow += flight.slow ? 1U : 0U;
  return slow + static_cast<std::size_t>(
                    std::count_if(round.claimed.begin(), round.claimed.end(), is_slow));
}

bool Dispatcher::is_claimed(const Round& round, Seq seq) const {
  return claims_.contains(seq) ||
         std::any_of(round.claimed.begin(), round.claimed.end(),
                     [&](const Flight& flight) { return flight.claim.message.id.seq == seq; });
}

}  // namespace sluice::flow
