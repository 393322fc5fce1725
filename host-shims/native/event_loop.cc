#include "native/event_loop.h"

#include <signal.h>
#include <sys/time.h>

#include <algorithm>

#include "base/assert.h"

namespace sluice::native {

namespace {

constexpr int kPriorities = 3;  // 1, the middle, is the default of every event.
constexpr int kTurnPriority = 2;
constexpr Duration kTurnDelayMax = milliseconds(5);

timeval time_value(Duration delay) {
  const std::int64_t ms = std::max<std::int64_t>(delay.ms, 0);
  return {.tv_sec = ms / 1000, .tv_usec = (ms % 1000) * 1000};
}

// A connection turns its events on and off several times per request; gathered until the next
// wait, most of these changes cancel out and cost no system call.
event_base* new_base() {
  event_config* config = event_config_new();
  SLUICE_ASSERT(config != nullptr);
  event_config_set_flag(config, EVENT_BASE_FLAG_EPOLL_USE_CHANGELIST);
  event_base* base = event_base_new_with_config(config);
  event_config_free(config);
  return base;
}

}  // namespace

Timer::Timer(event_base* base, std::function<void()> callback)
    : callback_(std::move(callback)),
      event_(event_new(
          base, -1, 0,
          [](evutil_socket_t, short, void* self) { static_cast<Timer*>(self)->callback_(); },
          this)) {
  SLUICE_ASSERT(event_ != nullptr);
}

Timer::~Timer() { event_free(event_); }

void Timer::start(Duration delay) {
  const timeval after = time_value(delay);
  event_add(event_, &after);
}

void Timer::stop() { event_del(event_); }

EventLoop::EventLoop() : base_(new_base()) {
  SLUICE_ASSERT(base_ != nullptr);
  signal(SIGPIPE, SIG_IGN);  // Writing to a closed socket is an error to handle, not a death.
  event_base_priority_init(base_, kPriorities);
  turn_event_ = event_new(
      base_, -1, 0,
      [](evutil_socket_t, short, void* self) { static_cast<EventLoop*>(self)->take_turn(); }, this);
  event_priority_set(turn_event_, kTurnPriority);
  turn_limit_ = std::make_unique<Timer>(base_, [this] { take_turn(); });
}

EventLoop::~EventLoop() {
  for (const auto& signal : signals_) event_free(signal->handle);
  turn_limit_.reset();
  event_free(turn_event_);
  event_base_free(base_);
}

void EventLoop::schedule_turn() {
  if (turn_scheduled_) return;
  turn_scheduled_ = true;
  event_active(turn_event_, EV_TIMEOUT, 0);
  turn_limit_->start(kTurnDelayMax);
}

void EventLoop::take_turn() {
  if (!turn_scheduled_) return;
  turn_scheduled_ = false;
  turn_limit_->stop();
  if (turn_) turn_();
}

void EventLoop::on_signal(int number, std::function<void()> callback) {
  auto signal = std::make_unique<Signal>();
  signal->callback = std::move(callback);
  signal->handle = evsignal_new(
      base_, number,
      [](evutil_socket_t, short, void* self) { static_cast<Signal*>(self)->callback(); },
      signal.get());
  event_add(signal->handle, nullptr);
  signals_.push_back(std::move(signal));
}

void EventLoop::run() { event_base_loop(base_, EVLOOP_NO_EXIT_ON_EMPTY); }

void EventLoop::run_once() { event_base_loop(base_, EVLOOP_ONCE); }

void EventLoop::stop() { event_base_loopbreak(base_); }

}  // namespace sluice::native
