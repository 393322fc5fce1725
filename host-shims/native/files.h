// Whole files and standard input, bounded.
#pragma once

#include <cstddef>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace sluice::native {

inline constexpr std::size_t kFileMax = 64 * 1024 * 1024;

// `path`, or standard input where it is `-`. Errors: kNotFound, kIo, kTooBig.
[[nodiscard]] Result<Bytes> read_file(const std::string& path);

}  // namespace sluice::native
