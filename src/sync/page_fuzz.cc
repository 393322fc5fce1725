// Any bytes as a page: every record lies inside them, in order, and an item has an id.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "sync/page.h"
#include "sync/step.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice::sync;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const PageShape shape{
      .items = "/data", .id = "/id", .time = "/at", .next = "/next", .has_next = true};
  const auto read = read_page(body, shape);
  const auto* page = std::get_if<Page>(&read);
  if (page == nullptr) return 0;
  const char* at = body.data();
  for (const Record& record : page->records) {
    SLUICE_ASSERT(record.raw.data() >= at);
    at = record.raw.data() + record.raw.size();
    SLUICE_ASSERT(at <= body.data() + body.size());
    SLUICE_ASSERT(record.rejection != Rejection::kNone || !record.id.empty());
    SLUICE_ASSERT(identity("s", record).size() == 32);
  }
  const auto next = follow("https://api.example/orders?page=1", page->next);
  SLUICE_ASSERT(!next.has_value() || next->substr(0, 20) == "https://api.example/");
  return 0;
}
