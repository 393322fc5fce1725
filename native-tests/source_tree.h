// The repository as text: what the house's rules are checked against.
//
// Files are those that git tracks, so work in progress is nobody's business until it is committed.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::tidy {

struct SourceFile {
  std::string path;  // From the root, with forward slashes.
  std::string text;

  std::vector<std::string_view> lines() const;
  std::string_view extension() const;
  std::string_view folder() const;  // `base` for src/base/x.h; empty outside of src.
  std::string_view name() const;    // The last part of the path.
  bool is_cpp() const { return extension() == "cc" || extension() == "h"; }
  bool is_test() const;
};

bool starts_with(std::string_view text, std::string_view prefix);
bool ends_with(std::string_view text, std::string_view suffix);

// Every tracked file under the root.
std::vector<SourceFile> read_tree();

// The lists of cmake/files.cmake by name.
std::map<std::string, std::vector<std::string>> read_file_lists(
    const std::vector<SourceFile>& tree);

// The quoted and the angled includes of a file, in order, as written between the marks.
std::vector<std::string_view> quoted_includes(const SourceFile& file);
std::vector<std::string_view> angled_includes(const SourceFile& file);

// The file's code with comments and the contents of string literals blanked; lines keep their
// numbers.
std::string code_of(const SourceFile& file);

// Violations, one per line, for a test's message.
std::string joined(const std::vector<std::string>& lines);

}  // namespace sluice::tidy
