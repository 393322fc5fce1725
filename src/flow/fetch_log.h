// Fetches one page of a peer's log, and says what it means when there is none.
#pragma once

#include <optional>
#include <string_view>
#include <variant>

#include "flow/cell.h"
#include "replication/page.h"

namespace sluice::flow {

struct LogFailure {
  std::string_view reason;  // An enumeration's name.
  std::optional<Duration> retry_after{};
};

// A page that follows `after`; or the peer has no such past; or neither could be had.
using LogAnswer = std::variant<replication::Page, replication::Gap, LogFailure>;

// Errors: kCancelled; nothing is known then.
Task<Result<LogAnswer>> fetch_log(Cell& cell, const manifest::Link& link,
                                  std::optional<replication::Token> after);

}  // namespace sluice::flow
