#include "signature/keys.h"

#include <string>

#include "codec/base64.h"
#include "codec/hex.h"
#include "crypto/vectors/keys.h"
#include "doctest/doctest.h"

namespace sluice::signature {
namespace {

namespace vectors = crypto::vectors;

Scheme scheme_of(KeyForm form, std::string prefix = "") {
  Scheme scheme;
  scheme.key = {.form = form, .prefix = std::move(prefix)};
  return scheme;
}

std::string mac_of(const Key& key) {
  crypto::Hmac mac(*key.hmac);
  mac.update("message");
  return Bytes(mac.finish().view());
}

// Whether the secret stands for these bytes.
bool stands_for(const Scheme& scheme, std::string_view secret, std::string_view bytes) {
  const Keys keys = prepare(scheme, {{.value = Bytes(secret)}});
  if (keys.usable.size() != 1) return false;
  const auto expected = crypto::hmac(crypto::HashKind::kSha256, bytes, "message");
  return mac_of(keys.usable[0]) == expected.view();
}

std::string_view fault(const Scheme& scheme, std::string_view secret) {
  const Keys keys = prepare(scheme, {{.value = Bytes(secret)}});
  return keys.faults.empty() ? "none" : keys.faults[0].why;
}

TEST_SUITE("signature/keys") {
  TEST_CASE("a secret's text in each form") {
    CHECK(stands_for(scheme_of(KeyForm::kUtf8), "s3cret", "s3cret"));
    CHECK(stands_for(scheme_of(KeyForm::kUtf8, "whsec_"), "whsec_s3cret", "s3cret"));
    CHECK(stands_for(scheme_of(KeyForm::kUtf8, "whsec_"), "s3cret", "s3cret"));
    CHECK(stands_for(scheme_of(KeyForm::kBase64), "czNjcmV0", "s3cret"));
    CHECK(stands_for(scheme_of(KeyForm::kBase64), "czNjcmU", "s3cre"));  // Unpadded.
    CHECK(stands_for(scheme_of(KeyForm::kHex), "733363726574", "s3cret"));
    CHECK(stands_for(scheme_of(KeyForm::kHex), "73336372657A", "s3crez"));
    CHECK(stands_for(scheme_of(KeyForm::kSha1), "s3cret",
                     crypto::digest(crypto::HashKind::kSha1, "s3cret").view()));
    CHECK(stands_for(scheme_of(KeyForm::kSha256Hex), "s3cret",
                     codec::encode_hex(crypto::view(crypto::sha256("s3cret")))));
  }

  TEST_CASE("a secret without the form is not used, and says why") {
    CHECK(fault(scheme_of(KeyForm::kBase64), "no base64!") == "the secret is not base64");
    CHECK(fault(scheme_of(KeyForm::kHex), "abc") == "the secret is not hex");
    CHECK(fault(scheme_of(KeyForm::kUtf8), "") == "the secret is empty");
    CHECK(fault(scheme_of(KeyForm::kUtf8, "whsec_"), "whsec_") == "the secret is empty");
    CHECK(fault(scheme_of(KeyForm::kSha1), "") == "the secret is empty");
  }

  TEST_CASE("a key's validity is the tighter of its secret's and its certificate's") {
    Secret secret{.value = "s", .not_before = Instant{10}, .not_after = Instant{20}};
    const Keys keys = prepare(scheme_of(KeyForm::kUtf8), {secret});
    CHECK(keys.usable.size() == 1);
    if (keys.usable.empty()) return;
    CHECK_FALSE(is_valid_at(keys.usable[0], Instant{9}));
    CHECK(is_valid_at(keys.usable[0], Instant{10}));
    CHECK(is_valid_at(keys.usable[0], Instant{20}));
    CHECK_FALSE(is_valid_at(keys.usable[0], Instant{21}));
  }

  TEST_CASE("the text of a public key never becomes the secret of an HMAC") {
    Scheme scheme;
    scheme.family = Family::kJwt;
    scheme.jwt.algorithms = {Algorithm::kHmacSha256, Algorithm::kRsaPkcs1Sha256};
    const Keys keys = prepare(scheme, {{.value = vectors::kRsaPublic}, {.value = "secret"}});
    CHECK(keys.usable.size() == 1);
    CHECK(keys.unusable == 1);
    if (!keys.usable.empty()) CHECK_FALSE(keys.usable[0].hmac.has_value());
  }
}

TEST_SUITE("signature/key_cache") {
  TEST_CASE("a key that was parsed is found again") {
    KeyCache cache;
    const auto first = cache.public_key(vectors::kP256Public);
    const auto again = cache.public_key(vectors::kP256Public);
    CHECK(first.has_value());
    if (!first || !again) return;
    CHECK(first->get() == again->get());
    CHECK(cache.size() == 1);
    CHECK_FALSE(cache.public_key("no key").has_value());
    CHECK(cache.size() == 1);
  }

  TEST_CASE("two keys whose texts begin alike are two keys") {
    KeyCache cache;
    std::string other = vectors::kRsaPublic;
    const std::string begin = other.substr(0, 60);
    const std::size_t at = other.find("\n-----END") - 12;
    other[at] = other[at] == 'A' ? 'B' : 'A';
    const auto one = cache.public_key(vectors::kRsaPublic);
    const auto two = cache.public_key(other);
    CHECK(other.substr(0, 60) == begin);
    CHECK(one.has_value());
    CHECK(two.has_value());
    if (one && two) CHECK((*one)->a + (*one)->b != (*two)->a + (*two)->b);
  }

  TEST_CASE("the one that was not used for the longest goes first") {
    KeyCache cache;
    const auto raw = [](std::size_t n) {
      Bytes key(32, '\x42');
      key[0] = static_cast<char>(n);
      return codec::encode_hex(key);
    };
    const auto first = cache.public_key(raw(0));
    CHECK(first.has_value());
    for (std::size_t n = 1; n < kCachedKeysMax; ++n) (void)cache.public_key(raw(n));
    CHECK(cache.size() == kCachedKeysMax);
    (void)cache.public_key(raw(0));
    (void)cache.public_key(raw(kCachedKeysMax));
    CHECK(cache.size() == kCachedKeysMax);
    const auto again = cache.public_key(raw(0));
    if (first && again) CHECK(first->get() == again->get());
  }

  TEST_CASE("after a rotation the old key is forgotten") {
    KeyCache cache;
    (void)cache.public_key(vectors::kP256Public);
    (void)cache.public_key(vectors::kP384Public);
    cache.keep_only({vectors::kP384Public});
    CHECK(cache.size() == 1);
    cache.keep_only({});
    CHECK(cache.size() == 0);
  }

  TEST_CASE("preparing with a cache gives the same keys") {
    Scheme scheme;
    scheme.family = Family::kAsymmetric;
    scheme.algorithm = Algorithm::kEcdsaP256Sha256;
    KeyCache cache;
    const std::vector<Secret> secrets = {{.value = vectors::kP256Public}};
    const Keys cached = prepare(scheme, secrets, cache);
    const Keys again = prepare(scheme, secrets, cache);
    const Keys without = prepare(scheme, secrets);
    CHECK(cached.usable.size() == 1);
    if (cached.usable.empty() || again.usable.empty() || without.usable.empty()) return;
    CHECK(cached.usable[0].public_key == again.usable[0].public_key);
    CHECK(*cached.usable[0].public_key == *without.usable[0].public_key);
  }
}

}  // namespace
}  // namespace sluice::signature
