#include "sync/cursor.h"

#include <string>

#include "doctest/doctest.h"
#include "sync/reject.h"

using namespace sluice;
using namespace sluice::sync;

namespace {

constexpr WindowPolicy kPolicy{
    .overlap = {5}, .settle = {10}, .span_max = {100}, .backfill = {1000}};

Cursor full_cursor() {
  Cursor cursor;
  cursor.synced_to = Instant{1000};
  cursor.window = Window{{995}, {1100}};
  cursor.place = {.page = 3, .url = "https://a/", .offset = 4, .digest = "d", .page_before = "e"};
  cursor.lease = Lease{.epoch = 2, .id = {.seq = 3, .random = 4}, .until = {2000}};
  cursor.due = Instant{2000};
  cursor.failures = 1;
  cursor.reason = "throttled";
  cursor.ran_at = Instant{1500};
  cursor.clean_at = Instant{1400};
  cursor.published = 10;
  cursor.known = 11;
  cursor.rejected = 12;
  cursor.rejects_kept = 5;
  return cursor;
}

}  // namespace

TEST_SUITE("sync/cursor") {
  TEST_CASE("a cursor is read back as it was written") {
    for (const Cursor& cursor : {Cursor{}, full_cursor()}) {
      const auto read = decode_cursor(encode(cursor));
      CHECK(read.has_value());
      if (read.has_value()) CHECK(*read == cursor);
    }
  }

  TEST_CASE("a cut, changed or newer row is reported and never guessed at") {
    const Bytes row = encode(full_cursor());
    for (std::size_t size = 0; size < row.size(); ++size) {
      CHECK(!decode_cursor(row.substr(0, size)).has_value());
    }
    Bytes newer = row;
    newer[0] = 9;
    const auto read = decode_cursor(newer);
    CHECK(!read.has_value());
    if (!read.has_value()) CHECK(read.error().code == Errc::kUnknownFormat);
    Cursor past = full_cursor();
    past.synced_to = Instant{1100};
    CHECK(!decode_cursor(encode(past)).has_value());
  }

  TEST_CASE("the cursor moves to the window's end, and only when the window is done") {
    Cursor cursor;
    cursor.synced_to = Instant{1000};
    CHECK(begin(cursor, Instant{1050}, kPolicy) == Begun::kReading);
    CHECK(cursor.window == Window{{995}, {1040}});
    page_done(cursor, "");
    page_done(cursor, "https://a/next");
    CHECK(cursor.synced_to == Instant{1000});
    CHECK(cursor.place.page == 3);
    CHECK(cursor.place.url == "https://a/next");
    window_done(cursor, Instant{1060});
    CHECK(cursor.synced_to == Instant{1040});
    CHECK(!cursor.window);
    CHECK(cursor.place == Place{});
    CHECK(cursor.clean_at == Instant{1060});
    CHECK(begin(cursor, Instant{1050}, kPolicy) == Begun::kNothingToRead);
  }

  TEST_CASE("an open window stays what it was, whatever the clock says") {
    Cursor cursor;
    cursor.synced_to = Instant{1000};
    (void)begin(cursor, Instant{1050}, kPolicy);
    const auto window = cursor.window;
    CHECK(begin(cursor, Instant{5000}, kPolicy) == Begun::kReading);
    CHECK(cursor.window == window);
  }

  TEST_CASE("a failure holds the cursor and counts; a page that is read counts as well") {
    Cursor cursor;
    cursor.synced_to = Instant{1000};
    (void)begin(cursor, Instant{1050}, kPolicy);
    page_done(cursor, "");
    fail(cursor, "throttled", Keep::kPlace);
    CHECK(cursor.synced_to == Instant{1000});
    CHECK(cursor.place.page == 2);
    CHECK(cursor.failures == 1);
    CHECK(cursor.reason == "throttled");
    fail(cursor, "page_is_html", Keep::kNothing);
    CHECK(cursor.place == Place{});
    CHECK(cursor.failures == 2);
    CHECK(cursor.window.has_value());
    page_done(cursor, "");
    CHECK(cursor.failures == 0);
    CHECK(cursor.reason.empty());
  }

  TEST_CASE("a lease counts in its own epoch, until its time, and not from the far future") {
    Cursor cursor;
    CHECK(!is_leased(cursor, 2, Instant{0}, Duration{100}));
    cursor.lease = Lease{.epoch = 2, .id = {}, .until = {1000}};
    CHECK(is_leased(cursor, 2, Instant{950}, Duration{100}));
    CHECK(!is_leased(cursor, 3, Instant{950}, Duration{100}));
    CHECK(!is_leased(cursor, 2, Instant{1000}, Duration{100}));
    CHECK(!is_leased(cursor, 2, Instant{899}, Duration{100}));
  }

  TEST_CASE("a reset forgets the place and keeps the counts") {
    Cursor cursor = full_cursor();
    reset(cursor);
    CHECK(!cursor.synced_to);
    CHECK(!cursor.window);
    CHECK(!cursor.lease);
    CHECK(cursor.published == 10);
    CHECK(cursor.rejects_kept == 5);
  }
}

TEST_SUITE("sync/reject") {
  TEST_CASE("a reject keeps its reason and the front of its bytes, and counts") {
    const std::string raw(kRejectBytesMax + 1, 'x');
    const Record record{.rejection = Rejection::kTimeMalformed, .id = "a", .time = {}, .raw = raw};
    Reject reject = make_reject(record, Instant{5});
    CHECK(reject.raw.size() == kRejectBytesMax);
    CHECK(reject.size == raw.size());
    count_again(reject, Instant{9});
    CHECK(reject.count == 2);
    CHECK(reject.first_at == Instant{5});
    CHECK(reject.last_at == Instant{9});
    const auto read = decode_reject(encode(reject));
    CHECK(read.has_value());
    if (read.has_value()) CHECK(*read == reject);
    CHECK(!decode_reject(encode(reject).substr(0, 20)).has_value());
  }
}
