// What each command of `sluice` does. Each returns the process's exit code: 0 good, 1 refused or
// failed, 2 usage. Results go to stdout, everything else to stderr.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "native/cli_arguments.h"

namespace sluice::native {

inline constexpr const char* kVersion = "0.1.0";

using Variables = std::vector<std::pair<std::string, std::string>>;

[[nodiscard]] int run_serve(const Arguments& arguments, const Variables& environment);
[[nodiscard]] int run_check(const Arguments& arguments, const Variables& environment);
[[nodiscard]] int run_verify(const Arguments& arguments, const Variables& environment);
[[nodiscard]] int run_sign(const Arguments& arguments, const Variables& environment);
[[nodiscard]] int run_send(const Arguments& arguments, const Variables& environment);
[[nodiscard]] int run_schemes(const Arguments& arguments);
// Everything that asks a running server.
[[nodiscard]] int run_query(const Arguments& arguments);
[[nodiscard]] int run_version(const Arguments& arguments);

}  // namespace sluice::native
