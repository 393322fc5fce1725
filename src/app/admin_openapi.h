// The description of the admin API for programs: OpenAPI 3.1.
#pragma once

#include <string_view>

namespace sluice::app {

[[nodiscard]] std::string_view openapi_document();

}  // namespace sluice::app
