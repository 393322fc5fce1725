// Copies a store's log back into its file, on a thread of its own.
//
//   loop    commit commit commit ............ commit, the rest | commit ...   the log begins anew
//                         |                       ^
//   thread                `-- copies, copies --> done
//
// A checkpoint waits for the disk for tens of milliseconds, a fifth of the time under load, and on
// the loop every answer waits with it. SQLite lets another connection do it while commits go on.
// But only a log that is copied whole begins anew, and under load it never is: so the loop copies
// the rest, which by then is little, between two commits.
//
// What a checkpoint leaves is in the log, and safe: one that fails is no error, and the next one
// goes on where it ended.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "base/result.h"
#include "native/sqlite_database.h"

namespace sluice::native {

// Of 4 KiB, in the log.
struct CheckpointPages {
  int begin = 16000;  // The thread begins to copy. Pages that were written twice are copied once.
  int most = 48000;   // It does not keep up: the loop copies as well.
};

class Checkpointer {
 public:
  // Opens the file once more. Errors: those of opening it.
  [[nodiscard]] static Result<std::unique_ptr<Checkpointer>> start(const std::string& path,
                                                                   CheckpointPages pages);
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;
  ~Checkpointer();  // Waits for a checkpoint under way.

  // Told after each commit how many pages the log has. True: it is to be checkpointed here, now.
  [[nodiscard]] bool committed(int pages);

 private:
  enum class State : std::uint8_t { kIdle, kAsked, kDone, kEnding };

  Checkpointer(std::unique_ptr<Database> database, CheckpointPages pages);
  void run();

  std::unique_ptr<Database> database_;
  CheckpointPages pages_;
  std::mutex mutex_;
  std::condition_variable changed_;
  State state_ = State::kIdle;
  std::thread thread_;
};

}  // namespace sluice::native
