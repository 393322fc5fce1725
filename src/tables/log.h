// Streams of log entries: what other cells copy from this one.
//
//   lg/m/<stream>            history, what is trimmed, last position (of a copy)
//   lg/e/<stream>/<~pos>     the entry
//   lg/h/<stream>/<#id>      position of an entry by its id; only in streams that are copies
//
// There are two kinds of streams. `events` is written by this cell: every accepted event appends
// one entry at the event's own sequence number, in the commit that accepts it, without a read. A
// link's stream is a copy: entries arrive from elsewhere, perhaps twice, so they are found by id.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "replication/entry.h"
#include "replication/token.h"
#include "store/transaction.h"
#include "tables/audit.h"
#include "tables/expired.h"
#include "task/task.h"

namespace sluice::tables {

inline constexpr std::string_view kEventStream = "events";

struct LogPage {
  replication::Gap gap = replication::Gap::kNone;  // Anything else: there are no entries.
  std::vector<replication::Entry> entries;
  replication::Token next;  // Where the next page begins.
  bool more = false;        // There are entries behind `next` already.
};

struct Log {
  // Begins the stream with the history `drawn` where it has none; gives the history it has. Once,
  // when a cell boots, before the first append.
  static Task<Result<Id>> open(store::Transaction& transaction, std::string stream, Id drawn);

  // Appends to a stream that this cell writes. `entry.position` is a sequence number that was
  // drawn inside this transaction, so positions are committed in their order.
  static void append(store::Transaction& transaction, std::string_view stream,
                     const replication::Entry& entry);

  // Appends copies to a link's stream, in their order, each at a position of its own; entries that
  // are there already are passed over. Gives how many are new. At most kAdoptMax entries with
  // bodies of 256 KiB in all, or one entry whose body was written ahead as a blob.
  static constexpr std::size_t kAdoptMax = 16;
  static Task<Result<std::uint32_t>> adopt(store::Transaction& transaction, std::string stream,
                                           std::vector<replication::Entry> entries, Instant now);

  // Entries behind `after` (none: from the beginning), at most `limit` and about `bytes_max`.
  // kNotFound: the stream was never opened. Bodies in blobs stay names.
  struct Query {
    std::string stream;
    std::optional<replication::Token> after;
    std::uint32_t limit = 100;
    std::uint32_t bytes_max = 512 * 1024;
  };
  static Task<Result<LogPage>> read(store::Transaction& transaction, Query query);

  // Deletes the oldest entries from before `before`, of one stream: at most a commit's worth. Who
  // has read up to the last of them goes on; who has not gets kTooOld. Blobs of `events` are left
  // to the events, which they belong to.
  static Task<Result<Expired>> trim(store::Transaction& transaction, Instant before, Instant now);

  // Positions grow, entries can be read, ids of a copy lead back. Reads the whole stream.
  static Task<Result<Audit>> audit(store::Transaction& transaction, std::string stream);
};

}  // namespace sluice::tables
