// Findings about a manifest as a person reads them: file, line and column first, as compilers do.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "manifest/parse.h"

namespace sluice::native {

// `kind` is "error" or "warning"; `text` is the manifest's text.
void print_findings(std::FILE* out, const std::string& file, std::string_view text,
                    const std::vector<manifest::Finding>& findings, const char* kind);

}  // namespace sluice::native
