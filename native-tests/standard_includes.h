// Whether each file includes the standard headers of what it names.
//
// Lanes parse the standard library once (cmake/precompile.cmake), so no compiler notices a
// forgotten include: this does. A header counts when the file includes it, or one of our headers
// that it includes, at any depth.
#pragma once

#include <string>
#include <vector>

#include "source_tree.h"

namespace sluice::tidy {

// One line for each name whose header is missing, and for each name that no table knows.
std::vector<std::string> forgotten_includes(const std::vector<SourceFile>& tree);

}  // namespace sluice::tidy
