// Native only: needs SQLite, files and a thread.
#include "native/checkpointer.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "doctest/doctest.h"
#include "native/sqlite_store.h"
#include "temporary_directory.h"

using namespace sluice;
using namespace sluice::native;

namespace {

constexpr CheckpointPages kPages{.begin = 64, .most = 256};
constexpr int kCommits = 1500;
constexpr std::int64_t kFrame = 4096 + 24;

std::int64_t size_of(const std::string& path) {
  struct stat status{};
  return stat(path.c_str(), &status) == 0 ? status.st_size : 0;
}

std::unique_ptr<SqliteStore> open(const std::string& directory,
                                  std::optional<CheckpointPages> pages) {
  auto store = SqliteStore::open({.directory = directory, .vfs = "", .checkpoints = pages});
  CHECK(store.has_value());
  return store.has_value() ? std::move(*store) : nullptr;
}

std::string key_of(int n) { return "t/" + std::to_string(n % 500); }
Bytes value_of(int n) { return Bytes(3000, static_cast<char>('a' + n % 26)) + std::to_string(n); }

// The n-th row, in a durable group of its own.
void write(SqliteStore& store, int n) {
  KvCommit commit;
  commit.mutations.push_back({.key = key_of(n), .value = value_of(n), .expiry = {}});
  CHECK(store.commit("main.0", commit).has_value());
  CHECK(store.end_group() == GroupEnd::kDurable);
}

}  // namespace

TEST_SUITE("native/checkpointer") {
  TEST_CASE("the log stays bounded under commits without a pause, and every row is there") {
    TemporaryDirectory directory;
    const std::string file = directory.path() + "/sluice.db";
    std::int64_t longest = 0;
    {
      const auto store = open(directory.path(), kPages);
      for (int n = 0; n < kCommits; ++n) {
        write(*store, n);
        longest = std::max(longest, size_of(file + "-wal"));
      }
    }
    CHECK(longest > kPages.begin * kFrame);
    CHECK(longest < (kPages.most + 64) * kFrame);
    CHECK(size_of(file) > 400 * 4096);

    const auto again = open(directory.path(), std::nullopt);
    for (int n = kCommits - 500; n < kCommits; ++n) {
      const auto found = again->get("main.0", {key_of(n)});
      CHECK(found.has_value());
      if (!found.has_value()) continue;
      const auto& entry = found->front();
      CHECK((entry && entry->value == value_of(n)));
    }
  }

  TEST_CASE("a log that began anew is read as it was written, after a process that just ended") {
    TemporaryDirectory directory;
    TemporaryDirectory copy;
    {
      const auto store = open(directory.path(), kPages);
      for (int n = 0; n < 400; ++n) {
        write(*store, n);
      }
      // What another process would find, were this one killed now.
      const std::string command = "cp " + directory.path() + "/sluice.db* " + copy.path() + "/";
      CHECK(std::system(command.c_str()) == 0);
    }
    const auto found = open(copy.path(), std::nullopt)->get("main.0", {key_of(399)});
    CHECK(found.has_value());
    if (found.has_value()) CHECK((found->front() && found->front()->value == value_of(399)));
  }

  TEST_CASE("a thread that is not asked, or is under way, does not keep the store from closing") {
    for (int commits = 0; commits < 300; commits += 37) {
      TemporaryDirectory directory;
      const auto store = open(directory.path(), CheckpointPages{.begin = 2, .most = 1000});
      for (int n = 0; n < commits; ++n) {
        write(*store, n);
      }
    }
  }
}
