#include "task/lock.h"

namespace sluice::inline task {

struct Lock::Turn {
  explicit Turn(Lock& owner) : lock(owner), waiter(owner.scheduler_) { lock.line_.push_back(this); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    if (!granted) {
      lock.line_.remove(this);
    } else if (!taken) {
      lock.pass_on();
    }
  }

  Lock& lock;
  Waiter waiter;
  bool granted = false;
  bool taken = false;
};

Task<Lock::Hold> Lock::acquire() {
  if (!held_) {
    held_ = true;
    co_return Hold(this);
  }
  Turn turn(*this);
  co_await turn.waiter;
  turn.taken = true;
  co_return Hold(this);
}

void Lock::pass_on() {
  SLUICE_ASSERT(held_);
  if (line_.empty()) {
    held_ = false;
    return;
  }
  Turn& next = *line_.front();
  line_.pop_front();
  next.granted = true;
  next.waiter.wake();
}

}  // namespace sluice::inline task
