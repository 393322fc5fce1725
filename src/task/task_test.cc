#include "doctest/doctest.h"
#include "task/all.h"
#include "task/lock.h"
#include "task/operation.h"
#include "task/scheduler.h"

#include <string>
#include <vector>

namespace sluice {
namespace {

Task<int> ready(int value) { co_return value; }

Task<void> sum_up(int turns, long& total) {
  for (int i = 0; i < turns; ++i) total += co_await ready(i);
}

Task<void> wait_for(Waiter& waiter, std::string name, std::vector<std::string>& order) {
  co_await waiter;
  order.push_back(std::move(name));
}

Task<void> hold_while(Lock& lock, Waiter& until, std::string name,
                      std::vector<std::string>& order) {
  const Lock::Hold hold = co_await lock.acquire();
  order.push_back(name + " in");
  co_await until;
  order.push_back(name + " out");
}

Task<int> value_of(Operation<int>& operation) { co_return co_await operation; }

Task<void> gather(Scheduler& scheduler, Operation<int>& a, Operation<int>& b,
                  std::vector<int>& results) {
  std::vector<Task<int>> tasks;
  tasks.push_back(value_of(a));
  tasks.push_back(value_of(b));
  results = co_await all(scheduler, std::move(tasks));
}

}  // namespace

TEST_SUITE("task/task") {
  TEST_CASE("a million ready awaits need no stack") {
    Scheduler scheduler;
    long total = 0;
    scheduler.spawn(1, sum_up(1'000'000, total));
    scheduler.run(1);
    CHECK(total == 499'999'500'000L % (1L << (sizeof(long) * 8 - 1)));
    CHECK(scheduler.live() == 0);
  }

  TEST_CASE("a waiter resumes from its own task's queue, never inline") {
    Scheduler scheduler;
    Waiter first(scheduler);
    Waiter second(scheduler);
    std::vector<std::string> order;
    scheduler.spawn(1, wait_for(first, "one", order));
    scheduler.spawn(2, wait_for(second, "two", order));
    scheduler.run_all();
    second.wake();
    first.wake();
    CHECK(order.empty());
    scheduler.run(1);
    CHECK(order == std::vector<std::string>{"one"});
    scheduler.run(2);
    CHECK(order == std::vector<std::string>{"one", "two"});
  }

  TEST_CASE("a dropped task is never resumed") {
    Scheduler scheduler;
    std::vector<std::string> order;
    Waiter waiter(scheduler);
    scheduler.spawn(1, wait_for(waiter, "one", order));
    scheduler.run_all();
    waiter.wake();
    scheduler.drop(1);
    scheduler.run_all();
    CHECK(order.empty());
  }

  TEST_CASE("an operation that is dropped tells its host") {
    Scheduler scheduler;
    bool dropped = false;
    {
      const Operation<int> operation(scheduler, [&] { dropped = true; });
    }
    CHECK(dropped);
  }

  TEST_CASE("a lock is handed on first come, first served, also past one who left") {
    Scheduler scheduler;
    Lock lock(scheduler);
    Waiter a(scheduler);
    Waiter b(scheduler);
    Waiter c(scheduler);
    std::vector<std::string> order;
    scheduler.spawn(3, hold_while(lock, a, "a", order));
    scheduler.run_all();
    scheduler.spawn(2, hold_while(lock, b, "b", order));
    scheduler.run(2);
    scheduler.spawn(1, hold_while(lock, c, "c", order));
    scheduler.run(1);
    scheduler.drop(2);
    a.wake();
    scheduler.run_all();
    c.wake();
    scheduler.run_all();
    CHECK(order == std::vector<std::string>{"a in", "a out", "c in", "c out"});
    CHECK(!lock.is_held());
  }

  TEST_CASE("a lock granted to a task that is dropped before it runs goes on") {
    Scheduler scheduler;
    Lock lock(scheduler);
    Waiter a(scheduler);
    Waiter b(scheduler);
    std::vector<std::string> order;
    scheduler.spawn(1, hold_while(lock, a, "a", order));
    scheduler.spawn(2, hold_while(lock, b, "b", order));
    scheduler.run_all();
    a.wake();
    scheduler.run(1);
    CHECK(lock.is_held());
    scheduler.drop(2);
    CHECK(!lock.is_held());
  }

  TEST_CASE("all keeps the order of its tasks, whichever ends first") {
    Scheduler scheduler;
    Operation<int> a(scheduler, nullptr);
    Operation<int> b(scheduler, nullptr);
    std::vector<int> results;
    scheduler.spawn(1, gather(scheduler, a, b, results));
    scheduler.run_all();
    b.complete(2);
    scheduler.run_all();
    CHECK(results.empty());
    a.complete(1);
    scheduler.run_all();
    CHECK(results == std::vector<int>{1, 2});
  }
}

}  // namespace sluice
