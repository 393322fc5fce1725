#include "store/walk.h"

#include <utility>

#include "codec/row.h"
#include "store/keys.h"

namespace sluice::store {
namespace {

std::string place_key(std::string_view name) { return key({"m/sweep/", name}); }

}  // namespace

Task<Result<Walk>> resume_walk(Transaction& transaction, std::string name, std::string beginning) {
  Walk walk{.name = std::move(name), .from = std::move(beginning), .is_stored = false};
  std::string place = place_key(walk.name);
  SLUICE_CO_TRY(const auto stored, co_await transaction.get(std::move(place)));
  if (!stored) co_return std::move(walk);
  walk.is_stored = true;
  codec::RowReader row(stored->value);
  std::string from = row.text();
  if (row.end().has_value()) walk.from = std::move(from);
  co_return std::move(walk);
}

void leave_walk(Transaction& transaction, const Walk& walk, std::optional<std::string> next) {
  if (next && *next == walk.from) return;
  if (next) {
    codec::RowWriter row;
    row.text(*next);
    transaction.put(place_key(walk.name), row.take());
  } else if (walk.is_stored) {
    transaction.erase(place_key(walk.name));
  }
}

}  // namespace sluice::store
