#include "tables/log.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "base/mark.h"
#include "codec/row.h"
#include "store/blob.h"
#include "store/keys.h"
#include "tables/numbering.h"

namespace sluice::tables {
namespace {

using replication::Entry;
using replication::Gap;
using replication::Position;
using replication::Token;
using store::Transaction;

// lg/m/<stream>. `last` is kept only in streams that are copies; the other kind's is its last key.
struct Stream {
  Id history;
  Position trimmed = 0;
  Position last = 0;
};

constexpr std::string_view kStreams = "lg/m/";
// Entries of one commit; one of a copy has three rows to change.
constexpr std::uint32_t kTrimMax = 72;
constexpr std::uint32_t kTrimCopiesMax = kTrimMax / 3;

std::string stream_key(std::string_view stream) { return store::key({kStreams, stream}); }
std::string entries_prefix(std::string_view stream) { return store::key({"lg/e/", stream, "/"}); }
std::string entry_key(std::string_view stream, Position position) {
  return store::key({entries_prefix(stream), store::fixed(position)});
}
std::string id_key(std::string_view stream, const Id& id) {
  return store::key({"lg/h/", stream, "/", store::hashed({format(id)})});
}

Bytes encode(const Stream& stream) {
  codec::RowWriter row;
  row.id(stream.history).u64(stream.trimmed).u64(stream.last);
  return row.take();
}

Result<Stream> decode_stream(ByteView bytes) {
  codec::RowReader row(bytes);
  Stream stream;
  stream.history = row.id();
  stream.trimmed = row.u64();
  stream.last = row.u64();
  SLUICE_TRY(row.end());
  return stream;
}

Bytes encode_position(Position position) {
  codec::RowWriter row;
  row.u64(position);
  return row.take();
}

Result<Position> decode_position(ByteView bytes) {
  codec::RowReader row(bytes);
  const Position position = row.u64();
  SLUICE_TRY(row.end());
  return position;
}

// The position that an entry's key spells.
std::optional<Position> position_of(std::string_view key, std::string_view prefix) {
  return parse_fixed_hex(key.substr(prefix.size()));
}

Task<Result<replication::StreamState>> state_for(Transaction& transaction, std::string name,
                                                 std::optional<Token> token) {
  std::vector<std::string> keys{stream_key(name)};
  if (token) keys.push_back(entry_key(name, token->position));
  SLUICE_CO_TRY(const auto rows, co_await transaction.get_all(std::move(keys)));
  if (!rows[0]) co_return Error{Errc::kNotFound, "log: no such stream"};
  SLUICE_CO_TRY(const auto stream, decode_stream(rows[0]->value));

  replication::StreamState state;
  state.stream = name;
  state.history = stream.history;
  state.trimmed = stream.trimmed;
  std::string prefix = entries_prefix(name);
  SLUICE_CO_TRY(const Position last, co_await last_number(transaction, std::move(prefix)));
  state.last = std::max(last, stream.trimmed);
  if (token && rows[1]) {
    SLUICE_CO_TRY(const auto entry, replication::decode_entry(token->position, rows[1]->value));
    state.at_token = entry.id;
  }
  co_return state;
}

// What can be deleted of one entry of a copy besides the entry.
void erase_beside(Transaction& transaction, std::string_view stream, const KvRow& row,
                  Instant now) {
  const auto entry = replication::decode_entry(0, row.entry.value);
  if (!entry.has_value()) return;  // Nothing leads from it to anything.
  transaction.erase(id_key(stream, entry->id));
  if (!entry->blob.empty()) store::release_blob(transaction, entry->blob, now);
}

Task<Result<Expired>> trim_stream(Transaction& transaction, std::string name, Stream stream,
                                  Instant before, Instant now) {
  const std::string prefix = entries_prefix(name);
  const bool is_copy = stream.last > 0;
  KvRange range{.lo = prefix,
                .hi = entry_key(name, first_seq(before)),
                .limit = is_copy ? kTrimCopiesMax : kTrimMax,
                .reverse = false};
  SLUICE_CO_TRY(const auto page, co_await transaction.range(std::move(range)));
  if (page.rows.empty()) co_return Expired{};
  SLUICE_MARK("retention: a log is trimmed");
  for (const KvRow& row : page.rows) {
    if (is_copy) erase_beside(transaction, name, row, now);
    transaction.erase(row.key);
    const auto position = position_of(row.key, prefix);
    if (position) stream.trimmed = std::max(stream.trimmed, *position);
  }
  transaction.put(stream_key(name), encode(stream));
  co_return Expired{.count = static_cast<std::uint32_t>(page.rows.size()), .more = true};
}

}  // namespace

Task<Result<Id>> Log::open(Transaction& transaction, std::string stream, Id drawn) {
  std::string key = stream_key(stream);
  SLUICE_CO_TRY(const auto row, co_await transaction.get(key));
  if (row) {
    SLUICE_CO_TRY(const auto found, decode_stream(row->value));
    co_return found.history;
  }
  transaction.put(key, encode(Stream{.history = drawn, .trimmed = 0, .last = 0}));
  co_return drawn;
}

void Log::append(Transaction& transaction, std::string_view stream, const Entry& entry) {
  SLUICE_ASSERT(entry.position > 0);
  transaction.put(entry_key(stream, entry.position), replication::encode(entry));
}

Task<Result<std::uint32_t>> Log::adopt(Transaction& transaction, std::string stream,
                                       std::vector<Entry> entries, Instant now) {
  SLUICE_ASSERT(entries.size() <= kAdoptMax);
  std::string key = stream_key(stream);
  SLUICE_CO_TRY(const auto row, co_await transaction.get(key));
  if (!row) co_return Error{Errc::kNotFound, "log: no such stream"};
  SLUICE_CO_TRY(auto state, decode_stream(row->value));

  SeqSource positions(state.last);
  std::uint32_t fresh = 0;
  for (Entry& entry : entries) {
    std::string by_id = id_key(stream, entry.id);
    SLUICE_CO_TRY(const auto known, co_await transaction.get(by_id));
    if (known) {
      SLUICE_MARK("log_copy_known");
      continue;
    }
    entry.position = positions.next(now);
    SLUICE_ASSERT(entry.position > state.last);
    state.last = entry.position;
    if (!entry.blob.empty()) {
      SLUICE_CO_TRY(co_await store::adopt_blob(transaction, entry.blob));
    } else if (entry.body.size() > replication::kInlineMax) {
      entry.blob = format(Id{.seq = entry.position, .random = entry.id.random});
      store::put_blob(transaction, entry.blob, entry.body);
      entry.body.clear();
    }
    append(transaction, stream, entry);
    transaction.put(by_id, encode_position(entry.position));
    ++fresh;
  }
  if (fresh > 0) transaction.put(key, encode(state));
  co_return fresh;
}

Task<Result<LogPage>> Log::read(Transaction& transaction, Query query) {
  SLUICE_CO_TRY(const auto state, co_await state_for(transaction, query.stream, query.after));
  LogPage page;
  page.next = {
      .stream = query.stream, .history = state.history, .position = state.trimmed, .id = {}};
  if (query.after) {
    page.gap = replication::check_token(*query.after, state);
    if (page.gap != Gap::kNone) co_return page;
    page.next = *query.after;
  }

  const std::string prefix = entries_prefix(query.stream);
  KvRange range;
  range.lo = entry_key(query.stream, page.next.position + 1);
  range.hi = store::end_of(prefix);
  range.limit = std::min<std::uint32_t>(query.limit, kRangeRowsMax);
  SLUICE_CO_TRY(const auto rows, co_await transaction.range(std::move(range)));

  std::size_t bytes = 0;
  for (const KvRow& row : rows.rows) {
    const auto position = position_of(row.key, prefix);
    if (!position) co_return Error{Errc::kCorrupt, "log: an entry's key is not a position"};
    SLUICE_CO_TRY(auto entry, replication::decode_entry(*position, row.entry.value));
    if (!page.entries.empty() && bytes + entry.size > query.bytes_max) break;
    bytes += entry.size;
    page.next.position = *position;
    page.next.id = entry.id;
    page.entries.push_back(std::move(entry));
  }
  page.more = page.next.position < state.last;
  co_return page;
}

Task<Result<Expired>> Log::trim(Transaction& transaction, Instant before, Instant now) {
  KvRange all = store::range_of(std::string(kStreams), kRangeRowsMax);
  SLUICE_CO_TRY(const auto streams, co_await transaction.range(std::move(all)));
  for (const KvRow& row : streams.rows) {
    auto stream = decode_stream(row.entry.value);
    if (!stream.has_value()) continue;  // Its readers are told.
    std::string name = row.key.substr(kStreams.size());
    SLUICE_CO_TRY(const Expired trimmed, co_await trim_stream(transaction, std::move(name),
                                                              *std::move(stream), before, now));
    if (trimmed.count > 0) co_return trimmed;
  }
  co_return Expired{};
}

Task<Result<Audit>> Log::audit(Transaction& transaction, std::string stream) {
  Audit audit;
  std::string key = stream_key(stream);
  SLUICE_CO_TRY(const auto row, co_await transaction.get(key));
  if (!row) co_return audit;
  SLUICE_CO_TRY(const auto state, decode_stream(row->value));

  const std::string prefix = entries_prefix(stream);
  KvRange range = store::range_of(prefix, kRangeRowsMax);
  std::size_t seen = 0;
  while (true) {
    KvRange ask = range;
    SLUICE_CO_TRY(const auto page, co_await transaction.range(std::move(ask)));
    for (const KvRow& found : page.rows) {
      ++seen;
      const auto position = position_of(found.key, prefix);
      if (!position || *position == 0) {
        audit.push_back({found.key, "the key is not a position"});
        continue;
      }
      const auto entry = replication::decode_entry(*position, found.entry.value);
      if (!entry) {
        audit.push_back({found.key, entry.error().context});
        continue;
      }
      if (*position <= state.trimmed) audit.push_back({found.key, "trimmed, yet still here"});
      if (state.last == 0) continue;  // Not a copy: entries are not found by id.
      if (*position > state.last) audit.push_back({found.key, "behind the stream's last position"});
      std::string by_id = id_key(stream, entry->id);
      SLUICE_CO_TRY(const auto index, co_await transaction.get(by_id));
      if (!index) {
        audit.push_back({found.key, "not found by its id"});
        continue;
      }
      const auto back = decode_position(index->value);
      if (!back || *back != *position) audit.push_back({found.key, "its id leads elsewhere"});
    }
    if (!page.next) break;
    if (seen >= kAuditRowsMax) {
      audit.push_back({prefix, "the audit stopped at its bound"});
      break;
    }
    range.lo = *page.next;
  }
  co_return audit;
}

}  // namespace sluice::tables
