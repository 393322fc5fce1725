// Reads the items out of one page of an API's answer.
//
// An item is kept byte for byte, as the API wrote it: its numbers are never reformatted. Its id and
// time are found by JSON pointers. An item without them is a reject: it is kept with its reason,
// and the others go on. A page that is no page (HTML, broken JSON, no list where one should be) is
// a fault of the whole page, and the cursor stays where it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"

namespace sluice::sync {

struct PageShape {
  std::string items;  // JSON pointers: to the list, and from an item to its id and its time.
  std::string id;
  std::string time;
  std::string next;       // From the page to the next URL.
  bool has_next = false;  // Whether pages name their successor.
};

enum class Rejection : std::uint8_t {
  kNone = 0,
  kIdMissing = 1,      // No text and no number at the id's pointer.
  kTimeMissing = 2,    // No text at the time's pointer.
  kTimeMalformed = 3,  // Not RFC 3339.
  kTooLarge = 4,       // More bytes than an item may have.
};

[[nodiscard]] std::string_view name(Rejection rejection);

// One element of the list; `rejection` says whether it is an item.
struct Record {
  Rejection rejection = Rejection::kNone;
  std::string id;
  Instant time;
  std::string_view raw;  // Points into the page's body.
};

struct Page {
  std::vector<Record> records;  // In the order of the page.
  std::string next;             // As the page spells it; empty: this is the last one.
};

enum class PageFault : std::uint8_t {
  kHtml = 1,  // A login page or an error page, say.
  kNotJson = 2,
  kItemsMissing = 3,  // Nothing at the items' pointer.
  kItemsNotArray = 4,
  kNextMalformed = 5,  // The next URL is there and is no text.
  kTooManyItems = 6,
};

[[nodiscard]] std::string_view name(PageFault fault);

inline constexpr std::size_t kItemBytesMax = 256 * 1024;
inline constexpr std::size_t kPageItemsMax = 10'000;

// `body` must outlive the page.
[[nodiscard]] std::variant<Page, PageFault> read_page(ByteView body, const PageShape& shape);

// What makes two readings of an item the same: its id and all of its bytes. 32 hex digits.
[[nodiscard]] std::string identity(std::string_view step, const Record& record);

// 32 hex digits over all bytes of a page.
[[nodiscard]] std::string digest(ByteView body);

}  // namespace sluice::sync
