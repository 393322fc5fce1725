// Native only: uses the file system.
#include "temporary_directory.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "base/assert.h"

namespace sluice::native {

TemporaryDirectory::TemporaryDirectory() {
  std::error_code error;
  path_ = (std::filesystem::temp_directory_path(error) / "sluice-test-XXXXXX").string();
  const char* made = mkdtemp(path_.data());
  SLUICE_ASSERT(made != nullptr);
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code error;
  std::filesystem::remove_all(path_, error);
}

}  // namespace sluice::native
