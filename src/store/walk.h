// Where a walk through more rows than one commit holds goes on.
//
//   m/sweep/<name>     the key at which the next slice begins; absent: at the beginning
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "store/transaction.h"

namespace sluice::store {

struct Walk {
  std::string name;
  std::string from;        // Where this slice begins.
  bool is_stored = false;  // `from` was read, and is not just the beginning.
};

// A place that cannot be read is none: the walk begins again.
Task<Result<Walk>> resume_walk(Transaction& transaction, std::string name, std::string beginning);

// The next slice begins at `next`; none: at the beginning.
void leave_walk(Transaction& transaction, const Walk& walk, std::optional<std::string> next);

}  // namespace sluice::store
