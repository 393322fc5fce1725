// Native only: needs SQLite and files.
#include "native/joined_log.h"

#include <memory>
#include <string>

#include "doctest/doctest.h"
#include "faulty_files.h"
#include "native/sqlite_database.h"
#include "temporary_directory.h"

using namespace sluice;
using namespace sluice::native;

namespace {

// A table of numbered rows of a page each, with a cache that does not hold a larger transaction.
std::unique_ptr<Database> open(const std::string& path, const std::string& vfs) {
  auto database = Database::open(path, vfs);
  CHECK(database.has_value());
  if (!database.has_value()) return nullptr;
  CHECK((*database)
            ->run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=20;"
                  "PRAGMA wal_autocheckpoint=0;"
                  "CREATE TABLE IF NOT EXISTS t(n INTEGER PRIMARY KEY, v BLOB NOT NULL);")
            .has_value());
  return std::move(*database);
}

std::string rows(int from, int count) {
  return "WITH RECURSIVE c(n) AS (VALUES(" + std::to_string(from) +
         ") UNION ALL SELECT n+1 FROM c WHERE n<" + std::to_string(from + count - 1) +
         ") INSERT INTO t SELECT n, zeroblob(3800) FROM c;";
}

bool run(Database& database, const std::string& sql) {
  return database.run(sql.c_str()).has_value();
}

std::int64_t number(Database& database, const char* sql) {
  const auto found = database.number(sql);
  return found ? *found : -1;
}

}  // namespace

TEST_SUITE("native/joined_log") {
  TEST_CASE("the pages of a transaction are written at once, before it is synced") {
    TemporaryDirectory directory;
    FaultyFiles files;
    const std::string name = joined_log(FaultyFiles::kName);
    CHECK(name == joined_log(FaultyFiles::kName));
    const auto joined = open(directory.path() + "/joined", name);
    const auto plain = open(directory.path() + "/plain", FaultyFiles::kName);
    CHECK(run(*joined, rows(1, 10)));  // It begins the log, whose header is synced by itself.
    CHECK(run(*plain, rows(1, 10)));

    const std::uint64_t syncs = files.syncs();
    std::uint64_t before = files.log_writes();
    CHECK(run(*joined, rows(11, 10)));
    CHECK(files.log_writes() - before == 1);
    CHECK(files.syncs() - syncs == 1);
    CHECK(files.unsynced_log_writes() == 0);
    before = files.log_writes();
    CHECK(run(*plain, rows(11, 10)));
    CHECK(files.log_writes() - before > 20);

    // Another program sees it: nothing was left behind.
    const auto reader = open(directory.path() + "/joined", "");
    CHECK(number(*reader, "SELECT count(*) FROM t") == 20);
  }

  TEST_CASE("a transaction larger than what is held, and than the cache, is read and kept whole") {
    TemporaryDirectory directory;
    const auto database = open(directory.path() + "/db", joined_log(""));
    CHECK(run(*database, "BEGIN;" + rows(1, 400)));
    // Pages that the cache gave up come back out of the log.
    CHECK(number(*database, "SELECT sum(length(v)) FROM t") == 400 * 3800);
    CHECK(run(*database, "UPDATE t SET v=zeroblob(3700) WHERE n%7=0;"));
    CHECK(number(*database, "SELECT count(*) FROM t WHERE length(v)=3700") == 57);
    CHECK(run(*database, "COMMIT;"));
    CHECK(run(*database, "BEGIN;" + rows(1001, 400) + "ROLLBACK;"));
    CHECK(run(*database, "BEGIN; INSERT INTO t VALUES(2001, zeroblob(600000)); COMMIT;"));

    const auto reader = open(directory.path() + "/db", "");
    CHECK(number(*reader, "SELECT count(*) FROM t") == 401);
    CHECK(number(*reader, "SELECT length(v) FROM t WHERE n=2001") == 600000);
    CHECK(number(*reader,
                 "SELECT count(*) FROM pragma_integrity_check "
                 "WHERE integrity_check='ok'") == 1);
    CHECK(database->checkpoint() == 0);
    CHECK(run(*database, rows(3001, 50)));  // The log begins anew.
    CHECK(number(*reader, "SELECT count(*) FROM t") == 451);
  }

  TEST_CASE("a write that fails at the sync undoes its transaction, and a later one succeeds") {
    TemporaryDirectory directory;
    FaultyFiles files;
    const auto database = open(directory.path() + "/db", joined_log(FaultyFiles::kName));
    CHECK(run(*database, rows(1, 5)));
    files.fail_writes(true);
    const auto failed = database->run(rows(6, 5).c_str());
    CHECK(!failed.has_value());
    CHECK(failed.error().code == Errc::kFull);
    CHECK(number(*database, "SELECT count(*) FROM t") == 5);
    files.fail_writes(false);
    CHECK(run(*database, rows(6, 3)));
    files.fail_syncs(true);
    CHECK(!run(*database, rows(20, 5)));
    files.fail_syncs(false);
    CHECK(run(*database, rows(30, 1)));
    const auto reader = open(directory.path() + "/db", "");
    CHECK(number(*reader, "SELECT count(*) FROM t") == 9);
  }

  TEST_CASE("a layer that does not exist is refused, not replaced") {
    TemporaryDirectory directory;
    CHECK(joined_log("no-such-layer") == "no-such-layer");
    CHECK(!Database::open(directory.path() + "/db", joined_log("no-such-layer")).has_value());
  }
}
