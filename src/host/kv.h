// The ordered key-value store of one cell: what every platform must supply, and no more.
//
// Keys are 1 to 240 bytes of [A-Za-z0-9_.:~/-], in byte order; values at most 60 KiB. There are no
// secondary indexes: an index is a key that its table writes in the same commit. Everything is
// conditional and atomic: a commit checks versions, then applies all of its mutations or none.
// The core enforces the limits (store/transaction.h), so a host may trust them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "task/task.h"

namespace sluice::inline host {

inline constexpr std::size_t kKeySizeMax = 240;
inline constexpr std::size_t kValueSizeMax = 60 * 1024;
inline constexpr std::size_t kVersionSizeMax = 24;
inline constexpr std::size_t kGetKeysMax = 10;
inline constexpr std::size_t kRangeRowsMax = 256;
inline constexpr std::size_t kRangeBytesMax = 512 * 1024;
inline constexpr std::size_t kChecksMax = 10;
inline constexpr std::size_t kMutationsMax = 90;
inline constexpr std::size_t kCommitBytesMax = 700 * 1024;

struct KvEntry {
  Bytes value;
  Bytes version;  // Opaque; never repeats for a key, also after a delete. Empty never occurs.

  friend bool operator==(const KvEntry&, const KvEntry&) = default;
};

struct KvRow {
  std::string key;
  KvEntry entry;

  friend bool operator==(const KvRow&, const KvRow&) = default;
};

// Rows with lo <= key < hi, in byte order, or from the other end when `reverse`.
struct KvRange {
  std::string lo;
  std::string hi;
  std::uint32_t limit = kRangeRowsMax;
  bool reverse = false;
};

struct KvPage {
  std::vector<KvRow> rows;
  // More rows may follow: the next page has this as its `lo` (inclusive), or, in reverse, as its
  // `hi` (exclusive).
  std::optional<std::string> next;
};

struct KvCheck {
  std::string key;
  std::optional<Bytes> version;  // Absent: the key must be absent.
};

struct KvMutation {
  std::string key;
  std::optional<Bytes> value;     // Absent: delete.
  std::optional<Instant> expiry;  // Advisory: readers check again, the sweeper deletes.
};

// When the cell wants to run next, at the latest.
struct Wake {
  enum class Kind : std::uint8_t {
    kKeep = 0,   // Leaves the wake as it is.
    kBy = 1,     // The host keeps the earlier of `at` and the wake it has.
    kAt = 2,     // Replaces the wake.
    kNever = 3,  // Removes the wake.
  };
  Kind kind = Kind::kKeep;
  Instant at;
};

struct KvCommit {
  std::vector<KvCheck> checks;
  std::vector<KvMutation> mutations;  // Distinct keys.
  Wake wake;
  Bytes commit_id;  // 16 random bytes; makes an UNKNOWN_OUTCOME resolvable by re-reading.
};

// A lost race is a result, not an error.
struct KvOutcome {
  std::optional<std::uint32_t> conflict;  // Index of the first check that failed.

  [[nodiscard]] bool is_committed() const { return !conflict.has_value(); }
};

class Kv {
 public:
  Kv() = default;
  Kv(const Kv&) = delete;
  Kv& operator=(const Kv&) = delete;
  virtual ~Kv() = default;

  // One snapshot of at most 10 keys, in their order; absent keys are empty.
  // Errors: kIo, kTimeout, kNotOwner.
  virtual Task<Result<std::vector<std::optional<KvEntry>>>> get(std::vector<std::string> keys) = 0;

  // At most 256 rows and 512 KiB a page, at least one row where there is one.
  virtual Task<Result<KvPage>> range(KvRange range) = 0;

  // Errors: kIo, kFull, kOverloaded, kNotOwner (nothing was written), kUnknownOutcome.
  virtual Task<Result<KvOutcome>> commit(KvCommit commit) = 0;
};

}  // namespace sluice::inline host
