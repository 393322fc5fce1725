#include "standard_includes.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <map>
#include <set>
#include <sstream>
#include <string_view>
#include <utility>

namespace sluice::tidy {
namespace {

// Names of `std` and the headers any of which declares them, as the standard says it.
struct Declared {
  const char* names;
  const char* headers;
};

constexpr std::array kDeclared = {
    Declared{
        "adjacent_find all_of any_of binary_search clamp copy copy_n count count_if equal fill "
        "fill_n find find_if find_if_not for_each is_sorted lower_bound make_heap max "
        "max_element min min_element minmax mismatch next_permutation none_of remove_if "
        "replace reverse rotate search sort sort_heap stable_sort transform unique "
        "upper_bound",
        "algorithm"},
    Declared{"array to_array", "array"},
    Declared{"atomic_thread_fence memory_order_seq_cst", "atomic"},
    Declared{"endian", "bit"},
    Declared{"isalnum tolower toupper", "cctype"},
    Declared{"from_chars to_chars", "charconv"},
    Declared{"chrono", "chrono"},
    Declared{"nano", "ratio chrono"},
    Declared{"abs floor isfinite sqrt", "cmath"},
    Declared{"coroutine_handle suspend_always suspend_never noop_coroutine", "coroutine"},
    Declared{"byte max_align_t nullptr_t ptrdiff_t", "cstddef"},
    Declared{"size_t", "cstddef cstdio cstdlib cstring"},
    Declared{"int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t intptr_t "
             "uintptr_t",
             "cstdint"},
    Declared{"FILE fflush fprintf fputs fread printf puts snprintf", "cstdio"},
    Declared{"abort atoi atoll exit free getenv malloc strtod strtoul strtoull", "cstdlib"},
    Declared{"memchr memcmp memcpy memmove memset strlen", "cstring"},
    Declared{"condition_variable", "condition_variable"},
    Declared{"system", "cstdlib"},
    Declared{"deque", "deque"},
    Declared{"exception", "exception"},
    Declared{"filesystem", "filesystem"},
    Declared{"forward_list", "forward_list"},
    Declared{"basic_fstream ifstream ofstream", "fstream iosfwd"},
    Declared{"function invoke less plus", "functional"},
    Declared{"hash", "functional string string_view"},
    Declared{"initializer_list", "initializer_list array string vector"},
    Declared{"ios ios_base streamsize", "ios fstream iostream istream ostream sstream"},
    Declared{"advance back_inserter distance input_iterator_tag inserter istreambuf_iterator "
             "make_move_iterator next prev",
             "iterator"},
    Declared{"begin data end size", "iterator array deque map set span string string_view vector"},
    Declared{"numeric_limits", "limits"},
    Declared{"list", "list"},
    Declared{"map", "map"},
    Declared{"construct_at default_delete destroy make_shared make_unique shared_ptr unique_ptr "
             "weak_ptr",
             "memory"},
    Declared{"lock_guard mutex unique_lock", "mutex"},
    Declared{"make_optional nullopt nullopt_t optional", "optional"},
    Declared{"ostream", "ostream iostream sstream"},
    Declared{"regex regex_match regex_search sregex_iterator", "regex"},
    Declared{"set", "set"},
    Declared{"span", "span"},
    Declared{"istringstream ostringstream", "sstream"},
    Declared{"basic_string char_traits getline stoi stoul stoull string to_string", "string"},
    Declared{"erase erase_if", "deque map set string vector"},
    Declared{"basic_string_view string_view string_view_literals", "string_view"},
    Declared{"errc error_code", "system_error charconv"},
    Declared{"thread", "thread"},
    Declared{"apply make_tuple tie tuple", "tuple"},
    Declared{"conditional_t decay_t enable_if_t false_type invoke_result_t is_convertible_v "
             "is_default_constructible_v is_enum_v is_integral_v is_invocable_v is_same_v "
             "is_signed_v is_trivially_copyable_v is_trivially_destructible_v is_void_v "
             "remove_cvref_t true_type underlying_type_t",
             "type_traits"},
    Declared{"unordered_map", "unordered_map"},
    Declared{"as_const cmp_less declval exchange forward in_place_index in_place_type make_pair "
             "move swap",
             "utility"},
    Declared{"pair", "utility map"},
    Declared{"get", "utility array tuple variant"},
    Declared{"remove", "algorithm cstdio"},
    Declared{"get_if holds_alternative monostate variant variant_size_v visit", "variant"},
    Declared{"vector", "vector"},
};

// What Emscripten's and wasi's libraries call by name, which no header of theirs declares.
constexpr std::string_view kOfLibraries = "__libcpp_verbose_abort";

using Words = std::set<std::string>;

Words words_of(const std::string& text) {
  std::istringstream stream(text);
  Words words;
  for (std::string word; stream >> word;) words.insert(word);
  return words;
}

// By name: the headers that declare it.
std::map<std::string, Words> declared() {
  std::map<std::string, Words> table;
  for (const Declared& entry : kDeclared) {
    for (const std::string& name : words_of(entry.names)) table[name] = words_of(entry.headers);
  }
  return table;
}

// The names behind `std::`.
Words names_in(std::string_view code) {
  constexpr std::string_view kStd = "std::";
  const auto is_part = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
  };
  Words names;
  for (std::size_t at = code.find(kStd); at != std::string_view::npos; at = code.find(kStd, at)) {
    const bool whole = at == 0 || !is_part(code[at - 1]);
    at += kStd.size();
    std::size_t end = at;
    while (end < code.size() && is_part(code[end])) ++end;
    if (whole) names.emplace(code.substr(at, end - at));
    at = end;
  }
  return names;
}

// Finds the standard headers that a file comes with.
class Closure {
 public:
  explicit Closure(const std::vector<SourceFile>& tree) {
    for (const SourceFile& file : tree) {
      if (file.is_cpp()) files_.emplace(file.path, &file);
    }
  }

  const Words& headers(const SourceFile& file) {
    const auto known = known_.find(file.path);
    if (known != known_.end()) return known->second;
    known_[file.path];  // A file that includes itself ends here.
    Words found;
    for (const auto name : angled_includes(file)) found.emplace(name);
    for (const auto name : quoted_includes(file)) {
      const SourceFile* included = find(file, name);
      if (included == nullptr) continue;
      const Words& theirs = headers(*included);
      found.insert(theirs.begin(), theirs.end());
    }
    return known_[file.path] = std::move(found);
  }

 private:
  const SourceFile* find(const SourceFile& from, std::string_view name) const {
    const std::string beside = from.path.substr(0, from.path.rfind('/') + 1);
    for (const std::string& folder : {beside, std::string("src/"), std::string("bindings/"),
                                      std::string("host-shims/"), std::string("native-tests/")}) {
      const auto found = files_.find(folder + std::string(name));
      if (found != files_.end()) return found->second;
    }
    return nullptr;
  }

  std::map<std::string, const SourceFile*> files_;
  std::map<std::string, Words> known_;
};

}  // namespace

std::vector<std::string> forgotten_includes(const std::vector<SourceFile>& tree) {
  const auto table = declared();
  Closure closure(tree);
  std::vector<std::string> found;
  for (const SourceFile& file : tree) {
    if (!file.is_cpp()) continue;
    const Words& headers = closure.headers(file);
    for (const std::string& name : names_in(code_of(file))) {
      if (name == kOfLibraries) continue;
      const auto entry = table.find(name);
      if (entry == table.end()) {
        found.push_back(file.path + ": no table knows the header of std::" + name);
        continue;
      }
      const auto has = [&](const std::string& header) { return headers.contains(header); };
      if (std::none_of(entry->second.begin(), entry->second.end(), has)) {
        found.push_back(file.path + ": no <" + *entry->second.begin() + "> for std::" + name);
      }
    }
  }
  return found;
}

}  // namespace sluice::tidy
