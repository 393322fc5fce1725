// Reading typed rows: absent, present, or corrupt and named by key.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "base/result.h"
#include "store/transaction.h"

namespace sluice::tables {

template <class T>
using Decode = Result<T> (*)(ByteView);

// The decoded row of `key`. A row that cannot be read is an error; the log names its key, and the
// caller's other rows go on.
template <class T>
Task<Result<std::optional<T>>> load(store::Transaction& transaction, std::string key,
                                    Decode<T> decode) {
  SLUICE_CO_TRY(const auto entry, co_await transaction.get(std::move(key)));
  if (!entry) co_return std::optional<T>();
  auto decoded = decode(entry->value);
  if (!decoded.has_value()) co_return decoded.error();
  co_return std::optional<T>(*std::move(decoded));
}

// Whether a row was found and cannot be read: other rows are not concerned.
[[nodiscard]] inline bool is_damage(const Error& error) {
  return error.code == Errc::kCorrupt || error.code == Errc::kUnknownFormat;
}

// The value of a row that is an index entry: its key says all.
inline constexpr char kIndexRow[] = "\x01";

}  // namespace sluice::tables
