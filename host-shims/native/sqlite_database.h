// A database file and its prepared statements, as resources that cannot leak or be left unreset.
//
// Every result code goes through `Error`: a full disk is kFull, everything else is kIo. SQLite
// names the exact reason in `last_reason`, for the log.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace sluice::native {

class Statement;

// Turns off SQLite's own count of its memory, which takes a lock. Before the first `open`.
void configure_sqlite();

class Database {
 public:
  // Opens or creates `path`. `vfs` names the file layer; empty is the system's own.
  [[nodiscard]] static Result<std::unique_ptr<Database>> open(const std::string& path,
                                                              const std::string& vfs);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  // Runs SQL without parameters and ignores its rows.
  Result<void> run(const char* sql);

  // The first column of the first row of `sql`, as a number.
  [[nodiscard]] Result<std::int64_t> number(const char* sql);

  [[nodiscard]] Result<std::unique_ptr<Statement>> prepare(std::string_view sql);

  // Copies the log back into the file, as far as others let it. The pages that are left; 0 also
  // where it fails, because then trying again at once is of no use.
  int checkpoint();
  // After each commit `wants` is told how many pages the log has, and says whether to checkpoint
  // it: in place of SQLite's own checkpoints.
  void checkpoint_when(std::function<bool(int pages)> wants);

  // Whether a transaction is open. SQLite ends one by itself on some errors.
  [[nodiscard]] bool in_transaction() const;

  [[nodiscard]] std::string last_reason() const;

  [[nodiscard]] static Error error_of(int code);

 private:
  explicit Database(sqlite3* handle) : handle_(handle) {}

  sqlite3* handle_;
  std::function<bool(int pages)> wants_checkpoint_;
};

// A prepared statement. Bound text and blobs are borrowed until the statement is reset.
class Statement {
 public:
  explicit Statement(sqlite3_stmt* handle) : handle_(handle) {}
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  Statement& bind_text(int index, std::string_view text);
  Statement& bind_blob(int index, ByteView bytes);
  Statement& bind_number(int index, std::int64_t number);
  Statement& bind_null(int index);

  // True: a row is there to read. False: the statement is done.
  Result<bool> step();
  void reset();

  [[nodiscard]] Bytes bytes(int column) const;
  [[nodiscard]] std::size_t size(int column) const;
  [[nodiscard]] std::int64_t number(int column) const;

 private:
  sqlite3_stmt* handle_;
};

// Resets a statement when the scope that used it ends.
class StatementUse {
 public:
  explicit StatementUse(Statement& statement) : statement_(statement) {}
  StatementUse(const StatementUse&) = delete;
  StatementUse& operator=(const StatementUse&) = delete;
  ~StatementUse() { statement_.reset(); }

  Statement* operator->() { return &statement_; }
  Statement& operator*() { return statement_; }

 private:
  Statement& statement_;
};

}  // namespace sluice::native
