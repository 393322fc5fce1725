// The one thread of a process: sockets, timers and signals first, then the end of the turn.
//
//   sockets, timers, signals (until none is ready) --> turn() --> sockets, timers ...
//
// `turn` has the lowest priority, so everything that arrived meanwhile shares one durable commit.
// It is not starved: when it has been due for `kTurnDelayMax`, a timer of the first kind runs it.
#pragma once

#include <event2/event.h>

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "base/time.h"

namespace sluice::native {

// Calls back on the loop, at most once for each `start`.
class Timer {
 public:
  Timer(event_base* base, std::function<void()> callback);
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  ~Timer();

  void start(Duration delay);  // Replaces an earlier start.
  void stop();

 private:
  std::function<void()> callback_;
  event* event_;
};

class EventLoop {
 public:
  EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;
  ~EventLoop();

  [[nodiscard]] event_base* base() { return base_; }

  void on_turn(std::function<void()> turn) { turn_ = std::move(turn); }
  // Asks for a turn; asked twice is one turn.
  void schedule_turn();

  void on_signal(int number, std::function<void()> callback);

  // Runs until `stop`.
  void run();
  // Runs what is ready, waiting for at most one round of events.
  void run_once();
  void stop();

 private:
  struct Signal {
    std::function<void()> callback;
    event* handle = nullptr;
  };

  void take_turn();

  event_base* base_;
  event* turn_event_;
  std::unique_ptr<Timer> turn_limit_;
  std::function<void()> turn_;
  std::vector<std::unique_ptr<Signal>> signals_;
  bool turn_scheduled_ = false;
};

}  // namespace sluice::native
