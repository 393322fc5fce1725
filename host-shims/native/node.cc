#include "native/node.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace sluice::native {

Node::Node(NodeParts parts, NodeOptions options, EngineFactory factory)
    : parts_(parts),
      options_(std::move(options)),
      factory_(std::move(factory)),
      wake_timer_(parts.loop.base(), [this] { parts_.loop.schedule_turn(); }) {
  parts_.loop.on_turn([this] { turn(); });
}

Node::~Node() {
  parts_.loop.on_turn({});
  held_.clear();
  cells_.clear();
  front_.reset();
}

Boot Node::boot_of(Role role, const std::string& cell) const {
  return Boot{.role = role,
              .cell = cell,
              .manifest = options_.manifest,
              .environment = options_.environment,
              .body_max = options_.body_max};
}

Result<void> Node::start() {
  front_ = std::make_unique<Resident>(*this, Role::kFront, "");
  SLUICE_TRY(front_->boot(factory_, boot_of(Role::kFront, "")));
  SLUICE_TRY(const auto stored, parts_.store.wakes());
  for (const auto& [cell, at] : stored) wakes_.restore(cell, at);
  arm_wakes();
  return {};
}

void Node::http(InboundRequest request, HttpDone done) {
  const TaskId task = front_->start_http(std::move(request), std::move(done));
  front_->scheduler().run(task);
}

void Node::cron(Instant scheduled) {
  if (shutting_down_) return;
  const TaskId task = front_->start_cron(scheduled);
  front_->scheduler().run(task);
}

void Node::begin_shutdown() {
  if (shutting_down_) return;
  shutting_down_ = true;
  wake_timer_.stop();
  const TaskId task = front_->start_shutdown();
  front_->scheduler().run(task);
  for (const auto& [name, cell] : cells_) {
    (void)cell->start_shutdown();
    mark_runnable(*cell);
  }
}

bool Node::is_finished() const {
  if (!shutting_down_ || !held_.empty() || !runnable_.empty() || !calls_.empty()) return false;
  const bool cells_idle = std::all_of(cells_.begin(), cells_.end(),
                                      [](const auto& entry) { return entry.second->is_idle(); });
  return cells_idle && front_->is_idle();
}

void Node::pass(Resident& from, std::function<void()> output) {
  if (from.has_open_writes()) {
    held_.push_back({.from = &from, .go = std::move(output)});
  } else {
    output();
  }
}

void Node::resume(Resident& resident, TaskId task) {
  if (resident.role() == Role::kCell) {
    mark_runnable(resident);
  } else if (resident.scheduler().current() != task) {
    resident.scheduler().run(task);
  }
}

void Node::mark_runnable(Resident& resident) {
  if (std::find(runnable_.begin(), runnable_.end(), &resident) == runnable_.end()) {
    runnable_.push_back(&resident);
  }
  parts_.loop.schedule_turn();
}

void Node::open_call(Resident& caller, std::uint64_t port_id, std::string cell, Bytes frame) {
  const CallId id = ++last_call_;
  calls_.emplace(id, Call{.caller = &caller,
                          .port_id = port_id,
                          .cell = std::move(cell),
                          .frame = std::move(frame)});
  inbox_.push_back(id);
  parts_.loop.schedule_turn();
}

void Node::answer_call(CallId id, Result<Bytes> answer) {
  const auto found = calls_.find(id);
  if (found == calls_.end()) return;
  const Call call = std::move(found->second);
  calls_.erase(found);
  if (call.caller != nullptr) call.caller->calls().finish(call.port_id, std::move(answer));
}

void Node::forget_caller(const Resident& caller) {
  for (auto& [id, call] : calls_) {
    if (call.caller == &caller) call.caller = nullptr;
  }
}

void Node::end_alarm(const std::string& cell, AlarmEnd end) {
  wakes_.finish(cell, end, parts_.clock.now());
  parts_.loop.schedule_turn();
}

void Node::turn() {
  deliver_calls();
  start_alarms();
  run_cells();
  end_group();
  drop_idle_cells();
  arm_wakes();
  if (!inbox_.empty() || !runnable_.empty()) parts_.loop.schedule_turn();
}

void Node::deliver_calls() {
  for (std::size_t n = 0; n < kCallsPerTurn && !inbox_.empty(); ++n) {
    const CallId id = inbox_.front();
    inbox_.pop_front();
    const auto found = calls_.find(id);
    if (found == calls_.end()) continue;
    Resident* cell = awake(found->second.cell);
    if (cell == nullptr) {
      answer_call(id, Error{Errc::kIo, "the cell does not start"});
      continue;
    }
    (void)cell->start_rpc(id, std::move(found->second.frame));
    mark_runnable(*cell);
  }
}

void Node::start_alarms() {
  if (shutting_down_) return;
  for (const std::string& name : wakes_.take_due(parts_.clock.now(), kAlarmsPerTurn)) {
    Resident* cell = awake(name);
    if (cell == nullptr) {
      wakes_.finish(name, AlarmEnd::kDropped, parts_.clock.now());
      continue;
    }
    (void)cell->start_alarm();
    mark_runnable(*cell);
  }
}

void Node::run_cells() {
  ran_ = std::exchange(runnable_, {});
  for (Resident* cell : ran_) cell->scheduler().run_all();
}

Resident* Node::awake(const std::string& name) {
  const auto found = cells_.find(name);
  if (found != cells_.end()) return found->second.get();
  auto cell = std::make_unique<Resident>(*this, Role::kCell, name);
  const auto booted = cell->boot(factory_, boot_of(Role::kCell, name));
  if (!booted.has_value()) {
    parts_.log.write(
        {.level = Level::kError,
         .event = "cell_boot_failed",
         .fields = {{Field::kCell, name},
                    {Field::kReason, std::string(sluice::name(booted.error().code))}}});
    return nullptr;
  }
  return cells_.emplace(name, std::move(cell)).first->second.get();
}

void Node::end_group() {
  std::vector<Resident*> writers;
  for (Resident* cell : ran_) {
    if (cell->has_open_writes()) writers.push_back(cell);
  }
  ran_.clear();
  const std::uint32_t commits = parts_.store.commits_in_group();
  const auto begun = std::chrono::steady_clock::now();
  const GroupEnd end = parts_.store.end_group();
  if (end == GroupEnd::kDurable) {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    parts_.log.metric(MetricKind::kHistogram, "sluice_group_commit_seconds", took.count());
    parts_.log.metric(MetricKind::kCounter, "sluice_group_commits_total", 1);
    parts_.log.metric(MetricKind::kCounter, "sluice_commits_total", commits);
    settle(writers);
  } else if (end == GroupEnd::kFailed) {
    parts_.log.metric(MetricKind::kCounter, "sluice_group_commits_failed_total", 1);
    report_failure(commits);
    drop(writers);
  }
  // What is released may start new work, but holds nothing back: every group has ended.
  for (Output& output : std::exchange(held_, {})) output.go();
}

// A full disk fails every turn: one line a second says so, and the metric counts them all.
void Node::report_failure(std::uint32_t commits) {
  const Duration now = parts_.clock.monotonic();
  if (now - failure_reported_ < seconds(1)) return;
  failure_reported_ = now;
  parts_.log.write({.level = Level::kError,
                    .event = "group_commit_failed",
                    .fields = {{Field::kDetail, parts_.store.failure()},
                               {Field::kCount, std::to_string(commits)}}});
}

void Node::settle(const std::vector<Resident*>& writers) {
  for (Resident* cell : writers) {
    const auto change = cell->rows()->take_wake_change();
    if (change.has_value()) wakes_.apply(cell->cell(), *change, parts_.clock.now());
  }
}

void Node::drop(const std::vector<Resident*>& residents) {
  const auto is_dropped = [&residents](const Resident* resident) {
    return std::find(residents.begin(), residents.end(), resident) != residents.end();
  };
  std::erase_if(held_, [&](const Output& output) { return is_dropped(output.from); });
  std::erase_if(runnable_, is_dropped);
  std::vector<CallId> unanswered;
  for (auto& [id, call] : calls_) {
    const bool delivered = std::find(inbox_.begin(), inbox_.end(), id) == inbox_.end();
    const auto cell = cells_.find(call.cell);
    if (delivered && cell != cells_.end() && is_dropped(cell->second.get())) {
      unanswered.push_back(id);
    }
  }
  std::vector<std::string> names;
  for (const Resident* resident : residents) names.push_back(resident->cell());
  for (const std::string& name : names) {
    cells_.erase(name);
    wakes_.finish(name, AlarmEnd::kDropped, parts_.clock.now());
    const auto stored = parts_.store.wake(name);
    if (stored.has_value()) wakes_.restore(name, *stored);
  }
  for (const CallId id : unanswered) {
    answer_call(id, Error{Errc::kUnknownOutcome, "the commit failed"});
  }
}

void Node::drop_idle_cells() {
  if (cells_.size() <= kCellsAwakeMax) return;
  for (auto it = cells_.begin(); it != cells_.end() && cells_.size() > kCellsAwakeMax;) {
    const Resident* cell = it->second.get();
    const bool busy = !cell->is_idle() || wakes_.is_running(it->first) ||
                      std::find(runnable_.begin(), runnable_.end(), cell) != runnable_.end();
    it = busy ? std::next(it) : cells_.erase(it);
  }
}

void Node::arm_wakes() {
  if (shutting_down_) return;
  const auto next = wakes_.next();
  if (!next.has_value()) {
    wake_timer_.stop();
    return;
  }
  const Duration wait = *next - parts_.clock.now();
  wake_timer_.start(std::clamp(wait, Duration{0}, hours(1)));
}

}  // namespace sluice::native
