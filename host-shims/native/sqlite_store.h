// All cells of a process in one SQLite file, with one durable transaction per turn of the loop.
//
//   commit commit commit | end_group: COMMIT + fsync | commit commit | end_group ...
//   `-- one turn: seen by reads at once, durable --'
//       together, and only then may anything that depends on it leave the process
//
// A commit checks all of its versions before it writes anything, so a lost race leaves no trace.
// An error inside an open group fails all of it, because SQLite may have undone it already:
// nothing of it becomes durable, every further call of the turn fails too, and the engines that
// wrote in it must be dropped, because what they remember never happened.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/kv.h"
#include "native/checkpointer.h"
#include "native/sqlite_database.h"

namespace sluice::native {

struct StoreOptions {
  std::string directory;
  std::uint64_t bytes_max = 8ULL * 1024 * 1024 * 1024;
  std::string vfs;  // The file layer below the joined log; empty: the system's.
  // Checkpoints on a thread of their own, with the system's file layer only; none: as SQLite does.
  std::optional<CheckpointPages> checkpoints;
};

enum class GroupEnd : std::uint8_t { kEmpty, kDurable, kFailed };

class SqliteStore {
 public:
  // Takes the directory for this process and opens `sluice.db` in it.
  // Errors: kNotOwner (another process has it), kFull, kIo, kCorrupt, kUnknownFormat.
  [[nodiscard]] static Result<std::unique_ptr<SqliteStore>> open(const StoreOptions& options);
  SqliteStore(const SqliteStore&) = delete;
  SqliteStore& operator=(const SqliteStore&) = delete;
  ~SqliteStore();

  [[nodiscard]] Result<std::vector<std::optional<KvEntry>>> get(
      std::string_view cell, const std::vector<std::string>& keys);
  [[nodiscard]] Result<KvPage> range(std::string_view cell, const KvRange& range);
  // Writes checks and mutations, not the wake. Errors: kFull, kIo: the group has failed.
  [[nodiscard]] Result<KvOutcome> commit(std::string_view cell, const KvCommit& commit);

  [[nodiscard]] Result<std::optional<Instant>> wake(std::string_view cell);
  Result<void> set_wake(std::string_view cell, std::optional<Instant> at);
  // Every stored wake, for the start of a process.
  [[nodiscard]] Result<std::vector<std::pair<std::string, Instant>>> wakes();

  // The number of the group that the next commit belongs to; it grows with each `end_group` that
  // was not empty.
  [[nodiscard]] std::uint64_t group() const { return group_; }
  // Whether something was written, or has failed, since the last `end_group`.
  [[nodiscard]] bool is_dirty() const { return open_ || failed_; }
  [[nodiscard]] std::uint32_t commits_in_group() const { return commits_; }

  // Makes the turn's commits durable, or undoes all of them. The same in two steps:
  // `write_group` waits for the disk, and may run on another thread while nobody uses the store;
  // `settle_group` says what came of it.
  [[nodiscard]] GroupEnd end_group();
  void write_group();
  [[nodiscard]] GroupEnd settle_group();

  // Why the last group failed, in SQLite's words.
  [[nodiscard]] const std::string& failure() const { return failure_; }

 private:
  SqliteStore(int lock, std::unique_ptr<Database> database)
      : lock_(lock), database_(std::move(database)) {}

  Result<void> prepare(const StoreOptions& options);
  Result<void> begin_checkpoints(const std::string& path, CheckpointPages pages);
  Result<void> create_tables();
  Result<void> begin_write();
  Result<void> draw_version();
  Result<std::optional<std::uint32_t>> first_conflict(std::string_view cell,
                                                      const std::vector<KvCheck>& checks);
  Result<void> apply(std::string_view cell, const KvMutation& mutation);
  Result<bool> step(Statement& statement);
  Error fail(Error error);

  int lock_;
  std::unique_ptr<Checkpointer> checkpointer_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Statement> get_;
  std::unique_ptr<Statement> version_of_;
  std::unique_ptr<Statement> forward_;
  std::unique_ptr<Statement> backward_;
  std::unique_ptr<Statement> put_;
  std::unique_ptr<Statement> erase_;
  std::unique_ptr<Statement> wake_;
  std::unique_ptr<Statement> set_wake_;
  std::unique_ptr<Statement> clear_wake_;
  std::unique_ptr<Statement> begin_;
  std::unique_ptr<Statement> commit_;
  std::unique_ptr<Statement> set_meta_;

  std::uint64_t group_ = 1;
  std::uint32_t commits_ = 0;
  bool open_ = false;
  bool failed_ = false;
  std::optional<Error> unwritten_;  // Why `write_group` failed.
  std::string failure_;
  std::int64_t version_ = 0;   // Only grows, also over failed groups and restarts.
  std::int64_t reserved_ = 0;  // No version up to this is given out again after a restart.
};

}  // namespace sluice::native
