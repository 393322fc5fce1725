#include "signature/catalogue.h"

#include <array>

#include "base/sort.h"
#include "signature/catalogue_entries.h"

namespace sluice::signature {

std::vector<CatalogueEntry> catalogue() {
  std::vector<CatalogueEntry> all;
  for (const auto entries : std::array{body_entries(), other_entries(), timed_entries()}) {
    all.insert(all.end(), entries.begin(), entries.end());
  }
  sort(all, [](const CatalogueEntry& left, const CatalogueEntry& right) {
    return left.name < right.name;
  });
  return all;
}

}  // namespace sluice::signature
