// One parameter of a URL's query.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sluice::signature {

// Decoded, with '+' for a blank. None when it is absent, there twice, or malformed.
[[nodiscard]] std::optional<std::string> query_parameter(std::string_view url,
                                                         std::string_view name);

}  // namespace sluice::signature
