#include "app/rpc.h"

#include "codec/frame.h"
#include "doctest/doctest.h"

namespace sluice::app {
namespace {

std::vector<Refused> examples() {
  return {{.source = "hooks",
           .installation = "main",
           .at = {1'760'000'000'000},
           .reason = "signature_mismatch",
           .detail = "none of 1 secrets matches",
           .hints = {{signature::HintKind::kSecretUnusable, "first"},
                     {signature::HintKind::kSecretUnusable, "second"}}},
          {.source = "other", .at = {1}, .reason = "no_secret", .detail = ""}};
}

TEST_SUITE("app/rpc") {
  TEST_CASE("refusals arrive with their hints") {
    const auto sent = examples();
    const auto received = decode_refusals(encode(sent));
    CHECK(received.has_value());
    if (!received || received->size() != 2) return;
    CHECK((*received)[0].source == "hooks");
    CHECK((*received)[0].at == sent[0].at);
    CHECK((*received)[0].hints == sent[0].hints);
    CHECK((*received)[1].reason == "no_secret");
    CHECK((*received)[1].hints.empty());
  }

  TEST_CASE("a front that knows no hints is understood, and so is what it would read") {
    codec::FrameWriter frame;
    frame.count(1);
    frame.bytes("hooks").bytes("main").f64(1000).bytes("no_secret").bytes("none");
    const Bytes plain = std::move(frame).take();
    auto received = decode_refusals(plain);
    CHECK(received.has_value());
    if (!received || received->size() != 1) return;
    CHECK((*received)[0].hints.empty());
    // The list comes first, as it always did.
    (*received)[0].hints = {{signature::HintKind::kSecretUnusable, "look there"}};
    CHECK(encode(*received).substr(0, plain.size()) == plain);
  }

  TEST_CASE("hints that break off are no message") {
    Bytes bytes = encode(examples());
    bytes.resize(bytes.size() - 1);
    CHECK(!decode_refusals(bytes).has_value());
  }
}

}  // namespace
}  // namespace sluice::app
