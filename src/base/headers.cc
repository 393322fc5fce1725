#include "base/headers.h"

namespace sluice::inline base {

std::size_t count(const Headers& headers, std::string_view name) {
  std::size_t found = 0;
  for (const auto& header : headers) {
    if (header.name == name) ++found;
  }
  return found;
}

std::optional<std::string_view> find(const Headers& headers, std::string_view name) {
  for (const auto& header : headers) {
    if (header.name == name) return header.value;
  }
  return std::nullopt;
}

std::string lower_case(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lowered;
}

}  // namespace sluice::inline base
