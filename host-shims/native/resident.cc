#include "native/resident.h"

#include <utility>

#include "native/node.h"

namespace sluice::native {

Resident::Resident(Node& node, Role role, std::string cell)
    : node_(node), role_(role), cell_(std::move(cell)), http_(node, *this), cells_(node, *this) {
  caps_.http_in_flight_max = node.options().http_in_flight_max;
  caps_.store_bytes_max = node.options().store_bytes_max;
  caps_.bits = kSync | kAlarm;
  if (role == Role::kCell) {
    caps_.bits |= kMultiCommit | kSingleOwner;
    rows_ = std::make_unique<SqliteKv>(node.store(), cell_);
  }
}

Resident::~Resident() { node_.forget_caller(*this); }

Result<void> Resident::boot(const EngineFactory& factory, Boot boot) {
  SLUICE_TRY(engine_, factory(*this, *this, std::move(boot)));
  return {};
}

TaskId Resident::expect(Event event) {
  do {
    ++last_task_;
  } while (last_task_ == 0 || scheduler_.is_live(last_task_));
  events_.emplace(last_task_, std::move(event));
  return last_task_;
}

TaskId Resident::start_http(InboundRequest request, HttpDone done) {
  const TaskId task = expect(std::move(done));
  engine_->http(task, std::move(request));
  return task;
}

TaskId Resident::start_rpc(CallId call, Bytes frame) {
  const TaskId task = expect(call);
  engine_->rpc(task, std::move(frame));
  return task;
}

TaskId Resident::start_alarm() {
  const TaskId task = expect(AlarmTask{});
  engine_->alarm(task);
  return task;
}

TaskId Resident::start_cron(Instant scheduled) {
  const TaskId task = expect(CronTask{});
  engine_->cron(task, scheduled);
  return task;
}

TaskId Resident::start_shutdown() {
  const TaskId task = expect(ShutdownTask{});
  engine_->shutdown(task);
  return task;
}

std::optional<Event> Resident::take(TaskId task) {
  const auto found = events_.find(task);
  if (found == events_.end()) return std::nullopt;
  Event event = std::move(found->second);
  events_.erase(found);
  return event;
}

std::vector<Event> Resident::take_events() {
  std::vector<Event> events;
  for (auto& [task, event] : events_) events.push_back(std::move(event));
  events_.clear();
  return events;
}

const Caps& Resident::caps() const { return caps_; }
Clock& Resident::clock() { return node_.clock(); }
Random& Resident::random() { return node_.random(); }
Log& Resident::log() { return node_.log(); }

Kv& Resident::kv() {
  if (rows_) return *rows_;
  return no_rows_;
}

void Resident::http(TaskId task, HttpResponse response) {
  auto event = take(task);
  if (!event.has_value()) return;
  auto* waiting = std::get_if<HttpDone>(&*event);
  SLUICE_ASSERT(waiting != nullptr);
  node_.pass(*this, [to = std::move(*waiting), sent = std::move(response)]() mutable {
    to(std::move(sent));
  });
}

void Resident::rpc(TaskId task, Bytes frame) {
  auto event = take(task);
  if (!event.has_value()) return;
  const auto* call = std::get_if<CallId>(&*event);
  SLUICE_ASSERT(call != nullptr);
  node_.pass(*this, [&node = node_, id = *call, sent = std::move(frame)]() mutable {
    node.answer_call(id, std::move(sent));
  });
}

void Resident::done(TaskId task) {
  auto event = take(task);
  if (!event.has_value()) return;
  if (std::holds_alternative<AlarmTask>(*event)) {
    node_.pass(*this, [&node = node_, name = cell_] { node.end_alarm(name, AlarmEnd::kDone); });
  }
}

}  // namespace sluice::native
