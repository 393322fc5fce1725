// Collects what is wrong with a manifest, and suggests what was meant.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "manifest/parse.h"

namespace sluice::manifest {

inline constexpr std::size_t kFindingsMax = 100;

class Report {
 public:
  // Findings past kFindingsMax are dropped; the last one kept says so.
  void error(std::string at, std::string_view code, std::string message);
  void warn(std::string at, std::string_view code, std::string message);

  [[nodiscard]] std::size_t error_count() const { return errors_.size(); }
  [[nodiscard]] std::vector<Finding> take_errors() { return std::move(errors_); }
  [[nodiscard]] std::vector<Finding> take_warnings() { return std::move(warnings_); }

 private:
  std::vector<Finding> errors_;
  std::vector<Finding> warnings_;
};

// The candidate that `word` most likely meant: at most a third of its letters differ. Empty when
// none is near. Of equals the first.
[[nodiscard]] std::string nearest(std::string_view word,
                                  const std::vector<std::string>& candidates);

// ` Did you mean "endpoints"?`, or ` Valid: "a", "b".` where none is near and they are few.
[[nodiscard]] std::string suggestion(std::string_view word,
                                     const std::vector<std::string>& candidates);

// Text from the manifest as a message may show it: shortened, control bytes replaced.
[[nodiscard]] std::string shown(std::string_view text);

}  // namespace sluice::manifest
