// What a table finds wrong with its own rows. Simulations ask after every step, and expect nothing.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::tables {

struct Violation {
  std::string key;
  std::string_view what;  // A literal.

  friend bool operator==(const Violation&, const Violation&) = default;
};

using Audit = std::vector<Violation>;

// An audit reads at most this many rows of one kind, then says that it stopped.
inline constexpr std::size_t kAuditRowsMax = 20'000;

}  // namespace sluice::tables
