// The store of one cell: whose it is, in which format, and whose turn it is.
//
// `m/owner` names the epoch that owns the cell. Boot raises it, so a late commit of an older boot
// is refused: by the platform where it guarantees one owner, else by a check in every commit.
#pragma once

#include <cstdint>
#include <string>

#include "base/id.h"
#include "store/transaction.h"

namespace sluice::store {

// The newest row format this code writes, and the oldest it reads.
inline constexpr std::uint8_t kFormatNewest = 1;
inline constexpr std::uint8_t kFormatOldest = 1;

class Store {
 public:
  explicit Store(Host& host);
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // Takes the cell over: raises the epoch, reads or writes the schema floor (`m/schema`).
  // Errors: kNoCapability (the store lacks MULTI_COMMIT), kUnknownFormat (a newer version wrote
  // it; nothing is changed), and those of a commit.
  Task<Result<void>> open();

  // Waits for its turn. `open` must have succeeded.
  Task<Result<Transaction>> begin();

  [[nodiscard]] std::uint64_t epoch() const { return epoch_; }
  [[nodiscard]] bool is_open() const { return open_; }
  [[nodiscard]] Host& host() { return host_; }

 private:
  friend class Transaction;

  Host& host_;
  Lock turn_;
  bool open_ = false;
  std::uint64_t epoch_ = 0;
  Bytes owner_version_;  // Of m/owner as this boot wrote it.
};

}  // namespace sluice::store
