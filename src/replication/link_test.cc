#include "replication/link.h"

#include "doctest/doctest.h"
#include "replication/entry.h"

using namespace sluice;
using namespace sluice::replication;

namespace {

Token at(Position position, std::uint64_t history = 1) {
  return {.stream = "events",
          .history = {.seq = history, .random = 0},
          .position = position,
          .id = {.seq = position, .random = 7}};
}

}  // namespace

TEST_SUITE("replication/link") {
  TEST_CASE("the checkpoint only moves forward, within one history") {
    Link link;
    CHECK(advance(link, at(5)) == Advance::kMoved);
    CHECK(advance(link, at(5)) == Advance::kSame);
    CHECK(advance(link, at(4)) == Advance::kBackwards);
    CHECK(advance(link, at(9, 2)) == Advance::kOtherPast);
    Token other_stream = at(9);
    other_stream.stream = "else";
    CHECK(advance(link, other_stream) == Advance::kOtherPast);
    Token other_entry = at(5);
    other_entry.id = {};
    CHECK(advance(link, other_entry) == Advance::kBackwards);
    CHECK(link.applied == at(5));
    CHECK(advance(link, at(6)) == Advance::kMoved);
    CHECK(link.applied == at(6));
  }

  TEST_CASE("a gap stops the link until it is repaired") {
    Link link;
    link.due = Instant{5};
    (void)advance(link, at(5));
    stop(link, Gap::kHistory);
    CHECK(link.status == LinkStatus::kGap);
    CHECK(!link.due);
    CHECK(status_name(link) == "history_changed");
    CHECK(link.applied == at(5));
    repair(link);
    CHECK(link.status == LinkStatus::kLive);
    CHECK(status_name(link) == "live");
    CHECK(!link.applied);
  }

  TEST_CASE("a link is read back as it was written") {
    Link link;
    link.applied = at(5);
    link.due = Instant{9};
    link.failures = 2;
    link.reason = "timeout";
    link.ran_at = Instant{1};
    link.caught_up_at = Instant{2};
    link.copied = 3;
    link.known = 4;
    Link stopped = link;
    stop(stopped, Gap::kTooOld);
    for (const Link& each : {Link{}, link, stopped}) {
      const auto read = decode_link(encode(each));
      CHECK(read.has_value());
      if (read.has_value()) CHECK(*read == each);
      const Bytes row = encode(each);
      for (std::size_t size = 0; size < row.size(); ++size) {
        CHECK(!decode_link(row.substr(0, size)).has_value());
      }
    }
  }

  TEST_CASE("a row that contradicts itself is corrupt") {
    Link link;
    link.status = LinkStatus::kGap;
    CHECK(!decode_link(encode(link)).has_value());
    link.status = LinkStatus::kLive;
    link.gap = Gap::kHistory;
    CHECK(!decode_link(encode(link)).has_value());
  }
}

TEST_SUITE("replication/entry") {
  TEST_CASE("an entry is read back as it was written, its bytes untouched") {
    Entry entry;
    entry.position = 7;
    entry.id = {.seq = 1, .random = 2};
    entry.received_at = Instant{3};
    entry.source = "github";
    entry.content_type = "application/json";
    entry.body = Bytes("\0\xff{}", 4);
    entry.size = 4;
    const auto read = decode_entry(7, encode(entry));
    CHECK(read.has_value());
    if (read.has_value()) CHECK(*read == entry);
    entry.size = 5;
    CHECK(!decode_entry(7, encode(entry)).has_value());
    entry.blob = "b";
    CHECK(!decode_entry(7, encode(entry)).has_value());
    entry.body.clear();
    CHECK(decode_entry(7, encode(entry)).has_value());
  }
}
