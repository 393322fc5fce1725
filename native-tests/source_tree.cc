#include "source_tree.h"

#include <cctype>
#include <cstdio>
#include <fstream>
#include <sstream>

namespace sluice::tidy {
namespace {

const std::string kRoot = SLUICE_ROOT;

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return parts;
}

std::string output_of(const std::string& command) {
  std::string output;
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return output;
  char buffer[4096];
  for (std::size_t n = 0; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) {
    output.append(buffer, n);
  }
  pclose(pipe);
  return output;
}

std::vector<std::string_view> includes(const SourceFile& file, char open, char close) {
  std::vector<std::string_view> found;
  const std::string start = std::string("#include ") + open;
  for (const auto line : file.lines()) {
    if (!starts_with(line, start)) continue;
    const auto name = line.substr(start.size());
    found.push_back(name.substr(0, name.find(close)));
  }
  return found;
}

}  // namespace

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

bool ends_with(std::string_view text, std::string_view suffix) {
  return text.size() >= suffix.size() && text.substr(text.size() - suffix.size()) == suffix;
}

std::vector<std::string_view> SourceFile::lines() const { return split(text, '\n'); }

std::string_view SourceFile::name() const {
  const auto slash = path.rfind('/');
  return std::string_view(path).substr(slash == std::string::npos ? 0 : slash + 1);
}

std::string_view SourceFile::extension() const {
  const auto dot = name().rfind('.');
  return dot == std::string_view::npos ? std::string_view() : name().substr(dot + 1);
}

std::string_view SourceFile::folder() const {
  const auto parts = split(path, '/');
  return parts.size() == 3 && parts[0] == "src" ? parts[1] : std::string_view();
}

bool SourceFile::is_test() const { return ends_with(path, "_test.cc"); }

std::vector<SourceFile> read_tree() {
  std::vector<SourceFile> tree;
  const std::string listing = output_of("git -C '" + kRoot + "' ls-files -z");
  for (const auto path : split(listing, '\0')) {
    std::ifstream stream(kRoot + "/" + std::string(path), std::ios::binary);
    if (!stream) continue;  // Deleted and not yet committed.
    std::ostringstream text;
    text << stream.rdbuf();
    tree.push_back({.path = std::string(path), .text = text.str()});
  }
  return tree;
}

std::map<std::string, std::vector<std::string>> read_file_lists(
    const std::vector<SourceFile>& tree) {
  std::map<std::string, std::vector<std::string>> lists;
  for (const auto& file : tree) {
    if (file.path != "cmake/files.cmake") continue;
    std::string name;
    for (const auto line : file.lines()) {
      if (starts_with(line, "#")) continue;
      std::string words(line);
      for (char& c : words) {
        if (c == '(' || c == ')') c = ' ';
      }
      std::istringstream stream(words);
      for (std::string word; stream >> word;) {
        if (word == "set") {
          stream >> name;
          lists[name];
        } else {
          lists[name].push_back(word);
        }
      }
    }
  }
  return lists;
}

std::vector<std::string_view> quoted_includes(const SourceFile& file) {
  return includes(file, '"', '"');
}

std::vector<std::string_view> angled_includes(const SourceFile& file) {
  return includes(file, '<', '>');
}

std::string code_of(const SourceFile& file) {
  std::string code = file.text;
  enum class In { kCode, kComment, kString, kCharacter } in = In::kCode;
  for (std::size_t i = 0; i < code.size(); ++i) {
    const char c = code[i];
    const char next = i + 1 < code.size() ? code[i + 1] : '\0';
    switch (in) {
      case In::kCode:
        if (c == '/' && next == '/') {
          in = In::kComment;
          code[i] = ' ';
        } else if (c == '"') {
          in = In::kString;
        } else if (c == '\'' &&
                   (i == 0 || !std::isalnum(static_cast<unsigned char>(code[i - 1])))) {
          in = In::kCharacter;
        }
        break;
      case In::kComment:
        if (c == '\n') {
          in = In::kCode;
        } else {
          code[i] = ' ';
        }
        break;
      case In::kString:
      case In::kCharacter:
        if (c == '\n' || c == (in == In::kString ? '"' : '\'')) {
          in = In::kCode;
        } else {
          code[i] = ' ';
          if (c == '\\' && next != '\n' && i + 1 < code.size()) code[++i] = ' ';
        }
        break;
    }
  }
  return code;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += "\n  " + line;
  return text;
}

}  // namespace sluice::tidy
