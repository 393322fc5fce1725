#include "flow/read_log.h"

#include <algorithm>
#include <utility>

#include "base/mark.h"
#include "store/blob.h"
#include "tables/log.h"

namespace sluice::flow {
namespace {

constexpr std::uint32_t kBodiesMax = 512 * 1024;  // One entry may be larger than that by itself.

}  // namespace

Task<Result<LogReading>> read_log(Cell& cell, LogQuery query) {
  SLUICE_CO_TRY(auto transaction, co_await cell.store.begin());
  tables::Log::Query ask;
  ask.stream = std::move(query.stream);
  ask.after = std::move(query.after);
  ask.limit = std::clamp<std::uint32_t>(query.limit, 1,
                                        static_cast<std::uint32_t>(replication::kPageEntriesMax));
  ask.bytes_max = kBodiesMax;
  SLUICE_CO_TRY(auto found, co_await tables::Log::read(transaction, std::move(ask)));
  LogReading reading;
  reading.gap = found.gap;
  reading.page.next = std::move(found.next);
  reading.page.more = found.more;
  reading.page.entries = std::move(found.entries);
  if (reading.gap != replication::Gap::kNone) {
    SLUICE_MARK("log: a reader has another past");
    co_return reading;
  }
  for (replication::Entry& entry : reading.page.entries) {
    if (entry.blob.empty()) continue;
    std::string blob = std::move(entry.blob);
    entry.blob.clear();
    SLUICE_CO_TRY(entry.body, co_await store::read_blob(transaction, std::move(blob), entry.size));
  }
  co_return reading;
}

}  // namespace sluice::flow
