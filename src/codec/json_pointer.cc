#include "codec/json_pointer.h"

#include <cstddef>

#include "codec/json_scanner.h"

namespace sluice::codec {

std::optional<std::vector<std::string>> parse_pointer(std::string_view pointer) {
  std::vector<std::string> steps;
  if (pointer.empty()) return steps;
  if (pointer.front() != '/') return std::nullopt;
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    const char c = pointer[i];
    if (c == '/') {
      steps.emplace_back();
    } else if (c != '~') {
      steps.back() += c;
    } else {
      ++i;
      if (i == pointer.size() || (pointer[i] != '0' && pointer[i] != '1')) return std::nullopt;
      steps.back() += pointer[i] == '0' ? '~' : '/';
    }
  }
  return steps;
}

std::optional<std::uint32_t> parse_index(std::string_view step) {
  if (step.empty() || step.size() > 9 || (step.size() > 1 && step[0] == '0')) return std::nullopt;
  std::uint32_t index = 0;
  for (const char c : step) {
    if (c < '0' || c > '9') return std::nullopt;
    index = index * 10 + static_cast<std::uint32_t>(c - '0');
  }
  return index;
}

std::string pointer_step(std::string_view key) {
  std::string step = "/";
  for (const char c : key) {
    if (c == '~') {
      step += "~0";
    } else if (c == '/') {
      step += "~1";
    } else {
      step += c;
    }
  }
  return step;
}

std::optional<RawValue> find_raw(std::string_view body, std::string_view pointer) {
  auto steps = parse_pointer(pointer);
  if (!steps) return std::nullopt;
  return JsonScanner(body, std::move(*steps)).run();
}

std::optional<std::string> scalar_text(const RawValue& value) {
  switch (value.kind) {
    case JsonKind::kString: return unescape_json(value.slice);
    case JsonKind::kNumber:
    case JsonKind::kBool: return std::string(value.slice);
    case JsonKind::kNull:
    case JsonKind::kArray:
    case JsonKind::kObject: break;
  }
  return std::nullopt;
}

}  // namespace sluice::codec
