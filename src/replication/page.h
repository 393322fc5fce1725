// A page of a log as it crosses HTTP: the answer to GET /v1/log/{stream}?after=TOKEN&limit=N.
//
//   {"stream":"events","history":"6f1d...","entries":[{"position":"114263498812416001",
//     "id":"0195...","time":"2026-01-02T03:04:05.678Z","source":"github",
//     "content_type":"application/json","body":"eyJh..."}],"next":"events.6f1d...","more":true}
//
// Positions are text, because JSON's readers keep 53 bits of a number. Bodies are base64, so that
// they stay the bytes they are. Reading is strict: a page whose positions do not grow, or that
// does not follow the token it was asked with, is no page.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "replication/entry.h"
#include "replication/token.h"

namespace sluice::replication {

inline constexpr std::size_t kPageEntriesMax = 256;
inline constexpr std::size_t kPageBytesMax = 24 * 1024 * 1024;

struct Page {
  std::vector<Entry> entries;  // Their bodies inline.
  Token next;                  // Of the last entry; where there is none, the token asked with.
  bool more = false;

  friend bool operator==(const Page&, const Page&) = default;
};

[[nodiscard]] std::string write_page(const Page& page);

// Errors: kMalformed, kTooBig. What is true of a page by itself; `follows` says the rest.
[[nodiscard]] Result<Page> parse_page(ByteView text);

// Whether `page` goes on from `after` (none: from the beginning of `stream`), and if not, why.
// kMalformed: the peer breaks its own promise.
[[nodiscard]] Result<Gap> follows(const Page& page, std::string_view stream,
                                  const std::optional<Token>& after);

}  // namespace sluice::replication
