// A transaction over one cell's store: reads that are stable, and one conditional commit.
//
//   SLUICE_CO_TRY(auto transaction, co_await store.begin());      // waits for its turn
//   SLUICE_CO_TRY(const auto row, co_await transaction.get(key));
//   transaction.put(key, value);
//   SLUICE_CO_TRY(const auto outcome, co_await transaction.commit());
//
// One transaction at a time in a cell, first come first served, from its first read to its
// commit's outcome. No HTTP or RPC is awaited while one is open. So what it reads stays true until
// it commits, and it checks only what must hold beyond its own turn: the owner row (where the
// platform does not guarantee one owner), the absences it claims, and every version that was
// carried over an HTTP or RPC await. Reads see the transaction's own writes, and a key is fetched
// once: a flow that reads all it needs by one `get_all` pays one round trip.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "host/host.h"
#include "task/lock.h"

namespace sluice::store {

class Store;

// A commit is split before the item that would pass one of these (the contract's limits leave
// room for the owner's and the commit's own rows).
inline constexpr std::size_t kBudgetMutations = 80;
inline constexpr std::size_t kBudgetChecks = 8;
inline constexpr std::size_t kBudgetBytes = 600 * 1024;

// What a caller may put into one commit: the rest of the contract's limits is the store's own.
inline constexpr std::size_t kOwnMutationsMax = kMutationsMax - 1;
inline constexpr std::size_t kOwnChecksMax = kChecksMax - 2;
inline constexpr std::size_t kOwnBytesMax = kCommitBytesMax - 1024;

struct Cost {
  std::size_t mutations = 0;
  std::size_t checks = 0;
  std::size_t bytes = 0;
};

enum class Outcome : std::uint8_t { kCommitted, kConflict };

class [[nodiscard]] Transaction {
 public:
  Transaction(Transaction&&) noexcept = default;
  Transaction& operator=(Transaction&&) noexcept = default;

  // Errors: kBadArgument (a key against the limits), and those of Kv::get.
  Task<Result<std::optional<KvEntry>>> get(std::string key);
  // At most kGetKeysMax keys; entries in their order.
  Task<Result<std::vector<std::optional<KvEntry>>>> get_all(std::vector<std::string> keys);

  // Reads what is not known yet, as few times as it can, so that a `get` of it waits for nothing.
  Task<Result<void>> fetch(std::vector<std::string> keys);

  // At most `range.limit` rows, own writes included. A written row has an empty version.
  Task<Result<KvPage>> range(KvRange range);

  // Replaces an earlier write of the same key. A key or value against the limits makes the commit
  // fail with kBadArgument or kTooBig; nothing is written then.
  void put(std::string key, Bytes value, std::optional<Instant> expiry = std::nullopt);
  void erase(std::string key);

  // A repeat with another version makes the commit fail with kBadArgument.
  void check(std::string key, Bytes version);
  void check_absent(std::string key);

  // Asks to be woken at `t` at the latest.
  void wake_by(Instant t);
  // Replaces the wake. Only for a transaction that itself read the first row of every timer range.
  void wake_at(std::optional<Instant> t);

  // Whether `more` still fits into the budget of this commit.
  [[nodiscard]] bool fits(const Cost& more) const;
  [[nodiscard]] Cost cost() const { return cost_; }
  [[nodiscard]] bool is_empty() const { return mutations_.empty(); }

  // Ends the transaction, whatever the outcome: the next one gets its turn. A commit without
  // mutations and wake writes nothing and is committed. kUnknownOutcome is resolved inside, by
  // re-reading `m/commit`; it comes out only when the store stays unreadable.
  // Errors: kNotOwner, kFull, kIo, kOverloaded, kTooBig, kBadArgument, kUnknownOutcome.
  Task<Result<Outcome>> commit();

 private:
  friend class Store;
  Transaction(Store& store, Lock::Hold hold) : store_(&store), hold_(std::move(hold)) {}

  struct Write {
    std::optional<Bytes> value;
    std::optional<Instant> expiry;
  };

  // What the transaction wrote or fetched itself; none: the store has to be asked.
  [[nodiscard]] std::optional<std::optional<KvEntry>> known(const std::string& key) const;
  void add(std::string key, Write write);
  void add_check(std::string key, std::optional<Bytes> version);
  void break_with(Errc code, std::string_view context);
  [[nodiscard]] KvPage overlay(const KvRange& range, KvPage page) const;
  [[nodiscard]] std::size_t erased_in(const KvRange& range) const;
  [[nodiscard]] KvCommit take_commit();

  Store* store_;
  Lock::Hold hold_;
  std::map<std::string, Write> mutations_;
  std::map<std::string, std::optional<Bytes>> checks_;
  std::map<std::string, std::optional<KvEntry>> fetched_;
  Wake wake_;
  Cost cost_;
  std::optional<Error> broken_;
  bool spent_ = false;
};

}  // namespace sluice::store
