#include "crypto/hmac.h"

#include <string>

#include "codec/hex.h"
#include "doctest/doctest.h"

namespace sluice::crypto {
namespace {

std::string hex(HashKind kind, ByteView key, ByteView message) {
  return codec::encode_hex(hmac(kind, key, message).view());
}

struct Case {
  std::string key;
  std::string message;
  std::string_view sha256;
  std::string_view sha512;
};

std::string counted(int from, int to) {
  std::string bytes;
  for (int i = from; i <= to; ++i) bytes += static_cast<char>(i);
  return bytes;
}

TEST_SUITE("crypto/hmac") {
  TEST_CASE("the vectors of RFC 4231 come out") {
    const Case cases[] = {
        {std::string(20, '\x0b'), "Hi There",
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
         "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
         "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854"},
        {"Jefe", "what do ya want for nothing?",
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
         "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
         "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"},
        {std::string(20, '\xaa'), std::string(50, '\xdd'),
         "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
         "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39"
         "bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb"},
        {counted(1, 25), std::string(50, '\xcd'),
         "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
         "b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3db"
         "a91ca5c11aa25eb4d679275cc5788063a5f19741120c4f2de2adebeb10a298dd"},
        {std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
         "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
         "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598"},
        {std::string(131, '\xaa'),
         "This is a test using a larger than block-size key and a larger than block-size data. "
         "The key needs to be hashed before being used by the HMAC algorithm.",
         "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
         "e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944"
         "b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58"},
    };
    for (const Case& each : cases) {
      CHECK(hex(HashKind::kSha256, each.key, each.message) == each.sha256);
      CHECK(hex(HashKind::kSha512, each.key, each.message) == each.sha512);
    }
  }

  TEST_CASE("the vectors of RFC 2202 come out") {
    CHECK(hex(HashKind::kSha1, std::string(20, '\x0b'), "Hi There") ==
          "b617318655057264e28bc0b6fb378c8ef146be00");
    CHECK(hex(HashKind::kSha1, "Jefe", "what do ya want for nothing?") ==
          "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    CHECK(hex(HashKind::kSha1, std::string(20, '\xaa'), std::string(50, '\xdd')) ==
          "125d7342b9ac11cd91a39af48aa17b4f63f175d3");
    CHECK(hex(HashKind::kSha1, counted(1, 25), std::string(50, '\xcd')) ==
          "4c9007f4026250c6bc8414f9bf50c86c2d7235da");
    CHECK(hex(HashKind::kSha1, std::string(80, '\xaa'),
              "Test Using Larger Than Block-Size Key - Hash Key First") ==
          "aa4ae5e15272d00e95705637ce8a3b55ed402112");
    CHECK(hex(HashKind::kSha1, std::string(80, '\xaa'),
              "Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data") ==
          "e8e99d0f45237d786d6bbaa7965c7808bbff1a91");
  }

  TEST_CASE("a prepared key can be used again") {
    const HmacKey key(HashKind::kSha256, "Jefe");
    for (int i = 0; i < 3; ++i) {
      Hmac mac(key);
      mac.update("what do ya want ");
      mac.update("for nothing?");
      CHECK(mac.finish().view() ==
            hmac(HashKind::kSha256, "Jefe", "what do ya want for nothing?").view());
    }
  }

  TEST_CASE("a key of exactly one block is taken as it is, and one byte more is hashed") {
    const std::string block(64, 'k');
    const std::string more(65, 'k');
    const std::string hashed(digest(HashKind::kSha256, more).view());
    CHECK(hex(HashKind::kSha256, more, "m") == hex(HashKind::kSha256, hashed, "m"));
    CHECK(hex(HashKind::kSha256, block, "m") != hex(HashKind::kSha256, block + '\0', "m"));
  }
}

}  // namespace
}  // namespace sluice::crypto
