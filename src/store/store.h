// The store of one cell: whose it is, in which format, and whose turn it is.
//
// `m/owner` names the epoch that owns the cell. Boot raises it, so a late commit of an older boot
// is refused: by the platform where it guarantees one owner, else by a check in every commit.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/id.h"
#include "store/empty_ranges.h"
#include "store/migrate.h"
#include "store/transaction.h"

namespace sluice::store {

inline constexpr std::string_view kOwnerKey = "m/owner";
inline constexpr std::string_view kCommitKey = "m/commit";

// Commits that were sent since the boot, and those that were reported as committed.
struct Commits {
  std::uint64_t sent = 0;
  std::uint64_t committed = 0;
  bool operator==(const Commits&) const = default;
};

class Store {
 public:
  explicit Store(Host& host, Formats formats = {});
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // Takes the cell over: raises the epoch, reads or writes the schema floor (`m/schema`).
  // Errors: kNoCapability (the store lacks MULTI_COMMIT), kUnknownFormat (a newer version wrote
  // it; nothing is changed), kConflict (others took it over each time), and those of a commit.
  Task<Result<void>> open();

  // Waits for its turn. `open` must have succeeded; kNotOwner once another epoch was met.
  Task<Result<Transaction>> begin();

  [[nodiscard]] std::uint64_t epoch() const { return epoch_; }
  [[nodiscard]] bool is_open() const { return open_; }
  // The commits so far.
  [[nodiscard]] Commits commits() const { return commits_; }
  [[nodiscard]] Host& host() { return host_; }
  [[nodiscard]] const Formats& formats() const { return formats_; }
  // The format that rows are written in.
  [[nodiscard]] std::uint8_t format() const { return schema_.floor; }

 private:
  friend class Transaction;
  friend Task<Result<void>> raise_floor(Store& store, std::uint8_t floor);

  struct Found;  // What `open` reads.

  Task<Result<Found>> look();
  void adopt(const Found& found);

  // Commits, and finds out what became of it. The caller has the turn.
  Task<Result<Outcome>> send(KvCommit commit);
  Task<Result<Outcome>> send_as_owner(KvCommit commit);
  Task<Result<Outcome>> send_once(KvCommit commit);
  Task<Result<Outcome>> send_until_known(KvCommit commit);
  Task<Result<std::optional<Bytes>>> last_commit();
  Error lose(Error error);
  void found_empty(const KvRange& range);

  Host& host_;
  Formats formats_;
  Schema schema_;
  Lock turn_;
  bool open_ = false;
  std::uint64_t epoch_ = 0;
  Bytes owner_version_;  // Of m/owner as this boot wrote it.
  Commits commits_;
  EmptyRanges empty_;
  bool settled_ = true;  // No commit of this boot can still be applied.
};

}  // namespace sluice::store
