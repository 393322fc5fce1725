#include "native/sqlite_database.h"

#include <sqlite3.h>

#include <cstddef>
#include <utility>

namespace sluice::native {

namespace {

constexpr int kBusyTimeoutMs = 2000;  // An operator's own shell may hold the lock for a moment.

}  // namespace

void configure_sqlite() { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

Error Database::error_of(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL: return {Errc::kFull, "the store has no room"};
    case SQLITE_READONLY: return {Errc::kIo, "the store is read-only"};
    case SQLITE_BUSY: return {Errc::kIo, "the store is locked by another program"};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return {Errc::kCorrupt, "the store's file is damaged"};
    default: return {Errc::kIo, "the store failed"};
  }
}

Result<std::unique_ptr<Database>> Database::open(const std::string& path, const std::string& vfs) {
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int code =
      sqlite3_open_v2(path.c_str(), &handle, flags, vfs.empty() ? nullptr : vfs.c_str());
  std::unique_ptr<Database> database(new Database(handle));
  if (code != SQLITE_OK) return error_of(code);
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, kBusyTimeoutMs);
  return database;
}

Database::~Database() { sqlite3_close_v2(handle_); }

Result<void> Database::run(const char* sql) {
  const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return error_of(code);
  return {};
}

Result<std::int64_t> Database::number(const char* sql) {
  SLUICE_TRY(const auto statement, prepare(sql));
  SLUICE_TRY(const bool row, statement->step());
  if (!row) return Error{Errc::kNotFound, "the query has no row"};
  return statement->number(0);
}

Result<std::unique_ptr<Statement>> Database::prepare(std::string_view sql) {
  sqlite3_stmt* handle = nullptr;
  const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
  if (code != SQLITE_OK) return error_of(code);
  return std::make_unique<Statement>(handle);
}

int Database::checkpoint() {
  int pages = 0;
  int copied = 0;
  const int code =
      sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_PASSIVE, &pages, &copied);
  return code == SQLITE_OK ? pages - copied : 0;
}

void Database::checkpoint_when(std::function<bool(int pages)> wants) {
  wants_checkpoint_ = std::move(wants);
  const auto committed = [](void* self, sqlite3*, const char*, int pages) {
    auto& database = *static_cast<Database*>(self);
    if (database.wants_checkpoint_(pages)) database.checkpoint();
    return SQLITE_OK;
  };
  sqlite3_wal_hook(handle_, committed, this);
}

bool Database::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

std::string Database::last_reason() const { return sqlite3_errmsg(handle_); }

Statement::~Statement() { sqlite3_finalize(handle_); }

Statement& Statement::bind_text(int index, std::string_view text) {
  sqlite3_bind_text(handle_, index, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
  return *this;
}

Statement& Statement::bind_blob(int index, ByteView bytes) {
  // A null pointer would bind NULL; an empty value is a value.
  const char* data = bytes.empty() ? "" : bytes.data();
  sqlite3_bind_blob(handle_, index, data, static_cast<int>(bytes.size()), SQLITE_STATIC);
  return *this;
}

Statement& Statement::bind_number(int index, std::int64_t number) {
  sqlite3_bind_int64(handle_, index, number);
  return *this;
}

Statement& Statement::bind_null(int index) {
  sqlite3_bind_null(handle_, index);
  return *this;
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return Database::error_of(code);
}

void Statement::reset() {
  sqlite3_reset(handle_);
  sqlite3_clear_bindings(handle_);
}

Bytes Statement::bytes(int column) const {
  const void* data = sqlite3_column_blob(handle_, column);
  const int size = sqlite3_column_bytes(handle_, column);
  if (data == nullptr || size <= 0) return {};
  return Bytes(static_cast<const char*>(data), static_cast<std::size_t>(size));
}

std::size_t Statement::size(int column) const {
  const int size = sqlite3_column_bytes(handle_, column);
  return size < 0 ? 0 : static_cast<std::size_t>(size);
}

std::int64_t Statement::number(int column) const { return sqlite3_column_int64(handle_, column); }

}  // namespace sluice::native
