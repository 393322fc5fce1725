// Any bytes as a log page: what is accepted is written and read back as the same page, its
// positions grow, and its token is that of its last entry.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "replication/page.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice::replication;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto token = parse_token(bytes);
  SLUICE_ASSERT(!token || format(*token) == bytes);
  const auto page = parse_page(bytes);
  if (!page.has_value()) return 0;
  Position before = 0;
  for (const Entry& entry : page->entries) {
    SLUICE_ASSERT(entry.position > before);
    SLUICE_ASSERT(entry.body.size() == entry.size);
    before = entry.position;
  }
  SLUICE_ASSERT(page->entries.empty() || page->next.position == before);
  const auto again = parse_page(write_page(*page));
  SLUICE_ASSERT(again.has_value());
  return 0;
}
