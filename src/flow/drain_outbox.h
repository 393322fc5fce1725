// Sends what is due: the dispatcher of one cell.
//
//   record what came back, choose what goes next, one commit --> start the requests --> wait
//            ^                                                                           |
//            +---------------------------------------------------------------------------+
//
// Claims live here, in memory; the marker row names them (outbox/claim.h). At most
// `http_in_flight_max` requests are under way, and a finished one makes room for the next from the
// store, so memory does not grow with the backlog. Endpoints take turns; those that timed out last
// share at most half of the slots, one each. What an earlier boot left in flight runs alone first.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "flow/cell.h"
#include "tables/deliveries.h"

namespace sluice::flow {

// What a dispatcher's owner adds to the commit with which it comes to rest.
class Rest {
 public:
  virtual Task<void> plan(store::Transaction& transaction) = 0;

 protected:
  ~Rest() = default;
};

class Dispatcher {
 public:
  // `rest` outlives it.
  Dispatcher(Cell& cell, Rest& rest) : cell_(cell), rest_(rest) {}
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  // Runs until nothing is due and nothing is in flight. One at a time.
  // Errors: those of a commit; what was in flight stays claimed in the store's marker.
  Task<Result<void>> run();

  // Something may have become due: a running dispatcher looks again.
  void poke();

  // Takes up nothing new; `run` ends when what is in flight is recorded.
  void stop();

  // Wakes `waiter` when `run` has ended; at once when it does not run.
  void when_idle(Waiter& waiter);

  [[nodiscard]] bool is_running() const { return running_; }
  [[nodiscard]] std::size_t in_flight() const { return claims_.size(); }

 private:
  struct Flight {
    tables::Claim claim;
    Instant deadline;
    bool slow = false;  // The endpoint timed out last.
  };
  // What is chosen or recorded in one commit, and becomes true only with it.
  struct Round {
    std::vector<tables::Recorded> recorded;
    std::vector<Flight> claimed;
    bool cut = false;  // There may be more to choose at once.
  };

  Task<Result<void>> drain();
  Task<Result<bool>> round();
  Task<Result<void>> record(store::Transaction& transaction, Round& round, Instant now);
  Task<Result<void>> bury(tables::Recorded recorded);
  Task<Result<void>> choose(store::Transaction& transaction, Round& round, Instant now);
  Task<Result<void>> choose_suspect(store::Transaction& transaction, Round& round, Instant now);
  Task<Result<bool>> choose_from(store::Transaction& transaction, Round& round,
                                 std::string endpoint, std::size_t share, Instant now);
  Task<Result<void>> claim(store::Transaction& transaction, Round& round, tables::Head head,
                           const manifest::Endpoint& endpoint, bool slow, Instant now);
  Task<Result<void>> load_suspects();
  void mark_in_flight(store::Transaction& transaction, const Round& round, Instant now);
  void adopt(Round round);
  Task<void> attempt(tables::Claim claim);
  void log_damage(std::string key);

  [[nodiscard]] std::size_t slots(const Round& round) const;
  [[nodiscard]] std::size_t slow_in_flight(const Round& round) const;
  [[nodiscard]] bool is_claimed(const Round& round, Seq seq) const;

  Cell& cell_;
  Rest& rest_;
  std::map<Seq, Flight> claims_;
  std::list<Task<void>> attempts_;
  std::vector<tables::Recorded> done_;       // Answered, not recorded yet.
  std::optional<tables::Recorded> damaged_;  // Of those, one that cannot be recorded.
  std::optional<std::set<Seq>> suspects_;    // Empty optional: the marker was not read yet.
  Waiter* waiting_ = nullptr;
  Waiter* idle_ = nullptr;
  std::uint64_t fence_ = 0;
  bool running_ = false;
  bool stopped_ = false;
  bool poked_ = false;
  bool marked_ = false;  // The store has a marker.
};

}  // namespace sluice::flow
