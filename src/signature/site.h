// Where a text stands in a request.
//
//   header:x-signature       headers:x-signature- (numbered -1, -2, ...)
//   json:/data/id            form:signature           query:sig
//   field:t                  position:0     parts of the signature's own text, by name or by number
//   claim:iat                of a JSON Web Token
//   body                     all of it
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::signature {

inline constexpr std::size_t kSiteNameMax = 128;

enum class Place : std::uint8_t {
  kNone = 0,
  kHeader = 1,
  kNumberedHeaders = 2,
  kJson = 3,
  kForm = 4,
  kQuery = 5,
  kField = 6,
  kPosition = 7,
  kClaim = 8,
  kBody = 9,
};

struct Site {
  Place place = Place::kNone;
  std::string name;  // kJson: a pointer. kPosition: digits. Headers: lower case. kBody: none.

  friend bool operator==(const Site&, const Site&) = default;
};

// "header:x-signature"; none for an unknown place or a name that cannot stand there.
[[nodiscard]] std::optional<Site> parse_site(std::string_view text);
// Of a constant of this program, which has to be one; none where it is empty.
[[nodiscard]] Site site_of(std::string_view constant);
[[nodiscard]] std::string format(const Site& site);

// Lower case letters, digits, '-', '_' and '.', at most 64.
[[nodiscard]] bool is_header_name(std::string_view name);

// Whether `site.name` is one that its place can have.
[[nodiscard]] bool is_well_named(const Site& site);

}  // namespace sluice::signature
