#include "tables/refusals.h"

#include "codec/row.h"
#include "doctest/doctest.h"

namespace sluice::tables {
namespace {

TEST_SUITE("tables/refusals") {
  const Refusal kRefusal{.source = "hooks",
                         .installation = "main",
                         .at = {1'760'000'000'000},
                         .reason = "signature_mismatch",
                         .detail = "none of 1 secrets matches",
                         .hints = {{signature::HintKind::kSecretUnusable, "look there"}},
                         .n = 7};

  TEST_CASE("a refusal survives its row") {
    const auto read = decode_refusal("hooks", encode(kRefusal));
    CHECK(read.has_value());
    if (read) CHECK(*read == kRefusal);
  }

  TEST_CASE("a row without hints is one of an older version, and one that breaks off is corrupt") {
    codec::RowWriter row;
    row.u64(7).instant(kRefusal.at).text(kRefusal.reason).text(kRefusal.detail).text("main");
    const auto read = decode_refusal("hooks", row.take());
    CHECK(read.has_value());
    if (read) CHECK(read->hints.empty());

    Bytes bytes = encode(kRefusal);
    bytes.resize(bytes.size() - 1);
    CHECK(decode_refusal("hooks", bytes).error().code == Errc::kCorrupt);
  }
}

}  // namespace
}  // namespace sluice::tables
