// Serves a page of a stream to whoever copies it: GET /v1/log/{stream}.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "flow/cell.h"
#include "replication/page.h"

namespace sluice::flow {

struct LogQuery {
  std::string stream;
  std::optional<replication::Token> after;
  std::uint32_t limit = 100;  // At most replication::kPageEntriesMax.
};

struct LogReading {
  replication::Gap gap = replication::Gap::kNone;  // Anything else: `page` is empty.
  replication::Page page;                          // With all bodies inline.
};

// Errors: kNotFound (no such stream), those of the store.
Task<Result<LogReading>> read_log(Cell& cell, LogQuery query);

}  // namespace sluice::flow
