#include "crypto/hash.h"

#include <string>

#include "codec/hex.h"
#include "doctest/doctest.h"

namespace sluice::crypto {
namespace {

std::string hex(HashKind kind, ByteView bytes) {
  return codec::encode_hex(digest(kind, bytes).view());
}

constexpr std::string_view kTwoBlocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";

TEST_SUITE("crypto/hash") {
  // FIPS 180-4, the examples of NIST.
  TEST_CASE("the published digests of SHA-1 come out") {
    CHECK(hex(HashKind::kSha1, "") == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
    CHECK(hex(HashKind::kSha1, "abc") == "a9993e364706816aba3e25717850c26c9cd0d89d");
    CHECK(hex(HashKind::kSha1, kTwoBlocks) == "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
  }

  TEST_CASE("the published digests of SHA-256 come out") {
    CHECK(hex(HashKind::kSha256, "") ==
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(hex(HashKind::kSha256, "abc") ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(hex(HashKind::kSha256, kTwoBlocks) ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK(hex(HashKind::kSha256, std::string(1'000'000, 'a')) ==
          "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  }

  TEST_CASE("the published digest of SHA-512 comes out") {
    CHECK(hex(HashKind::kSha512, "abc") ==
          "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
          "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
  }

  TEST_CASE("the published digest of SHA-384 comes out") {
    CHECK(hex(HashKind::kSha384, "abc") ==
          "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
          "8086072ba1e7cc2358baeca134c825a7");
  }

  // RFC 1321, appendix A.5.
  TEST_CASE("the published digests of MD5 come out") {
    CHECK(hex(HashKind::kMd5, "") == "d41d8cd98f00b204e9800998ecf8427e");
    CHECK(hex(HashKind::kMd5, "message digest") == "f96b697d7cb7938d525a2f31aaf161d0");
  }

  TEST_CASE("where a stream is cut does not matter") {
    const std::string bytes(300, 'x');
    for (const HashKind kind : {HashKind::kMd5, HashKind::kSha1, HashKind::kSha256,
                                HashKind::kSha384, HashKind::kSha512}) {
      for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        Hash hash(kind);
        hash.update(ByteView(bytes).substr(0, cut));
        hash.update(ByteView(bytes).substr(cut));
        CHECK(hash.finish().view() == digest(kind, bytes).view());
      }
    }
  }

  TEST_CASE("a copy continues the stream on its own") {
    Hash first(HashKind::kSha256);
    first.update("ab");
    Hash second = first;
    first.update("c");
    second.update("d");
    CHECK(first.finish().view() == digest(HashKind::kSha256, "abc").view());
    CHECK(second.finish().view() == digest(HashKind::kSha256, "abd").view());
  }

  TEST_CASE("the typed SHA-256 is the same function") {
    Sha256 hash;
    hash.update("a");
    hash.update("bc");
    CHECK(view(hash.finish()) == digest(HashKind::kSha256, "abc").view());
    CHECK(sha256("abc").size() == 32);
  }
}

}  // namespace
}  // namespace sluice::crypto
