// Collects what is wrong with a manifest, and suggests what was meant.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <span>
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

// Words to choose from, where they stand: a list in braces, or one that the caller holds. It is for
// the length of one call.
class Words {
 public:
  Words(std::initializer_list<std::string_view> words) : words_(words.begin(), words.size()) {}
  template <std::size_t N>
  Words(const std::array<std::string_view, N>& words) : words_(words) {}
  Words(const std::vector<std::string_view>& words) : words_(words) {}

  [[nodiscard]] auto begin() const { return words_.begin(); }
  [[nodiscard]] auto end() const { return words_.end(); }
  [[nodiscard]] std::size_t size() const { return words_.size(); }
  [[nodiscard]] bool empty() const { return words_.empty(); }

 private:
  std::span<const std::string_view> words_;
};

// The same of a list of strings, which lives longer.
[[nodiscard]] std::vector<std::string_view> words_of(const std::vector<std::string>& texts);

// The candidate that `word` most likely meant: at most a third of its letters differ. Empty when
// none is near. Of equals the first.
[[nodiscard]] std::string_view nearest(std::string_view word, Words candidates);

// ` Did you mean "endpoints"?`, or ` Valid: "a", "b".` where none is near and they are few.
[[nodiscard]] std::string suggestion(std::string_view word, Words candidates);

// Text from the manifest as a message may show it: shortened, control bytes replaced.
[[nodiscard]] std::string shown(std::string_view text);

}  // namespace sluice::manifest
