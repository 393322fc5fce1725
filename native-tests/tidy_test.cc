// The house's rules that a tool can check. Native only: it reads the tree.
#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <regex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "doctest/doctest.h"
#include "source_tree.h"
#include "standard_includes.h"

namespace sluice::tidy {
namespace {

// The ladder: a folder includes itself and folders before it.
constexpr std::array<std::string_view, 18> kLadder = {
    "base", "codec",       "crypto", "signature", "inbox",    "outbox",
    "sync", "replication", "batch",  "provision", "manifest", "task",
    "host", "store",       "tables", "flow",      "app",      "sim"};
constexpr std::array<std::string_view, 7> kFeatures = {"signature",   "inbox", "outbox",   "sync",
                                                       "replication", "batch", "provision"};
constexpr std::array<std::string_view, 6> kCoroutines = {"task", "store", "tables",
                                                         "flow", "app",   "sim"};
constexpr std::size_t kJsonFilesMax = 3;
constexpr std::size_t kColumnsMax = 100;
constexpr std::size_t kFileLinesMax = 400;
constexpr std::size_t kFunctionLinesMax = 70;

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& list, std::string_view item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

std::size_t rung(std::string_view folder) {
  const auto at = std::find(kLadder.begin(), kLadder.end(), folder);
  return static_cast<std::size_t>(at - kLadder.begin());
}

bool may_include(const SourceFile& file, std::string_view target) {
  if (rung(target) == kLadder.size()) return true;  // Not a folder of src.
  const auto folder = file.folder();
  if (folder.empty()) {
    return target != "sim" || starts_with(file.path, "native-tests/") ||
           starts_with(file.path, "bench/");
  }
  if (target == folder || (file.is_test() && target == "sim")) return true;
  if (contains(kFeatures, folder) && contains(kFeatures, target)) return false;
  return rung(target) < rung(folder);
}

const std::vector<SourceFile>& tree() {
  static const std::vector<SourceFile> files = read_tree();
  return files;
}

std::string at(const SourceFile& file, std::size_t index, std::string_view what) {
  return file.path + ":" + std::to_string(index + 1) + ": " + std::string(what);
}

// Each match of `pattern` in the code of the files that `applies` selects.
template <class Applies>
std::vector<std::string> matches(const std::string& pattern, Applies applies) {
  std::vector<std::string> found;
  const std::regex regex(pattern);
  for (const auto& file : tree()) {
    if (!file.is_cpp() || !applies(file)) continue;
    const std::string code = code_of(file);
    for (auto it = std::sregex_iterator(code.begin(), code.end(), regex);
         it != std::sregex_iterator(); ++it) {
      const auto line = std::count(code.begin(), code.begin() + it->position(), '\n');
      found.push_back(at(file, static_cast<std::size_t>(line), it->str()));
    }
  }
  return found;
}

bool in_src(const SourceFile& file) { return !file.folder().empty(); }
bool in_core(const SourceFile& file) { return in_src(file) && !file.is_test(); }

bool is_text_we_write(const SourceFile& file) {
  const auto extension = file.extension();
  return file.is_cpp() || extension == "cmake" || extension == "sh" || extension == "mjs" ||
         extension == "ts" || file.path == "dev" || file.path == "CMakeLists.txt" ||
         file.path == ".ci/run";
}

// The lists in cmake/files.cmake one of which names a source of a binding.
std::vector<std::string> binding_lists(std::string_view path) {
  if (starts_with(path, "bindings/wasm/"))
    return {"SLUICE_WASM_BINDING_FILES", "SLUICE_LIBC_PARTS"};
  if (starts_with(path, "bindings/library/")) return {"SLUICE_LIBRARY_FILES"};
  if (starts_with(path, "bindings/js/wasm/")) {
    return {"SLUICE_JS_BINDING_FILES", "SLUICE_JS_VERIFY_FILES", "SLUICE_JS_WHOLE_FILES"};
  }
  if (starts_with(path, "bindings/c/")) return {"SLUICE_C_BINDING_FILES"};
  return {};
}

// The line on which the statement begins that line `i` continues; a lambda begins at its bracket.
std::size_t statement_start(const std::vector<std::string_view>& lines, std::size_t i) {
  const auto begins = [&](std::size_t line) {
    const auto text = lines[line].substr(std::min(lines[line].find_first_not_of(' '), kColumnsMax));
    const auto before = line == 0 ? std::string_view() : lines[line - 1];
    const bool in_a_for = before.size() > 1 && before.substr(before.size() - 2) == " :";
    return starts_with(text, "[") || before.empty() ||
           (!in_a_for && before.find_last_of(";{}:") == before.size() - 1);
  };
  while (i > 0 && !begins(i)) --i;
  return i;
}

// A function's body ends at the brace that clang-format puts under the start of its signature.
std::vector<std::string> long_functions(const SourceFile& file) {
  static const std::regex kOpens(R"(^ *[^ #/}].*\)[^;]*\{$)");
  static const std::regex kBlock(
      R"(^ *(namespace|class|struct|enum|union|extern|TEST_SUITE|if|for|while|switch|do)\b.*)");
  std::vector<std::string> found;
  const auto lines = file.lines();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].size() > 2 * kColumnsMax || !std::regex_match(std::string(lines[i]), kOpens)) {
      continue;
    }
    const std::string start(lines[statement_start(lines, i)]);
    const bool is_rest_of_a_for =
        std::count(start.begin(), start.end(), ')') > std::count(start.begin(), start.end(), '(');
    if (is_rest_of_a_for || std::regex_match(start, kBlock)) continue;
    const std::string close = std::string(start.find_first_not_of(' '), ' ') + "}";
    std::size_t end = i + 1;
    while (end < lines.size() && !starts_with(lines[end], close)) ++end;
    if (end - i - 1 > kFunctionLinesMax) {
      found.push_back(at(file, i, std::to_string(end - i - 1) + " lines"));
    }
  }
  return found;
}

}  // namespace

TEST_SUITE("tidy/layout") {
  TEST_CASE("a folder includes itself and folders above it on the ladder") {
    std::vector<std::string> found;
    for (const auto& file : tree()) {
      if (!file.is_cpp()) continue;
      for (const auto include : quoted_includes(file)) {
        const auto target = include.substr(0, include.find('/'));
        if (!may_include(file, target))
          found.push_back(file.path + " includes " + std::string(include));
      }
    }
    CHECK_MESSAGE(found.empty(), joined(found));
  }

  TEST_CASE("coroutines live in their folders only") {
    const auto found = matches(R"(\bco_(await|return|yield)\b)", [](const SourceFile& file) {
      return in_core(file) && !contains(kCoroutines, file.folder()) &&
             file.path != "src/base/result.h";  // Defines SLUICE_CO_TRY.
    });
    CHECK_MESSAGE(found.empty(), joined(found));
  }

  TEST_CASE("the JSON library is included in few files of codec, and in no header") {
    std::vector<std::string> users;
    std::vector<std::string> strangers;
    for (const auto& file : tree()) {
      auto includes = angled_includes(file);
      for (const auto quoted : quoted_includes(file)) includes.push_back(quoted);
      for (const auto include : includes) {
        if (!starts_with(include, "nlohmann/")) continue;
        users.push_back(file.path);
        if (file.folder() != "codec" || file.extension() != "cc") strangers.push_back(file.path);
      }
    }
    CHECK_MESSAGE(strangers.empty(), joined(strangers));
    CHECK_MESSAGE(users.size() <= kJsonFilesMax, joined(users));
  }

  TEST_CASE("only crypto knows the crypto libraries") {
    std::vector<std::string> found;
    for (const auto& file : tree()) {
      if (!in_core(file) || file.folder() == "crypto") continue;
      for (const auto include : angled_includes(file)) {
        if (starts_with(include, "sodium") || starts_with(include, "bearssl")) {
          found.push_back(file.path);
        }
      }
    }
    CHECK_MESSAGE(found.empty(), joined(found));
  }

  TEST_CASE("every source file is listed, and every listed file exists") {
    const auto lists = read_file_lists(tree());
    const auto listed = [&](const std::string& list, std::string_view name) {
      const auto found = lists.find(list);
      return found != lists.end() &&
             std::count(found->second.begin(), found->second.end(), name) == 1;
    };
    std::vector<std::string> found;
    for (const auto& file : tree()) {
      if (file.extension() != "cc") continue;
      const std::string name(file.name());
      if (file.path == "src/base/mark_none.cc" || file.path == "src/sim/marks.cc") continue;
      if (in_src(file)) {
        std::string list = "SLUICE_" + std::string(file.folder());
        for (char& c : list) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        if (ends_with(name, "_fuzz.cc")) {
          const auto noun = name.substr(0, name.size() - std::string_view("_fuzz.cc").size());
          if (!listed("SLUICE_FUZZERS", std::string(file.folder()) + "/" + noun)) {
            found.push_back(file.path);
          }
        } else if (!listed(list + (file.is_test() ? "_TESTS" : "_FILES"), name)) {
          found.push_back(file.path);
        }
      } else if (starts_with(file.path, "bindings/")) {
        const auto names = binding_lists(file.path);
        const auto names_it = [&](const std::string& list) { return listed(list, name); };
        if (std::none_of(names.begin(), names.end(), names_it)) found.push_back(file.path);
      } else if (starts_with(file.path, "host-shims/native/")) {
        if (name != "main.cc" && !listed("SLUICE_NATIVE_HOST_FILES", name) &&
            !listed("SLUICE_CLI_FILES", name)) {
          found.push_back(file.path);
        }
      }
    }
    CHECK_MESSAGE(found.empty(), joined(found));
  }

  TEST_CASE("every folder of the core says what it is for") {
    std::vector<std::string> found;
    for (const auto folder : kLadder) {
      const auto inside = [&](const SourceFile& file) { return file.folder() == folder; };
      const auto readme = [&](const SourceFile& file) {
        return inside(file) && file.name() == "README.md";
      };
      if (std::any_of(tree().begin(), tree().end(), inside) &&
          std::none_of(tree().begin(), tree().end(), readme)) {
        found.push_back("src/" + std::string(folder) + "/README.md");
      }
    }
    CHECK_MESSAGE(found.empty(), joined(found));
  }

  TEST_CASE("no binary file is in git, but for a fuzzer's finds") {
    std::vector<std::string> found;
    for (const auto& file : tree()) {
      if (starts_with(file.path, "native-tests/corpus/")) continue;
      if (file.text.find('\0') != std::string::npos) found.push_back(file.path);
    }
    CHECK_MESSAGE(found.empty(), joined(found));
  }

  TEST_CASE("no name says util, common, helpers, manager or misc") {
    const std::regex banned(R"((^|.*[/_.-])(utils?|common|helpers?|managers?|misc)([/_.-].*|$))");
    std::vector<std::string> found;
    for (const auto& file : tree()) {
      if (std::regex_match(file.path, banned)) found.push_back(file.path);
    }
    CHECK_MESSAGE(found.empty(), joined(found));
  }
}

TEST_SUITE("tidy/text") {
  TEST_CASE("what we write is ASCII, 100 columns wide and at most 400 lines long") {
    std::vector<std::string> found;
    for (const auto& file : tree()) {
      if (!is_text_we_write(file)) continue;
      const auto lines = file.lines();
      if (lines.size() > kFileLinesMax) found.push_back(at(file, lines.size() - 1, "a long file"));
      for (std::size_t i = 0; i < lines.size(); ++i) {
        if (lines[i].size() > kColumnsMax) found.push_back(at(file, i, "a long line"));
        const auto foreign = [](char c) { return c < 0x20 || c > 0x7e; };
        if (std::any_of(lines[i].begin(), lines[i].end(), foreign)) {
          found.push_back(at(file, i, "not ASCII"));
        }
      }
    }
    CHECK_MESSAGE(found.empty(), joined(found));
  }

  TEST_CASE("a function fits a screen of 70 lines") {
    std::vector<std::string> found;
    for (const auto& file : tree()) {
      if (!file.is_cpp()) continue;
      for (auto& line : long_functions(file)) found.push_back(std::move(line));
    }
    CHECK_MESSAGE(found.empty(), joined(found));
  }

  TEST_CASE("a header opens with its idea and guards itself") {
    std::vector<std::string> found;
    for (const auto& file : tree()) {
      if (file.extension() != "h") continue;
      const bool opens = starts_with(file.text, "//") || starts_with(file.text, "/*");
      const bool guards = file.text.find("#pragma once") != std::string::npos ||
                          file.text.find("\n#ifndef ") != std::string::npos;
      if (!opens || !guards) found.push_back(file.path);
    }
    CHECK_MESSAGE(found.empty(), joined(found));
  }

  TEST_CASE("work that may not wait is not merged") {
    const std::regex loose(R"(TO)"
                           R"(DO(?!\((perf|port|someday)\)))");
    std::vector<std::string> found;
    for (const auto& file : tree()) {
      if (!is_text_we_write(file)) continue;
      const auto lines = file.lines();
      for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string line(lines[i].substr(0, 200));
        if (std::regex_search(line, loose)) found.push_back(at(file, i, line));
      }
    }
    CHECK_MESSAGE(found.empty(), joined(found));
  }
}

TEST_SUITE("tidy/code") {
  TEST_CASE("identifiers in the core follow the house") {
    const auto found = matches(
        R"(\b(get_(?!if\b|all\b|return_object\b)|do_)[a-z]\w*|\b\w+Impl\b|\b\w+_v2\b)", in_core);
    CHECK_MESSAGE(found.empty(), joined(found));
  }

  TEST_CASE("the core knows no clock, no thread, no stream and no distribution of its own") {
    const std::regex banned(
        "chrono|ctime|time\\.h|thread|mutex|atomic|future|random|iostream|fstream|filesystem|"
        "sstream|unordered_(map|set)|regex|stdexcept");
    std::vector<std::string> found;
    for (const auto& file : tree()) {
      if (!in_core(file)) continue;
      for (const auto include : angled_includes(file)) {
        if (std::regex_match(std::string(include), banned)) {
          found.push_back(file.path + " includes <" + std::string(include) + ">");
        }
      }
    }
    CHECK_MESSAGE(found.empty(), joined(found));
  }

  TEST_CASE("the core asks for no platform") {
    const auto found = matches(
        R"(\b(__wasm\w*|__wasi\w*|__EMSCRIPTEN\w*|__linux\w*|_WIN32|__APPLE__|__x86_64\w*)\b)",
        in_src);
    CHECK_MESSAGE(found.empty(), joined(found));
  }

  TEST_CASE("every file includes the standard headers of what it names") {
    const auto found = forgotten_includes(tree());
    CHECK_MESSAGE(found.empty(), joined(found));
  }

  TEST_CASE("no temporary is constructed inside a co_await operand") {
    // GCC 12 destroys it twice. A type's name followed by a bracket is a temporary.
    const auto found = matches(
        R"(co_await[^;]*[^\w:](std::string|std::vector<[^;(]*>|[A-Z][a-z]\w*)[({])", in_src);
    CHECK_MESSAGE(found.empty(), joined(found));
  }

  TEST_CASE("a coroutine takes no view and no reference to a value") {
    const auto found = matches(R"(\bTask<[^;={}()]*> \w+\([^;{}]*(string_view|ByteView|std::span|)"
                               R"(const std::\w+(<[^;()]*>)?&|&&)[^;{}]*\)( const)? *[;{])",
                               [](const SourceFile& file) {
                                 return in_core(file) && contains(kCoroutines, file.folder());
                               });
    CHECK_MESSAGE(found.empty(), joined(found));
  }

  TEST_CASE("tests check, and belong to the suite of their folder") {
    const auto requires_found =
        matches(R"(\bREQUIRE(_\w+)?\()", [](const SourceFile& file) { return file.is_test(); });
    CHECK_MESSAGE(requires_found.empty(), joined(requires_found));
    std::vector<std::string> found;
    for (const auto& file : tree()) {
      if (!in_src(file) || !file.is_test()) continue;
      if (file.text.find("TEST_SUITE(\"" + std::string(file.folder()) + "/") == std::string::npos) {
        found.push_back(file.path);
      }
    }
    CHECK_MESSAGE(found.empty(), joined(found));
  }
}

}  // namespace sluice::tidy
