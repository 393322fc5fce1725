// A lock between tasks of one cell: first come, first served.
//
//   Lock::Hold hold = co_await lock.acquire();   // released when `hold` dies
#pragma once

#include <list>
#include <utility>

#include "task/scheduler.h"

namespace sluice::inline task {

class Lock {
 public:
  class [[nodiscard]] Hold {
   public:
    Hold() = default;
    explicit Hold(Lock* lock) : lock_(lock) {}
    Hold(Hold&& other) noexcept : lock_(std::exchange(other.lock_, nullptr)) {}
    Hold& operator=(Hold&& other) noexcept {
      if (this != &other) {
        release();
        lock_ = std::exchange(other.lock_, nullptr);
      }
      return *this;
    }
    ~Hold() { release(); }

    void release() {
      if (lock_ != nullptr) std::exchange(lock_, nullptr)->pass_on();
    }

   private:
    Lock* lock_ = nullptr;
  };

  explicit Lock(Scheduler& scheduler) : scheduler_(scheduler) {}
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

  [[nodiscard]] Task<Hold> acquire();
  [[nodiscard]] bool is_held() const { return held_; }

 private:
  struct Turn;  // A place in the line; leaves it, or passes the lock on, when dropped.

  void pass_on();

  Scheduler& scheduler_;
  std::list<Turn*> line_;
  bool held_ = false;
};

}  // namespace sluice::inline task
