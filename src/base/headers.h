// HTTP header fields: an ordered list of pairs with lower-case names, repeats kept apart.
//
// Repeats matter: a signed header that arrives twice is refused, never joined or picked from.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::inline base {

struct Header {
  std::string name;  // Lower case.
  std::string value;

  friend bool operator==(const Header&, const Header&) = default;
};

using Headers = std::vector<Header>;

// How often `name` (lower case) occurs.
[[nodiscard]] std::size_t count(const Headers& headers, std::string_view name);

// The value of the first `name` (lower case); the view lives as long as `headers`.
[[nodiscard]] std::optional<std::string_view> find(const Headers& headers, std::string_view name);

// ASCII only, whatever the locale.
[[nodiscard]] std::string lower_case(std::string_view text);

}  // namespace sluice::inline base
