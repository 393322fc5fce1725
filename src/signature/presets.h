// The schemes of known providers, one row of data each.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "signature/scheme.h"

namespace sluice::signature {

struct Preset {
  std::string_view name;
  std::string_view title;
  std::string_view source;    // Where the provider documents it.
  std::string_view evidence;  // What independent proof the tests hold.
};

// In order of their names.
[[nodiscard]] std::vector<Preset> presets();

[[nodiscard]] std::optional<Scheme> preset(std::string_view name);

}  // namespace sluice::signature
