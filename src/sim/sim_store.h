// The stored state of one cell: what survives a crash, and what does not yet.
//
// A commit is applied at once. Under an output gate it becomes durable with the next flush; until
// then a crash may take the tail of commits back. Versions never repeat, not even for what was
// taken back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "host/kv.h"

namespace sluice::sim {

class SimStore {
 public:
  SimStore() = default;
  SimStore(const SimStore&) = delete;
  SimStore& operator=(const SimStore&) = delete;

  [[nodiscard]] std::optional<KvEntry> get(const std::string& key) const;
  [[nodiscard]] KvPage range(const KvRange& range) const;

  enum class Durability : std::uint8_t { kAtOnce, kWithFlush };
  // Asserts the contract's limits: the core has to enforce them.
  KvOutcome apply(const KvCommit& commit, Durability durability);

  [[nodiscard]] std::size_t tail() const { return tail_.size(); }
  void flush() { tail_.clear(); }
  // Takes back all but the first `kept` commits of the tail.
  void lose_tail(std::size_t kept);

  [[nodiscard]] std::optional<Instant> wake() const { return wake_; }
  void set_wake(std::optional<Instant> wake) { wake_ = wake; }

  // For tests: writes without a commit, with a fresh version.
  void put(const std::string& key, Bytes value);
  void erase(const std::string& key) { rows_.erase(key); }
  [[nodiscard]] const std::map<std::string, KvEntry>& rows() const { return rows_; }
  [[nodiscard]] std::size_t count(std::string_view prefix) const;

  // What the host answers to a commit: kFull, kIo (read-only), or it applies it.
  std::optional<Errc> refuses;

 private:
  struct Undo {
    std::vector<std::pair<std::string, std::optional<KvEntry>>> rows;
    std::optional<Instant> wake;
  };

  [[nodiscard]] Bytes next_version();
  void move_wake(const Wake& wake);

  std::map<std::string, KvEntry> rows_;
  std::vector<Undo> tail_;
  std::optional<Instant> wake_;
  std::uint64_t version_ = 0;
};

}  // namespace sluice::sim
