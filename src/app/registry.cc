#include "app/registry.h"

#include <algorithm>

#include "codec/row.h"
#include "flow/cell.h"
#include "store/keys.h"

namespace sluice::app {
namespace {

constexpr std::string_view kPrefix = "rg/c/";
constexpr std::string_view kPlace = "rg/at";
constexpr std::uint32_t kCellsPerTick = 64;
constexpr std::size_t kCellsPerCommit = 64;

bool is_cell_name(std::string_view name) {
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos || !store::is_name(name.substr(0, dot))) return false;
  const std::string_view shard = name.substr(dot + 1);
  return !shard.empty() && shard.size() <= 4 &&
         std::all_of(shard.begin(), shard.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Task<Result<void>> commit(store::Transaction& transaction) {
  SLUICE_CO_TRY(const auto outcome, co_await transaction.commit());
  if (outcome == store::Outcome::kConflict) {
    co_return Error{Errc::kConflict, "the registry lost a race"};
  }
  co_return Result<void>();
}

}  // namespace

Bytes Registry::mark() { return codec::RowWriter().take(); }

Task<Result<void>> Registry::adopt_manifest(store::Store& store,
                                            const manifest::Manifest& manifest) {
  const auto& names = manifest.installations;
  for (std::size_t begin = 0; begin < names.size(); begin += kCellsPerCommit) {
    SLUICE_CO_TRY(auto transaction, co_await store.begin());
    const std::size_t end = std::min(names.size(), begin + kCellsPerCommit);
    for (std::size_t i = begin; i < end; ++i) {
      const std::string key = std::string(kPrefix) + flow::cell_of(names[i]);
      SLUICE_CO_TRY(const auto row, co_await transaction.get(key));
      if (!row) transaction.put(key, mark());
    }
    SLUICE_CO_TRY(co_await commit(transaction));
  }
  co_return Result<void>();
}

Task<Result<void>> Registry::remember(store::Store& store, std::string cell) {
  if (!is_cell_name(cell)) co_return Error{Errc::kMalformed, "no cell has such a name"};
  SLUICE_CO_TRY(auto transaction, co_await store.begin());
  const std::string key = std::string(kPrefix) + cell;
  SLUICE_CO_TRY(const auto row, co_await transaction.get(key));
  if (row) co_return Result<void>();
  transaction.put(key, mark());
  co_return co_await commit(transaction);
}

Task<Result<std::vector<std::string>>> Registry::next_cells(store::Store& store) {
  std::string place_key(kPlace);
  SLUICE_CO_TRY(auto transaction, co_await store.begin());
  SLUICE_CO_TRY(const auto place, co_await transaction.get(std::move(place_key)));
  KvRange range = store::range_of(std::string(kPrefix), kCellsPerTick);
  if (place) {
    codec::RowReader row(place->value);
    range.lo = std::max(range.lo, row.text());
    SLUICE_CO_TRY(row.end());
  }
  SLUICE_CO_TRY(const auto page, co_await transaction.range(std::move(range)));
  std::vector<std::string> cells;
  for (const auto& row : page.rows) cells.push_back(row.key.substr(kPrefix.size()));
  if (page.next) {
    codec::RowWriter row;
    row.text(*page.next);
    transaction.put(std::string(kPlace), row.take());
  } else if (place) {
    transaction.erase(std::string(kPlace));
  }
  SLUICE_CO_TRY(co_await commit(transaction));
  co_return cells;
}

}  // namespace sluice::app
