#include <optional>
#include <utility>

#include "app/admin_handlers.h"
#include "app/admin_json.h"
#include "app/admin_list.h"
#include "app/problem.h"
#include "tables/queue.h"
#include "tables/retry_now.h"

namespace sluice::app {
namespace {

using outbox::MessageState;
using tables::Retried;

HttpResponse unknown_message() {
  return problem(404, "unknown_message", "No message has this id.");
}

Result<std::optional<MessageState>> state_parameter(const RequestTarget& target) {
  const auto text = target.parameter("state");
  if (!text) return std::optional<MessageState>();
  for (const auto state : {MessageState::kQueued, MessageState::kFollower, MessageState::kDone,
                           MessageState::kDead, MessageState::kDropped}) {
    if (*text == outbox::name(state)) return std::optional(state);
  }
  return Error{Errc::kBadArgument, "state is queued, waiting, delivered, dead or dropped"};
}

HttpResponse not_retried(Retried outcome) {
  if (outcome == Retried::kNoSuchMessage) return unknown_message();
  if (outcome == Retried::kWaits) {
    return problem(409, "message_waits",
                   "This message follows another one of its ordering key, and goes after it.");
  }
  return problem(409, "message_finished", "This message was delivered or dropped already.");
}

}  // namespace

Answer list_messages(AdminContext& context, AdminRequest request) {
  tables::MessageQuery query;
  SLUICE_CO_TRY(query.limit, limit_of(request.target));
  SLUICE_CO_TRY(query.before, seq_after(request.target));
  SLUICE_CO_TRY(query.endpoint, name_parameter(request.target, "endpoint"));
  SLUICE_CO_TRY(query.state, state_parameter(request.target));
  SLUICE_CO_TRY(auto transaction, co_await context.cell.store.begin());
  SLUICE_CO_TRY(const auto page, co_await tables::Browse::messages(transaction, std::move(query)));
  auto json = begin_list();
  for (const auto& found : page.rows) {
    if (found.value.has_value()) {
      write_message(json, *found.value);
    } else {
      write_unreadable(json, found.key, found.value.error());
    }
  }
  co_return end_list(std::move(json), page.next);
}

Answer show_message(AdminContext& context, AdminRequest request) {
  const auto id = parse_id("msg_", request.name);
  if (!id) co_return unknown_message();
  SLUICE_CO_TRY(auto transaction, co_await context.cell.store.begin());
  SLUICE_CO_TRY(const auto message, co_await tables::Queue::message(transaction, id->seq));
  if (!message || message->id != *id) co_return unknown_message();
  SLUICE_CO_TRY(const auto attempts, co_await tables::Browse::attempts(transaction, id->seq));
  codec::JsonWriter json;
  json.begin_object();
  write_members(json, *message);
  write_attempts(json, attempts);
  json.end_object();
  co_return json_response(200, std::move(json).take());
}

Answer retry_message(AdminContext& context, AdminRequest request) {
  const auto id = parse_id("msg_", request.name);
  if (!id) co_return unknown_message();
  for (int conflicts = 0; conflicts < flow::kConflictsMax; ++conflicts) {
    const Instant now = context.cell.host.clock().now();
    SLUICE_CO_TRY(auto transaction, co_await context.cell.store.begin());
    SLUICE_CO_TRY(const auto outcome, co_await tables::retry_now(transaction, *id, now));
    const bool changed = outcome == Retried::kRedriven || outcome == Retried::kHastened;
    if (!changed && outcome != Retried::kAlreadyDue) co_return not_retried(outcome);
    SLUICE_CO_TRY(const auto message, co_await tables::Queue::message(transaction, id->seq));
    if (!message) co_return unknown_message();
    SLUICE_CO_TRY(const auto committed, co_await transaction.commit());
    if (committed == store::Outcome::kConflict) continue;
    context.poke();
    codec::JsonWriter json;
    write_message(json, *message);
    co_return json_response(202, std::move(json).take());
  }
  co_return Error{Errc::kConflict, "the retry lost every race"};
}

}  // namespace sluice::app
