// A file layer of SQLite that writes a transaction's part of the log (the file `-wal`) at once.
//
// SQLite writes each page of a commit by two calls, its header of 24 bytes and itself, one behind
// the other. A commit of one webhook has 13 pages; of its 26 writes this layer makes one. Every
// other file is the layer's below.
//
// Nothing is late: SQLite syncs the log before it tells anybody of a commit
// (`synchronous=FULL`), and what is held is written before that, and before anything else looks at
// the file. A write that fails is told by the call that made it happen, and what was held is gone,
// as it is when SQLite's own write fails: the transaction is undone.
// Source: SQLite, "OS Interface" (sqlite3_vfs, sqlite3_io_methods) and "WAL-mode File Format".
#pragma once

#include <string>

namespace sluice::native {

// The name of this layer above the layer `below` (empty is the system's), for `Database::open`;
// `below` itself where SQLite has no such layer, or takes none above it. Not for two threads at
// once.
[[nodiscard]] std::string joined_log(const std::string& below);

}  // namespace sluice::native
