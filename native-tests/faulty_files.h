// Native only: a file layer for SQLite that is the system's own, except where a test says so.
#pragma once

#include <cstdint>

namespace sluice::native {

// Registers the layer `faulty` for as long as it lives. One at a time.
class FaultyFiles {
 public:
  static constexpr const char* kName = "faulty";

  FaultyFiles();
  FaultyFiles(const FaultyFiles&) = delete;
  FaultyFiles& operator=(const FaultyFiles&) = delete;
  ~FaultyFiles();

  // While set, a sync or a write is answered as by a broken, a full or a read-only disk.
  void fail_syncs(bool yes);
  void fail_writes(bool yes);
  void make_read_only(bool yes);

  // Successful syncs so far; writes to logs, and those of them that no sync has followed.
  [[nodiscard]] std::uint64_t syncs() const;
  [[nodiscard]] std::uint64_t log_writes() const;
  [[nodiscard]] std::uint64_t unsynced_log_writes() const;
};

}  // namespace sluice::native
