#include "native/checkpointer.h"

namespace sluice::native {
namespace {

constexpr int kPassesMax = 4;
constexpr int kRestMax = 256;  // Pages that the loop copies without being held up.

}  // namespace

Result<std::unique_ptr<Checkpointer>> Checkpointer::start(const std::string& path,
                                                          CheckpointPages pages) {
  SLUICE_TRY(auto database, Database::open(path, ""));
  // A connection that has read nothing knows of no log.
  SLUICE_TRY(database->run("SELECT 1 FROM sqlite_schema LIMIT 1"));
  return std::unique_ptr<Checkpointer>(new Checkpointer(std::move(database), pages));
}

Checkpointer::Checkpointer(std::unique_ptr<Database> database, CheckpointPages pages)
    : database_(std::move(database)), pages_(pages), thread_([this] { run(); }) {}

Checkpointer::~Checkpointer() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    state_ = State::kEnding;
  }
  changed_.notify_one();
  thread_.join();
}

bool Checkpointer::committed(int pages) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (state_ == State::kDone) {
    state_ = State::kIdle;
    return true;
  }
  if (state_ == State::kIdle && pages >= pages_.begin) {
    state_ = State::kAsked;
    changed_.notify_one();
  }
  return pages >= pages_.most;
}

// Each pass copies what was committed during the one before.
void Checkpointer::run() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return state_ == State::kAsked || state_ == State::kEnding; });
    if (state_ == State::kEnding) return;
    lock.unlock();
    for (int pass = 0; pass < kPassesMax && database_->checkpoint() > kRestMax; ++pass) continue;
    lock.lock();
    if (state_ == State::kAsked) state_ = State::kDone;
  }
}

}  // namespace sluice::native
