// The schemes of known providers, by name. What is said about them stands in catalogue.h.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "signature/scheme.h"

namespace sluice::signature {

// In order.
[[nodiscard]] std::vector<std::string_view> preset_names();

[[nodiscard]] std::optional<Scheme> preset(std::string_view name);

}  // namespace sluice::signature
