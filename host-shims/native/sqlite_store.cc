#include "native/sqlite_store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "native/joined_log.h"

namespace sluice::native {

namespace {

constexpr std::int64_t kStoreFormat = 1;
constexpr std::int64_t kPageSize = 4096;
constexpr std::int64_t kVersionsAtOnce = 1 << 20;

// `kv` has row ids: values are appended at the end of one tree, and a second one holds only keys.
// Without row ids a value of 1 KiB takes an overflow page of its own: an accepted webhook costs 40
// % more CPU time, and the file is 2.5 times as large.
constexpr char kTables[] =
    "CREATE TABLE IF NOT EXISTS meta(name TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS kv(cell TEXT NOT NULL, k TEXT NOT NULL, v BLOB NOT NULL,"
    " ver INTEGER NOT NULL, exp INTEGER, PRIMARY KEY(cell, k));"
    "CREATE TABLE IF NOT EXISTS wake(cell TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;"
    "INSERT OR IGNORE INTO meta VALUES('format', 1), ('version', 0);";

Bytes encode_version(std::int64_t version) {
  Bytes bytes(8, '\0');
  auto rest = static_cast<std::uint64_t>(version);
  for (auto at = bytes.rbegin(); at != bytes.rend(); ++at, rest >>= 8) {
    *at = static_cast<char>(rest & 0xff);
  }
  return bytes;
}

Result<int> lock_directory(const std::string& directory) {
  if (mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
    return Error{Errc::kIo, "the data directory cannot be created"};
  }
  const int file = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return Error{Errc::kIo, "the data directory cannot be opened"};
  if (flock(file, LOCK_EX | LOCK_NB) != 0) {
    close(file);
    return Error{Errc::kNotOwner, "another process serves this data directory"};
  }
  return file;
}

}  // namespace

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const StoreOptions& options) {
  SLUICE_TRY(const int lock, lock_directory(options.directory));
  auto database = Database::open(options.directory + "/sluice.db", joined_log(options.vfs));
  if (!database.has_value()) {
    close(lock);
    return database.error();
  }
  std::unique_ptr<SqliteStore> store(new SqliteStore(lock, std::move(*database)));
  SLUICE_TRY(store->prepare(options));
  if (options.checkpoints) {
    SLUICE_TRY(store->begin_checkpoints(options.directory + "/sluice.db", *options.checkpoints));
  }
  return store;
}

Result<void> SqliteStore::begin_checkpoints(const std::string& path, CheckpointPages pages) {
  SLUICE_TRY(checkpointer_, Checkpointer::start(path, pages));
  database_->checkpoint_when([this](int log) { return checkpointer_->committed(log); });
  return {};
}

SqliteStore::~SqliteStore() {
  (void)end_group();
  close(lock_);
}

Result<void> SqliteStore::prepare(const StoreOptions& options) {
  // The cache is small, because SQLite walks all of it at the end of a transaction that has split
  // a page of keys: with 64 MiB that is a tenth of the CPU time. The system keeps the file's pages.
  SLUICE_TRY(
      database_->run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                     "PRAGMA cache_size=-8192; PRAGMA wal_autocheckpoint=4000;"
                     "PRAGMA temp_store=MEMORY;"));
  const auto pages = std::max<std::int64_t>(
      16, static_cast<std::int64_t>(options.bytes_max / static_cast<std::uint64_t>(kPageSize)));
  const std::string limit = "PRAGMA max_page_count=" + std::to_string(pages) + ";";
  SLUICE_TRY(database_->run(limit.c_str()));
  SLUICE_TRY(create_tables());
  SLUICE_TRY(version_, database_->number("SELECT number FROM meta WHERE name='version'"));
  reserved_ = version_;
  SLUICE_TRY(get_, database_->prepare("SELECT v, ver FROM kv WHERE cell=?1 AND k=?2"));
  SLUICE_TRY(version_of_, database_->prepare("SELECT ver FROM kv WHERE cell=?1 AND k=?2"));
  SLUICE_TRY(forward_, database_->prepare("SELECT k, v, ver FROM kv WHERE cell=?1 AND k>=?2 AND "
                                          "k<?3 ORDER BY k LIMIT ?4"));
  SLUICE_TRY(backward_, database_->prepare("SELECT k, v, ver FROM kv WHERE cell=?1 AND k>=?2 AND "
                                           "k<?3 ORDER BY k DESC LIMIT ?4"));
  SLUICE_TRY(put_,
             database_->prepare("INSERT INTO kv VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT(cell, k) "
                                "DO UPDATE SET v=?3, ver=?4, exp=?5"));
  SLUICE_TRY(erase_, database_->prepare("DELETE FROM kv WHERE cell=?1 AND k=?2"));
  SLUICE_TRY(wake_, database_->prepare("SELECT at FROM wake WHERE cell=?1"));
  SLUICE_TRY(set_wake_, database_->prepare("INSERT OR REPLACE INTO wake VALUES(?1, ?2)"));
  SLUICE_TRY(clear_wake_, database_->prepare("DELETE FROM wake WHERE cell=?1"));
  SLUICE_TRY(begin_, database_->prepare("BEGIN IMMEDIATE"));
  SLUICE_TRY(commit_, database_->prepare("COMMIT"));
  SLUICE_TRY(set_meta_, database_->prepare("INSERT OR REPLACE INTO meta VALUES(?1, ?2)"));
  return {};
}

Result<void> SqliteStore::create_tables() {
  // Read first: a store that is only full, or that a newer program wrote, must stay untouched.
  const auto format = database_->number("SELECT number FROM meta WHERE name='format'");
  if (!format.has_value()) return database_->run(kTables);
  if (*format > kStoreFormat) {
    return Error{Errc::kUnknownFormat, "a newer version of this program wrote the store"};
  }
  return {};
}

Result<std::vector<std::optional<KvEntry>>> SqliteStore::get(std::string_view cell,
                                                             const std::vector<std::string>& keys) {
  if (failed_) return Error{Errc::kIo, "the turn's commits have failed"};
  std::vector<std::optional<KvEntry>> entries;
  entries.reserve(keys.size());
  for (const std::string& key : keys) {
    StatementUse get(*get_);
    get->bind_text(1, cell).bind_text(2, key);
    SLUICE_TRY(const bool found, step(*get));
    if (!found) {
      entries.emplace_back();
      continue;
    }
    entries.push_back(KvEntry{.value = get->bytes(0), .version = encode_version(get->number(1))});
  }
  return entries;
}

Result<KvPage> SqliteStore::range(std::string_view cell, const KvRange& range) {
  if (failed_) return Error{Errc::kIo, "the turn's commits have failed"};
  const std::size_t limit = std::clamp<std::size_t>(range.limit, 1, kRangeRowsMax);
  StatementUse rows(range.reverse ? *backward_ : *forward_);
  rows->bind_text(1, cell).bind_text(2, range.lo).bind_text(3, range.hi);
  rows->bind_number(4, static_cast<std::int64_t>(limit) + 1);
  KvPage page;
  std::size_t bytes = 0;
  while (true) {
    SLUICE_TRY(const bool found, step(*rows));
    if (!found) return page;
    bytes += rows->size(0) + rows->size(1);
    if (page.rows.size() == limit || (!page.rows.empty() && bytes > kRangeBytesMax)) {
      page.next = range.reverse ? page.rows.back().key : rows->bytes(0);
      return page;
    }
    KvEntry entry{.value = rows->bytes(1), .version = encode_version(rows->number(2))};
    page.rows.push_back(KvRow{.key = rows->bytes(0), .entry = std::move(entry)});
  }
}

Result<KvOutcome> SqliteStore::commit(std::string_view cell, const KvCommit& commit) {
  if (failed_) return Error{Errc::kIo, "the turn's commits have failed"};
  SLUICE_TRY(const auto conflict, first_conflict(cell, commit.checks));
  if (conflict.has_value()) return KvOutcome{.conflict = conflict};
  SLUICE_TRY(begin_write());
  SLUICE_TRY(draw_version());
  ++commits_;
  for (const KvMutation& mutation : commit.mutations) SLUICE_TRY(apply(cell, mutation));
  return KvOutcome{};
}

Result<std::optional<std::uint32_t>> SqliteStore::first_conflict(
    std::string_view cell, const std::vector<KvCheck>& checks) {
  for (std::uint32_t i = 0; i < checks.size(); ++i) {
    StatementUse version(*version_of_);
    version->bind_text(1, cell).bind_text(2, checks[i].key);
    SLUICE_TRY(const bool found, step(*version));
    const bool holds = found ? checks[i].version == encode_version(version->number(0))
                             : !checks[i].version.has_value();
    if (!holds) return std::optional(i);
  }
  return std::optional<std::uint32_t>();
}

Result<void> SqliteStore::begin_write() {
  if (open_) return {};
  StatementUse begin(*begin_);
  SLUICE_TRY(begin->step());
  open_ = true;
  return {};
}

// The stored bound is ahead of what was given out, so that not every group writes it.
Result<void> SqliteStore::draw_version() {
  if (version_ >= reserved_) {
    const std::int64_t bound = version_ + kVersionsAtOnce;
    StatementUse meta(*set_meta_);
    meta->bind_text(1, "version").bind_number(2, bound);
    SLUICE_TRY(step(*meta));
    reserved_ = bound;
  }
  ++version_;
  return {};
}

Result<void> SqliteStore::apply(std::string_view cell, const KvMutation& mutation) {
  StatementUse write(mutation.value.has_value() ? *put_ : *erase_);
  write->bind_text(1, cell).bind_text(2, mutation.key);
  if (mutation.value.has_value()) {
    write->bind_blob(3, *mutation.value).bind_number(4, version_);
    if (mutation.expiry.has_value()) write->bind_number(5, mutation.expiry->ms);
  }
  SLUICE_TRY(step(*write));
  return {};
}

Result<bool> SqliteStore::step(Statement& statement) {
  auto row = statement.step();
  if (!row.has_value() && open_) return fail(row.error());
  return row;
}

Error SqliteStore::fail(Error error) {
  if (!failed_) failure_ = database_->last_reason();
  failed_ = true;
  return error;
}

Result<std::optional<Instant>> SqliteStore::wake(std::string_view cell) {
  StatementUse wake(*wake_);
  wake->bind_text(1, cell);
  SLUICE_TRY(const bool found, step(*wake));
  if (!found) return std::optional<Instant>();
  return std::optional(Instant{wake->number(0)});
}

Result<void> SqliteStore::set_wake(std::string_view cell, std::optional<Instant> at) {
  SLUICE_TRY(begin_write());
  StatementUse write(at.has_value() ? *set_wake_ : *clear_wake_);
  write->bind_text(1, cell);
  if (at.has_value()) write->bind_number(2, at->ms);
  SLUICE_TRY(step(*write));
  return {};
}

Result<std::vector<std::pair<std::string, Instant>>> SqliteStore::wakes() {
  SLUICE_TRY(const auto rows, database_->prepare("SELECT cell, at FROM wake ORDER BY cell"));
  std::vector<std::pair<std::string, Instant>> wakes;
  while (true) {
    SLUICE_TRY(const bool found, rows->step());
    if (!found) return wakes;
    wakes.emplace_back(rows->bytes(0), Instant{rows->number(1)});
  }
}

GroupEnd SqliteStore::end_group() {
  write_group();
  return settle_group();
}

void SqliteStore::write_group() {
  if (!open_ || failed_) return;
  StatementUse commit(*commit_);
  const auto committed = commit->step();
  if (!committed.has_value()) unwritten_ = committed.error();
}

GroupEnd SqliteStore::settle_group() {
  if (!is_dirty()) return GroupEnd::kEmpty;
  if (unwritten_.has_value()) (void)fail(*std::exchange(unwritten_, std::nullopt));
  const bool durable = !failed_;
  if (database_->in_transaction()) (void)database_->run("ROLLBACK");
  if (!durable) reserved_ = version_;  // The bound may have been undone: it is stored again.
  open_ = false;
  failed_ = false;
  commits_ = 0;
  ++group_;
  return durable ? GroupEnd::kDurable : GroupEnd::kFailed;
}

}  // namespace sluice::native
