// docs/schemes.md, written from the data it describes: every preset, and how to define a scheme.
#pragma once

#include <string>
#include <string_view>

namespace sluice::native {

[[nodiscard]] std::string scheme_page();

// The parts of the page that no data says, before and behind the tables (scheme_guide.cc).
[[nodiscard]] std::string_view scheme_page_head();
[[nodiscard]] std::string_view scheme_page_guide();

}  // namespace sluice::native
