// Counts of the rare branches that ran (base/mark.h), in binaries that link this counter.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>

namespace sluice::sim {

// By name, for this process so far.
[[nodiscard]] const std::map<std::string_view, std::uint64_t>& marks();

// How often the mark `name` was passed.
[[nodiscard]] std::uint64_t marked(std::string_view name);

}  // namespace sluice::sim
