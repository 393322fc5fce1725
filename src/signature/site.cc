#include "signature/site.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "base/assert.h"
#include "codec/json_pointer.h"

namespace sluice::signature {
namespace {

constexpr std::array<std::pair<std::string_view, Place>, 8> kPlaces{{
    {"header", Place::kHeader},
    {"headers", Place::kNumberedHeaders},
    {"json", Place::kJson},
    {"form", Place::kForm},
    {"query", Place::kQuery},
    {"field", Place::kField},
    {"position", Place::kPosition},
    {"claim", Place::kClaim},
}};

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace

bool is_header_name(std::string_view name) {
  if (name.empty() || name.size() > 64) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  });
}

bool is_well_named(const Site& site) {
  if (site.place == Place::kBody) return site.name.empty();
  if (site.name.empty() || site.name.size() > kSiteNameMax) return false;
  switch (site.place) {
    case Place::kNone:
    case Place::kBody: return false;
    case Place::kHeader:
    case Place::kNumberedHeaders: return is_header_name(site.name);
    case Place::kJson: return codec::parse_pointer(site.name).has_value();
    case Place::kPosition: {
      const auto index = codec::parse_index(site.name);
      return index.has_value() && *index < 64;
    }
    case Place::kForm:
    case Place::kQuery:
    case Place::kField:
    case Place::kClaim: return is_printable(site.name);
  }
  return false;
}

std::optional<Site> parse_site(std::string_view text) {
  if (text == "body") return Site{Place::kBody, {}};
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  for (const auto& [name, place] : kPlaces) {
    if (name != text.substr(0, colon)) continue;
    Site site{place, std::string(text.substr(colon + 1))};
    if (!is_well_named(site)) return std::nullopt;
    return site;
  }
  return std::nullopt;
}

Site site_of(std::string_view constant) {
  if (constant.empty()) return {};
  auto site = parse_site(constant);
  SLUICE_ASSERT(site.has_value());
  return *std::move(site);
}

std::string format(const Site& site) {
  if (site.place == Place::kBody) return "body";
  for (const auto& [name, place] : kPlaces) {
    if (place == site.place) return std::string(name) + ":" + site.name;
  }
  return {};
}

}  // namespace sluice::signature
