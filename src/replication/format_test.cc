// The examples of README.md: rows that older versions wrote are read.
#include "codec/hex.h"
#include "doctest/doctest.h"
#include "replication/entry.h"
#include "replication/link.h"

namespace sluice::replication {

TEST_SUITE("replication/format") {
  TEST_CASE("a new link of format 1") {
    const std::string hex = std::string("010100") + "00000000" + "00" + "00000000" + "00000000" +
                            "0000" + std::string(2 * 16, '0');
    CHECK(codec::encode_hex(encode(Link{})) == hex);
    const auto row = codec::decode_hex(hex, codec::HexCase::kLowerOnly);
    CHECK(row.has_value());
    if (!row) return;
    const auto link = decode_link(*row);
    CHECK(link.has_value());
    if (link.has_value()) CHECK(*link == Link{});
  }

  TEST_CASE("an entry of format 1") {
    Entry entry;
    entry.id = {.seq = 1, .random = 2};
    entry.received_at = Instant{3};
    entry.source = "s";
    entry.content_type = "t";
    entry.body = "{}";
    entry.size = 2;
    CHECK(codec::encode_hex(encode(entry)) ==
          "01"
          "01000000000000000200000000000000"
          "0300000000000000"
          "0100000073"
          "0100000074"
          "020000007b7d"
          "00000000"
          "02000000");
  }
}

}  // namespace sluice::replication
