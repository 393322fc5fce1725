// The rows of one cell in the process's store, as the core's Kv: always READY, never suspending.
//
// It remembers whether its cell wrote in the group that is still open (such a cell's outputs wait
// for the commit), and keeps the cell's wake, so that a webhook that asks for an earlier wake than
// the one there is costs no write. After a failed group it is dropped with its engine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "host/kv.h"
#include "native/sqlite_store.h"

namespace sluice::native {

// How the cell's wake changed in the group that is still open.
struct WakeChange {
  std::optional<Instant> stored;  // The wake as it is stored now.
  bool replaced = false;          // `at` or `never` was said, so every timer has been looked at.
  std::optional<Instant> asked;   // The earliest `by` that was asked for, kept or not.
};

class SqliteKv final : public Kv {
 public:
  SqliteKv(SqliteStore& store, std::string cell) : store_(store), cell_(std::move(cell)) {}

  Task<Result<std::vector<std::optional<KvEntry>>>> get(std::vector<std::string> keys) override;
  Task<Result<KvPage>> range(KvRange range) override;
  Task<Result<KvOutcome>> commit(KvCommit commit) override;

  [[nodiscard]] bool has_open_writes() const {
    return written_group_ == store_.group() && store_.is_dirty();
  }

  // What happened to the wake since the last call. To be asked once per group.
  [[nodiscard]] std::optional<WakeChange> take_wake_change();

 private:
  Result<KvOutcome> commit_now(const KvCommit& commit);
  Result<void> write_wake(const Wake& wake);
  Result<void> replace_wake(std::optional<Instant> at);

  SqliteStore& store_;
  std::string cell_;
  std::uint64_t written_group_ = 0;
  bool wake_known_ = false;
  std::optional<Instant> wake_;
  std::optional<WakeChange> change_;
};

// The store of a front: there is none.
class NoKv final : public Kv {
 public:
  Task<Result<std::vector<std::optional<KvEntry>>>> get(std::vector<std::string> keys) override;
  Task<Result<KvPage>> range(KvRange range) override;
  Task<Result<KvOutcome>> commit(KvCommit commit) override;
};

}  // namespace sluice::native
