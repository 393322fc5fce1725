// What is said about the presets: for people who choose one. Verifying needs none of it, so it
// stands apart and is linked where it is shown.
#pragma once

#include <string_view>
#include <vector>

namespace sluice::signature {

struct CatalogueEntry {
  std::string_view name;  // Of the preset.
  std::string_view title;
  std::string_view source;    // Where the provider documents it.
  std::string_view evidence;  // What independent proof the tests hold.
};

// One for each preset, in order of their names.
[[nodiscard]] std::vector<CatalogueEntry> catalogue();

}  // namespace sluice::signature
