// Native only: needs SQLite and files.
#include "native/sqlite_kv.h"

#include <sys/resource.h>

#include <set>

#include "doctest/doctest.h"
#include "faulty_files.h"
#include "temporary_directory.h"

using namespace sluice;
using namespace sluice::native;

namespace {

template <class T>
T now(Task<T> task) {
  task.start();
  CHECK(task.done());  // The store never suspends.
  return task.take();
}

KvMutation put(std::string key, Bytes value) {
  return {.key = std::move(key), .value = std::move(value), .expiry = {}};
}
KvMutation erase(std::string key) { return {.key = std::move(key), .value = {}, .expiry = {}}; }

KvCommit write(std::vector<KvMutation> mutations) {
  KvCommit commit;
  commit.mutations = std::move(mutations);
  return commit;
}

std::optional<KvEntry> read(SqliteKv& kv, std::string key) {
  auto found = now(kv.get({std::move(key)}));
  CHECK(found.has_value());
  if (!found.has_value()) return std::nullopt;
  return (*found)[0];
}

std::unique_ptr<SqliteStore> open(const std::string& directory, std::string vfs = "",
                                  std::uint64_t bytes_max = 1ULL << 30) {
  auto store = SqliteStore::open(
      {.directory = directory, .bytes_max = bytes_max, .vfs = std::move(vfs), .checkpoints = {}});
  CHECK(store.has_value());
  if (!store.has_value()) return nullptr;
  return std::move(*store);
}

KvRange range(std::string lo, std::string hi, std::uint32_t limit, bool reverse) {
  return {.lo = std::move(lo), .hi = std::move(hi), .limit = limit, .reverse = reverse};
}

std::string keys(const KvPage& page) {
  std::string text;
  for (const KvRow& row : page.rows) text += row.key + " ";
  return text + "next " + page.next.value_or("-");
}

}  // namespace

TEST_SUITE("native/sqlite_kv") {
  TEST_CASE("what was put is read back byte for byte, NUL and empty values included") {
    TemporaryDirectory directory;
    const auto store = open(directory.path());
    SqliteKv kv(*store, "main.0");
    const Bytes odd("a\0b\xff", 4);
    CHECK(now(kv.commit(write({put("a", odd), put("b", "")})))->is_committed());
    CHECK(read(kv, "a")->value == odd);
    CHECK(read(kv, "b")->value.empty());
    CHECK(!read(kv, "c").has_value());
    CHECK(store->end_group() == GroupEnd::kDurable);
    CHECK(read(kv, "a")->value == odd);
  }

  TEST_CASE("ranges are half-open, in byte order, and say where to go on") {
    TemporaryDirectory directory;
    const auto store = open(directory.path());
    SqliteKv kv(*store, "main.0");
    SqliteKv other(*store, "main.1");
    (void)now(other.commit(write({put("b", "x")})));
    (void)now(kv.commit(write({put("a", ""), put("b/2", ""), put("b~", ""), put("b/1", ""),
                               put("c", ""), put("B", "")})));
    CHECK(keys(*now(kv.range(range("a", "c", 10, false)))) == "a b/1 b/2 b~ next -");
    CHECK(keys(*now(kv.range(range("a", "c", 10, true)))) == "b~ b/2 b/1 a next -");
    CHECK(keys(*now(kv.range(range("a", "c", 2, false)))) == "a b/1 next b/2");
    CHECK(keys(*now(kv.range(range("b/2", "c", 2, false)))) == "b/2 b~ next -");
    CHECK(keys(*now(kv.range(range("a", "c", 2, true)))) == "b~ b/2 next b/2");
    CHECK(keys(*now(kv.range(range("a", "b/2", 2, true)))) == "b/1 a next -");
    CHECK(keys(*now(kv.range(range("x", "y", 2, false)))) == "next -");
  }

  TEST_CASE("a page holds at most 256 rows and 512 KiB, but always one row") {
    TemporaryDirectory directory;
    const auto store = open(directory.path());
    SqliteKv kv(*store, "main.0");
    for (int i = 0; i < 10; ++i) {
      const std::string key = "big/" + std::to_string(i);
      (void)now(kv.commit(write({put(key, Bytes(60 * 1024, 'x'))})));
    }
    const auto big = now(kv.range(range("big/", "big0", 256, false)));
    CHECK(big->rows.size() == 8);
    CHECK(big->next == "big/8");
    for (int i = 0; i < 300; ++i) {
      (void)now(kv.commit(write({put("n/" + std::to_string(1000 + i), "")})));
    }
    CHECK(now(kv.range(range("n/", "n0", 1000, false)))->rows.size() == 256);
  }

  TEST_CASE("a commit whose check fails names it and leaves no trace") {
    TemporaryDirectory directory;
    const auto store = open(directory.path());
    SqliteKv kv(*store, "main.0");
    (void)now(kv.commit(write({put("a", "1")})));
    const Bytes version = read(kv, "a")->version;
    KvCommit lost = write({put("a", "2"), put("b", "2")});
    lost.checks = {{.key = "a", .version = version}, {.key = "a", .version = std::nullopt}};
    lost.wake = {.kind = Wake::Kind::kAt, .at = {5}};
    CHECK(now(kv.commit(lost))->conflict == 1U);
    CHECK(read(kv, "a")->value == "1");
    CHECK(!read(kv, "b").has_value());
    CHECK(!store->wake("main.0")->has_value());
    KvCommit won = write({put("a", "2")});
    won.checks = {{.key = "a", .version = version}, {.key = "b", .version = std::nullopt}};
    CHECK(now(kv.commit(won))->is_committed());
    KvCommit stale = write({put("a", "3")});
    stale.checks = {{.key = "a", .version = version}};
    CHECK(now(kv.commit(stale))->conflict == 0U);
  }

  TEST_CASE("versions never repeat, over deletes, failed groups and restarts") {
    TemporaryDirectory directory;
    FaultyFiles files;
    std::set<Bytes> seen;
    int written = 0;
    for (int restart = 0; restart < 3; ++restart) {
      const auto store = open(directory.path(), FaultyFiles::kName);
      SqliteKv kv(*store, "main.0");
      for (int i = 0; i < 6; ++i) {
        (void)now(kv.commit(write({put("a", "same")})));
        seen.insert(read(kv, "a")->version);
        ++written;
        if (i % 2 == 0) (void)now(kv.commit(write({erase("a")})));
        files.fail_syncs(i % 3 == 0);
        (void)store->end_group();
        files.fail_syncs(false);
      }
    }
    CHECK(seen.size() == static_cast<std::size_t>(written));
    CHECK(!seen.contains(Bytes()));
  }

  TEST_CASE("commits of one turn share one sync, and are there after a restart") {
    TemporaryDirectory directory;
    FaultyFiles files;
    {
      const auto store = open(directory.path(), FaultyFiles::kName);
      SqliteKv kv(*store, "main.0");
      (void)now(kv.commit(write({put("warm", "")})));
      (void)store->end_group();
      const auto before = files.syncs();
      for (int i = 0; i < 50; ++i) {
        (void)now(kv.commit(write({put("k" + std::to_string(i), "v")})));
      }
      CHECK(files.syncs() == before);
      CHECK(store->end_group() == GroupEnd::kDurable);
      CHECK(files.syncs() == before + 1);
      CHECK(store->end_group() == GroupEnd::kEmpty);
    }
    const auto store = open(directory.path());
    SqliteKv kv(*store, "main.0");
    CHECK(now(kv.range(range("k", "l", 256, false)))->rows.size() == 50);
  }

  TEST_CASE("a group whose sync fails is undone as a whole") {
    TemporaryDirectory directory;
    FaultyFiles files;
    const auto store = open(directory.path(), FaultyFiles::kName);
    SqliteKv kv(*store, "main.0");
    (void)now(kv.commit(write({put("a", "kept")})));
    CHECK(store->end_group() == GroupEnd::kDurable);
    files.fail_syncs(true);
    CHECK(now(kv.commit(write({put("a", "lost")})))->is_committed());
    CHECK(kv.has_open_writes());
    CHECK(store->end_group() == GroupEnd::kFailed);
    CHECK(!kv.has_open_writes());
    CHECK(!store->failure().empty());
    files.fail_syncs(false);
    CHECK(read(kv, "a")->value == "kept");
    CHECK(now(kv.commit(write({put("a", "again")})))->is_committed());
    CHECK(store->end_group() == GroupEnd::kDurable);
  }

  TEST_CASE("a full disk fails the turn, and later turns work when there is room again") {
    TemporaryDirectory directory;
    FaultyFiles files;
    const auto store = open(directory.path(), FaultyFiles::kName);
    SqliteKv kv(*store, "main.0");
    (void)now(kv.commit(write({put("a", "kept")})));
    CHECK(store->end_group() == GroupEnd::kDurable);
    files.fail_writes(true);
    CHECK(now(kv.commit(write({put("b", "lost")})))->is_committed());
    CHECK(store->end_group() == GroupEnd::kFailed);
    files.fail_writes(false);
    CHECK(!read(kv, "b").has_value());
    CHECK(now(kv.commit(write({put("b", "kept")})))->is_committed());
    CHECK(store->end_group() == GroupEnd::kDurable);
  }

  TEST_CASE("a store at its limit says that it is full, and the rest of the turn fails with it") {
    TemporaryDirectory directory;
    const auto store = open(directory.path(), "", 256 * 1024);
    SqliteKv kv(*store, "main.0");
    Result<KvOutcome> outcome = KvOutcome{};
    for (int i = 0; i < 20 && outcome.has_value(); ++i) {
      outcome = now(kv.commit(write({put("k" + std::to_string(i), Bytes(40 * 1024, 'x'))})));
    }
    CHECK(!outcome.has_value());
    if (outcome.has_value()) return;
    CHECK(outcome.error().code == Errc::kFull);
    CHECK(now(kv.commit(write({put("a", "")}))).error().code == Errc::kIo);
    CHECK(now(kv.get({"k0"})).error().code == Errc::kIo);
    CHECK(store->end_group() == GroupEnd::kFailed);
    CHECK(!read(kv, "k0").has_value());
  }

  TEST_CASE("a wake moves earlier by `by`, and anywhere by `at` and `never`") {
    TemporaryDirectory directory;
    const auto store = open(directory.path());
    SqliteKv kv(*store, "main.0");
    const auto wake = [&](Wake::Kind kind, std::int64_t at) {
      KvCommit commit = write({put("a", "")});
      commit.wake = {.kind = kind, .at = {at}};
      CHECK(now(kv.commit(commit))->is_committed());
      const auto stored = store->wake("main.0")->value_or(Instant{-1}).ms;
      CHECK(kv.take_wake_change()->stored.value_or(Instant{-1}).ms == stored);
      return stored;
    };
    CHECK(wake(Wake::Kind::kBy, 50) == 50);
    CHECK(wake(Wake::Kind::kBy, 60) == 50);
    CHECK(wake(Wake::Kind::kBy, 40) == 40);
    CHECK(wake(Wake::Kind::kAt, 90) == 90);
    CHECK(wake(Wake::Kind::kNever, 0) == -1);
    CHECK(wake(Wake::Kind::kBy, 70) == 70);
    CHECK(store->end_group() == GroupEnd::kDurable);
    CHECK(store->wakes()->size() == 1);
  }

  TEST_CASE("a data directory serves one process at a time") {
    TemporaryDirectory directory;
    const auto store = open(directory.path());
    const auto second =
        SqliteStore::open({.directory = directory.path(), .vfs = "", .checkpoints = {}});
    CHECK(!second.has_value());
    if (!second.has_value()) CHECK(second.error().code == Errc::kNotOwner);
  }
}
