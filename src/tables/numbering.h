// Hands out the ids of one cell: they sort by time, never go back, and name their rows.
#pragma once

#include <string>

#include "base/id.h"
#include "host/random.h"
#include "store/transaction.h"

namespace sluice::tables {

class Numbering {
 public:
  explicit Numbering(Random& random) : random_(random), seqs_(0) {}

  // Continues after the greatest number in the store: the last keys of `in/e` and `ob/m` (the
  // sweeper never deletes the last row of either). To be called once, before `next`.
  Task<Result<void>> seed(store::Transaction& transaction);

  [[nodiscard]] Id next(Instant now) {
    const Seq seq = seqs_.next(now);
    return {.seq = seq, .random = random_.number()};
  }

 private:
  Random& random_;
  SeqSource seqs_;
};

// The number in the last key under `prefix`; 0 where there is none.
Task<Result<Seq>> last_number(store::Transaction& transaction, std::string prefix);

}  // namespace sluice::tables
