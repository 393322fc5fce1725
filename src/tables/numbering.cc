#include "tables/numbering.h"

#include <algorithm>

#include "store/keys.h"

namespace sluice::tables {

Task<Result<Seq>> last_number(store::Transaction& transaction, std::string prefix) {
  const std::size_t length = prefix.size();
  KvRange range = store::range_of(std::move(prefix), 1, true);
  SLUICE_CO_TRY(const auto page, co_await transaction.range(std::move(range)));
  if (page.rows.empty()) co_return Seq{0};
  const auto seq = parse_fixed_hex(page.rows.front().key.substr(length));
  if (!seq) co_return Error{Errc::kCorrupt, "a key does not end in a number"};
  co_return *seq;
}

Task<Result<void>> Numbering::seed(store::Transaction& transaction) {
  SLUICE_CO_TRY(const Seq event, co_await last_number(transaction, "in/e/"));
  SLUICE_CO_TRY(const Seq message, co_await last_number(transaction, "ob/m/"));
  seqs_ = SeqSource(std::max(event, message));
  co_return Result<void>();
}

}  // namespace sluice::tables
