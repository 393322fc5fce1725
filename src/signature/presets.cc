#include "signature/presets.h"

#include <array>

#include "base/sort.h"
#include "signature/preset_rows.h"

namespace sluice::signature {
namespace {

std::array<std::span<const Row>, 7> families() {
  return {body_rows(),     composed_rows(), fetched_rows(), public_key_rows(),
          standard_rows(), timed_rows(),    token_rows()};
}

}  // namespace

std::vector<std::string_view> preset_names() {
  std::vector<std::string_view> names;
  for (const auto rows : families()) {
    for (const Row& row : rows) names.push_back(row.name);
  }
  sort(names);
  return names;
}

std::optional<Scheme> preset(std::string_view name) {
  for (const auto rows : families()) {
    for (const Row& row : rows) {
      if (row.name.view() != name) continue;
      Scheme scheme = scheme_of(row);
      scheme.handshakes = handshake_rules(handshake_of(name));
      return scheme;
    }
  }
  return std::nullopt;
}

}  // namespace sluice::signature
