#include <algorithm>
#include <optional>
#include <utility>

#include "app/admin_handlers.h"
#include "app/admin_json.h"
#include "app/admin_list.h"
#include "app/problem.h"
#include "base/mark.h"
#include "base/sort.h"
#include "tables/dead_letters.h"
#include "tables/queue.h"

namespace sluice::app {
namespace {

using outbox::MessageState;
using tables::Changed;

constexpr std::uint32_t kBatch = 32;     // Looked at for one commit.
constexpr int kSlicesMax = 8;            // Commits of one request.
constexpr std::size_t kSkippedMax = 16;  // Unreadable ones, in one request.
constexpr store::Cost kRedriveCost{.mutations = 9, .checks = 0, .bytes = 28 * 1024};

HttpResponse unknown_dead_letter() {
  return problem(404, "unknown_dead_letter", "No dead letter has this id.");
}

Task<Result<std::vector<std::string>>> endpoints_of(AdminContext& context,
                                                    store::Transaction& transaction,
                                                    std::string asked) {
  std::vector<std::string> names;
  if (!asked.empty()) {
    names.push_back(std::move(asked));
    co_return names;
  }
  SLUICE_CO_TRY(names, co_await tables::Browse::endpoints(transaction));
  for (const auto& endpoint : context.cell.manifest.endpoints) names.push_back(endpoint.name);
  sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  co_return names;
}

enum class Action : std::uint8_t { kRedrive, kDrop };

Answer change(AdminContext& context, AdminRequest request, Action action) {
  const auto id = parse_id("msg_", request.name);
  if (!id) co_return unknown_dead_letter();
  for (int conflicts = 0; conflicts < flow::kConflictsMax; ++conflicts) {
    const Instant now = context.cell.host.clock().now();
    SLUICE_CO_TRY(auto transaction, co_await context.cell.store.begin());
    SLUICE_CO_TRY(auto message, co_await tables::Queue::message(transaction, id->seq));
    if (!message || message->id != *id) co_return unknown_dead_letter();
    if (message->state != MessageState::kDead) {
      co_return problem(409, "not_dead", "This message is not a dead letter any more.");
    }
    if (action == Action::kRedrive) {
      SLUICE_CO_TRY(co_await tables::DeadLetters::redrive(transaction, id->seq, now));
    } else {
      SLUICE_CO_TRY(co_await tables::DeadLetters::drop(transaction, id->seq, now));
    }
    SLUICE_CO_TRY(message, co_await tables::Queue::message(transaction, id->seq));
    if (!message) co_return unknown_dead_letter();
    SLUICE_CO_TRY(const auto outcome, co_await transaction.commit());
    if (outcome == store::Outcome::kConflict) continue;
    context.poke();  // Also a drop: it may make the next of its key due.
    codec::JsonWriter json;
    write_message(json, *message);
    co_return json_response(action == Action::kRedrive ? 202 : 200, std::move(json).take());
  }
  co_return Error{Errc::kConflict, "changing a dead letter lost every race"};
}

// One request's redrive of an endpoint, from its oldest dead letter on.
struct Redrive {
  std::string endpoint;
  std::optional<Seq> after;  // Everything up to here is done or skipped.
  std::uint32_t redriven = 0;
  std::vector<Seq> skipped;  // Cannot be read; they stay.
  bool more = true;
};

bool is_unreadable(const Error& error) {
  return error.code == Errc::kCorrupt || error.code == Errc::kUnknownFormat;
}

// As many as fit into one commit. What cannot be read is found out by trying, and the half-made
// change goes with its transaction; the next slice passes it over.
Task<Result<void>> redrive_slice(AdminContext& context, Redrive& redrive) {
  const Instant now = context.cell.host.clock().now();
  SLUICE_CO_TRY(auto transaction, co_await context.cell.store.begin());
  SLUICE_CO_TRY(const auto batch, co_await tables::Browse::oldest_dead(
                                      transaction, redrive.endpoint, redrive.after, kBatch));
  Redrive next = redrive;
  next.more = batch.size() == kBatch;
  for (const Seq seq : batch) {
    if (!transaction.fits(kRedriveCost)) {
      next.more = true;
      break;
    }
    const bool known_bad =
        std::find(redrive.skipped.begin(), redrive.skipped.end(), seq) != redrive.skipped.end();
    if (!known_bad) {
      const auto changed = co_await tables::DeadLetters::redrive(transaction, seq, now);
      const bool bad =
          changed.has_value() ? *changed != Changed::kYes : is_unreadable(changed.error());
      if (!changed.has_value() && !bad) co_return changed.error();
      if (bad) {
        SLUICE_MARK("admin: a redrive passes over what cannot be read");
        redrive.skipped.push_back(seq);
        co_return Result<void>();
      }
      ++next.redriven;
    }
    next.after = seq;
  }
  SLUICE_CO_TRY(const auto outcome, co_await transaction.commit());
  if (outcome == store::Outcome::kCommitted) redrive = std::move(next);
  co_return Result<void>();
}

}  // namespace

Answer list_dead_letters(AdminContext& context, AdminRequest request) {
  tables::DeadQuery query;
  SLUICE_CO_TRY(query.limit, limit_of(request.target));
  SLUICE_CO_TRY(query.before, seq_after(request.target));
  SLUICE_CO_TRY(auto endpoint, name_parameter(request.target, "endpoint"));
  SLUICE_CO_TRY(auto transaction, co_await context.cell.store.begin());
  SLUICE_CO_TRY(query.endpoints, co_await endpoints_of(context, transaction, std::move(endpoint)));
  SLUICE_CO_TRY(const auto page, co_await tables::Browse::dead(transaction, std::move(query)));
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

Answer show_dead_letter(AdminContext& context, AdminRequest request) {
  const auto id = parse_id("msg_", request.name);
  if (!id) co_return unknown_dead_letter();
  SLUICE_CO_TRY(auto transaction, co_await context.cell.store.begin());
  SLUICE_CO_TRY(const auto message, co_await tables::Queue::message(transaction, id->seq));
  if (!message || message->id != *id || message->state != MessageState::kDead) {
    co_return unknown_dead_letter();
  }
  SLUICE_CO_TRY(const auto attempts, co_await tables::Browse::attempts(transaction, id->seq));
  codec::JsonWriter json;
  json.begin_object();
  write_members(json, *message);
  write_attempts(json, attempts);
  json.end_object();
  co_return json_response(200, std::move(json).take());
}

Answer redrive_dead_letter(AdminContext& context, AdminRequest request) {
  co_return co_await change(context, std::move(request), Action::kRedrive);
}

Answer drop_dead_letter(AdminContext& context, AdminRequest request) {
  co_return co_await change(context, std::move(request), Action::kDrop);
}

Answer redrive_endpoint(AdminContext& context, AdminRequest request) {
  Redrive redrive;
  SLUICE_CO_TRY(redrive.endpoint, name_parameter(request.target, "endpoint"));
  if (redrive.endpoint.empty()) {
    co_return problem(400, "endpoint_missing", "Which endpoint? Add ?endpoint=NAME.");
  }
  for (int slice = 0; slice < kSlicesMax && redrive.more; ++slice) {
    if (redrive.skipped.size() == kSkippedMax) break;
    SLUICE_CO_TRY(co_await redrive_slice(context, redrive));
  }
  if (redrive.redriven > 0) context.poke();
  codec::JsonWriter json;
  json.begin_object().field("redriven", redrive.redriven).field("more", redrive.more);
  json.key("skipped").begin_array();
  for (const Seq seq : redrive.skipped) json.string(tables::Queue::message_key(seq));
  json.end_array().end_object();
  co_return json_response(202, std::move(json).take());
}

}  // namespace sluice::app
