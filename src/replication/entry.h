// One entry of a log: an accepted event, as it is copied from cell to cell.
//
// An entry keeps its id on its way through links, so a copy that arrives twice is recognised. Its
// position is the stream's own: it orders the entries of one stream and means nothing elsewhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/id.h"
#include "base/result.h"
#include "base/time.h"

namespace sluice::replication {

// Positions only grow within a stream and may be sparse: their order means something, their
// distance does not. 0 is before the first entry.
using Position = std::uint64_t;

inline constexpr std::size_t kInlineMax = 8 * 1024;  // Larger bodies are blobs.

struct Entry {
  Position position = 0;
  Id id;  // Of the event.
  Instant received_at;
  std::string source;
  std::string content_type;
  Bytes body;              // As received, byte for byte; empty when it is a blob.
  std::string blob;        // Name of the blob that holds the body; empty when it is inline.
  std::uint32_t size = 0;  // Of the body, wherever it is.

  friend bool operator==(const Entry&, const Entry&) = default;
};

// The stored row, `lg/e/<stream>/<~position>`; the position is in the key.
[[nodiscard]] Bytes encode(const Entry& entry);

// Errors: kCorrupt, kUnknownFormat.
[[nodiscard]] Result<Entry> decode_entry(Position position, ByteView row);

}  // namespace sluice::replication
