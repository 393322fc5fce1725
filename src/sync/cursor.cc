#include "sync/cursor.h"

#include <limits>
#include <utility>

#include "base/assert.h"
#include "codec/row.h"

namespace sluice::sync {
namespace {

void write(codec::RowWriter& row, const std::optional<Window>& window) {
  row.flag(window.has_value());
  if (window) row.instant(window->begin).instant(window->end);
}

std::optional<Window> read_window(codec::RowReader& row) {
  if (!row.flag()) return std::nullopt;
  Window window;
  window.begin = row.instant();
  window.end = row.instant();
  return window;
}

void write(codec::RowWriter& row, const Place& place) {
  row.u32(place.page).text(place.url).u32(place.offset);
  row.text(place.digest).text(place.page_before);
}

Place read_place(codec::RowReader& row) {
  Place place;
  place.page = row.u32();
  place.url = row.text();
  place.offset = row.u32();
  place.digest = row.text();
  place.page_before = row.text();
  return place;
}

void write(codec::RowWriter& row, const std::optional<Lease>& lease) {
  row.flag(lease.has_value());
  if (lease) row.u64(lease->epoch).id(lease->id).instant(lease->until);
}

std::optional<Lease> read_lease(codec::RowReader& row) {
  if (!row.flag()) return std::nullopt;
  Lease lease;
  lease.epoch = row.u64();
  lease.id = row.id();
  lease.until = row.instant();
  return lease;
}

}  // namespace

Bytes encode(const Cursor& cursor) {
  codec::RowWriter row;
  row.optional_instant(cursor.synced_to);
  write(row, cursor.window);
  write(row, cursor.place);
  write(row, cursor.lease);
  row.optional_instant(cursor.due).u32(cursor.failures).text(cursor.reason);
  row.optional_instant(cursor.ran_at).optional_instant(cursor.clean_at);
  row.u64(cursor.published).u64(cursor.known).u64(cursor.rejected).u32(cursor.rejects_kept);
  return row.take();
}

Result<Cursor> decode_cursor(ByteView bytes) {
  codec::RowReader row(bytes);
  Cursor cursor;
  cursor.synced_to = row.optional_instant();
  cursor.window = read_window(row);
  cursor.place = read_place(row);
  cursor.lease = read_lease(row);
  cursor.due = row.optional_instant();
  cursor.failures = row.u32();
  cursor.reason = row.text();
  cursor.ran_at = row.optional_instant();
  cursor.clean_at = row.optional_instant();
  cursor.published = row.u64();
  cursor.known = row.u64();
  cursor.rejected = row.u64();
  cursor.rejects_kept = row.u32();
  SLUICE_TRY(row.end());
  if (cursor.window && cursor.window->begin >= cursor.window->end) {
    return Error{Errc::kCorrupt, "cursor: its window ends before it begins"};
  }
  if (cursor.window && cursor.synced_to && *cursor.synced_to >= cursor.window->end) {
    return Error{Errc::kCorrupt, "cursor: it is past its window"};
  }
  if (cursor.place.page == 0) return Error{Errc::kCorrupt, "cursor: page 0"};
  return cursor;
}

bool is_leased(const Cursor& cursor, std::uint64_t epoch, Instant now, Duration lease_max) {
  if (!cursor.lease || cursor.lease->epoch != epoch) return false;
  return now < cursor.lease->until && cursor.lease->until - now <= lease_max;
}

Begun begin(Cursor& cursor, Instant now, const WindowPolicy& policy) {
  if (cursor.window) return Begun::kReading;
  cursor.window = next_window(cursor.synced_to, now, policy);
  cursor.place = Place{};
  return cursor.window ? Begun::kReading : Begun::kNothingToRead;
}

void page_done(Cursor& cursor, std::string next_url) {
  SLUICE_ASSERT(cursor.window.has_value());
  SLUICE_ASSERT(cursor.place.page < std::numeric_limits<std::uint32_t>::max());
  std::string read = std::move(cursor.place.digest);
  cursor.place = Place{.page = cursor.place.page + 1,
                       .url = std::move(next_url),
                       .offset = 0,
                       .digest = {},
                       .page_before = std::move(read)};
  cursor.failures = 0;
  cursor.reason.clear();
}

void window_done(Cursor& cursor, Instant now) {
  SLUICE_ASSERT(cursor.window.has_value());
  SLUICE_ASSERT(!cursor.synced_to || *cursor.synced_to < cursor.window->end);
  cursor.synced_to = cursor.window->end;
  cursor.window.reset();
  cursor.place = Place{};
  cursor.clean_at = now;
  cursor.failures = 0;
  cursor.reason.clear();
}

void fail(Cursor& cursor, std::string_view reason, Keep keep) {
  if (keep == Keep::kNothing) cursor.place = Place{};
  if (cursor.failures < std::numeric_limits<std::uint32_t>::max()) ++cursor.failures;
  cursor.reason = std::string(reason);
}

void reset(Cursor& cursor) {
  cursor.synced_to.reset();
  cursor.window.reset();
  cursor.place = Place{};
  cursor.lease.reset();
  cursor.failures = 0;
  cursor.reason.clear();
}

}  // namespace sluice::sync
