#include "sim/marks.h"

#include "base/mark.h"

namespace sluice {
namespace {

// A mark has no place to hand a counter in, so this is the one global; only tests link it.
std::map<std::string_view, std::uint64_t>& counts() {
  static std::map<std::string_view, std::uint64_t> instance;
  return instance;
}

}  // namespace

namespace sim {

const std::map<std::string_view, std::uint64_t>& marks() { return counts(); }

std::uint64_t marked(std::string_view name) {
  const auto found = counts().find(name);
  return found == counts().end() ? 0 : found->second;
}

}  // namespace sim

inline namespace base {

void mark(std::string_view name) noexcept { ++counts()[name]; }

}  // namespace base

}  // namespace sluice
