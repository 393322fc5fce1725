// The examples of README.md: rows that older versions wrote are read.
#include "codec/hex.h"
#include "doctest/doctest.h"
#include "sync/cursor.h"
#include "sync/reject.h"

namespace sluice::sync {

TEST_SUITE("sync/format") {
  TEST_CASE("a new cursor of format 1") {
    const std::string hex = std::string("010000") + "01000000" + std::string(4 * 8, '0') + "0000" +
                            std::string(2 * 8, '0') + "0000" + std::string(2 * 28, '0');
    CHECK(codec::encode_hex(encode(Cursor{})) == hex);
    const auto row = codec::decode_hex(hex, codec::HexCase::kLowerOnly);
    CHECK(row.has_value());
    if (!row) return;
    const auto cursor = decode_cursor(*row);
    CHECK(cursor.has_value());
    if (cursor.has_value()) CHECK(*cursor == Cursor{});
  }

  TEST_CASE("a reject of format 1") {
    Reject reject;
    reject.reason = Rejection::kTimeMalformed;
    reject.id = "a";
    reject.first_at = Instant{1};
    reject.last_at = Instant{2};
    reject.count = 3;
    reject.size = 2;
    reject.raw = "{}";
    CHECK(codec::encode_hex(encode(reject)) ==
          "0103"
          "0100000061"
          "0100000000000000"
          "0200000000000000"
          "03000000"
          "02000000"
          "020000007b7d");
  }
}

}  // namespace sluice::sync
