// Marks tie a rare branch to the test that proves it was taken.
//
// The binary decides what a mark does: a product links `mark_none.cc`, where it does nothing, and
// a test links `sim/marks.cc`, which counts. So each library is compiled once.
#pragma once

#include <string_view>

namespace sluice::inline base {

void mark(std::string_view name) noexcept;

}  // namespace sluice::inline base

#define SLUICE_MARK(name) ::sluice::mark(name)
