#include "crypto/public_signature.h"

#include <string>
#include <vector>

#include "codec/base64.h"
#include "codec/hex.h"
#include "crypto/vectors/keys.h"
#include "doctest/doctest.h"

namespace sluice::crypto {
namespace {

constexpr ByteView kMessage = "signed by OpenSSL";
constexpr PublicAlgorithm kAlgorithms[] = {
    PublicAlgorithm::kEd25519,         PublicAlgorithm::kRsaPkcs1Md5,
    PublicAlgorithm::kRsaPkcs1Sha1,    PublicAlgorithm::kRsaPkcs1Sha256,
    PublicAlgorithm::kRsaPkcs1Sha384,  PublicAlgorithm::kRsaPkcs1Sha512,
    PublicAlgorithm::kRsaPssSha256,    PublicAlgorithm::kRsaPssSha384,
    PublicAlgorithm::kRsaPssSha512,    PublicAlgorithm::kEcdsaP256Sha256,
    PublicAlgorithm::kEcdsaP384Sha384,
};
constexpr EcdsaForm kForms[] = {EcdsaForm::kDer, EcdsaForm::kRaw};

std::vector<std::uint8_t> random_bytes() {
  std::vector<std::uint8_t> bytes;
  for (std::uint8_t i = 0; i < 64; ++i) bytes.push_back(static_cast<std::uint8_t>(i * 37 + 11));
  return bytes;
}

const char* private_key_for(KeyKind kind) {
  switch (kind) {
    case KeyKind::kRsa: return vectors::kRsaPrivate;
    case KeyKind::kP256: return vectors::kP256Private;
    case KeyKind::kP384: return vectors::kP384Private;
    case KeyKind::kEd25519: break;
  }
  return vectors::kEd25519Private;
}

bool accepts(PublicAlgorithm algorithm, const char* key_text, ByteView signature,
             EcdsaForm form = EcdsaForm::kDer) {
  const auto key = parse_public_key(key_text);
  CHECK(key.has_value());
  const ByteView parts[] = {kMessage};
  return key && verify(algorithm, form, *key, parts, signature);
}

Bytes base64(std::string_view text) { return *codec::decode_base64(text); }

Bytes signed_by(PublicAlgorithm algorithm, EcdsaForm form, const char* key_text, ByteView message) {
  const auto key = parse_private_key(key_text);
  CHECK(key.has_value());
  if (!key) return {};
  const ByteView parts[] = {message};
  const auto signature = sign(algorithm, form, *key, parts, random_bytes());
  CHECK(signature.has_value());
  return signature ? *signature : Bytes();
}

TEST_SUITE("crypto/public_signature") {
  TEST_CASE("what OpenSSL signed is accepted") {
    using namespace vectors;
    CHECK(accepts(PublicAlgorithm::kRsaPkcs1Md5, kRsaPublic, base64(kRsaPkcs1Md5)));
    CHECK(accepts(PublicAlgorithm::kRsaPkcs1Sha1, kRsaPublic, base64(kRsaPkcs1Sha1)));
    CHECK(accepts(PublicAlgorithm::kRsaPkcs1Sha256, kRsaPublic, base64(kRsaPkcs1Sha256)));
    CHECK(accepts(PublicAlgorithm::kRsaPkcs1Sha384, kRsaPublic, base64(kRsaPkcs1Sha384)));
    CHECK(accepts(PublicAlgorithm::kRsaPkcs1Sha512, kRsaPublic, base64(kRsaPkcs1Sha512)));
    CHECK(accepts(PublicAlgorithm::kRsaPssSha256, kOddPublic, base64(kOddPss)));
    CHECK(accepts(PublicAlgorithm::kEcdsaP256Sha256, kP256Public, base64(kP256Signature)));
    CHECK(accepts(PublicAlgorithm::kEcdsaP384Sha384, kP384Public, base64(kP384Signature)));
    CHECK(accepts(PublicAlgorithm::kEd25519, kEd25519Public, base64(kEd25519Signature)));
  }

  TEST_CASE("PKCS#1 signs what OpenSSL signs, byte for byte") {
    using namespace vectors;
    const auto der = EcdsaForm::kDer;
    CHECK(signed_by(PublicAlgorithm::kRsaPkcs1Md5, der, kRsaPrivate, kMessage) ==
          base64(kRsaPkcs1Md5));
    CHECK(signed_by(PublicAlgorithm::kRsaPkcs1Sha1, der, kRsaPrivate, kMessage) ==
          base64(kRsaPkcs1Sha1));
    CHECK(signed_by(PublicAlgorithm::kRsaPkcs1Sha256, der, kRsaPrivate, kMessage) ==
          base64(kRsaPkcs1Sha256));
    CHECK(signed_by(PublicAlgorithm::kRsaPkcs1Sha384, der, kRsaPrivate, kMessage) ==
          base64(kRsaPkcs1Sha384));
    CHECK(signed_by(PublicAlgorithm::kRsaPkcs1Sha512, der, kRsaPrivate, kMessage) ==
          base64(kRsaPkcs1Sha512));
    CHECK(signed_by(PublicAlgorithm::kEd25519, der, kEd25519Private, kMessage) ==
          base64(kEd25519Signature));
  }

  TEST_CASE("what is signed is accepted by its own algorithm, key, form and message alone") {
    const auto p256 = parse_public_key(vectors::kP256Public);
    for (const PublicAlgorithm algorithm : kAlgorithms) {
      const char* const text = private_key_for(key_kind(algorithm));
      const auto key = parse_private_key(text);
      CHECK((key.has_value() && p256.has_value()));
      if (!key || !p256) return;
      const ByteView whole[] = {"part and part"};
      const ByteView halves[] = {"part ", "", "and part"};
      const ByteView other[] = {"part and Part"};
      for (const EcdsaForm form : kForms) {
        CAPTURE(static_cast<int>(algorithm));
        const Bytes signature = signed_by(algorithm, form, text, whole[0]);
        CHECK(verify(algorithm, form, public_of(*key), whole, signature));
        CHECK(verify(algorithm, form, public_of(*key), halves, signature));
        CHECK(!verify(algorithm, form, public_of(*key), other, signature));
        for (const PublicAlgorithm another : kAlgorithms) {
          if (another == algorithm) continue;
          CHECK(!verify(another, form, public_of(*key), whole, signature));
        }
        if (key->kind != KeyKind::kP256) continue;
        const EcdsaForm wrong = form == EcdsaForm::kDer ? EcdsaForm::kRaw : EcdsaForm::kDer;
        CHECK(!verify(algorithm, wrong, public_of(*key), whole, signature));
      }
    }
  }

  TEST_CASE("a signature that lost, gained or changed a byte is refused") {
    const PublicAlgorithm one_of_each[] = {
        PublicAlgorithm::kEd25519, PublicAlgorithm::kRsaPkcs1Sha256, PublicAlgorithm::kRsaPssSha256,
        PublicAlgorithm::kEcdsaP256Sha256};
    for (const PublicAlgorithm algorithm : one_of_each) {
      const char* const text = private_key_for(key_kind(algorithm));
      const auto key = parse_private_key(text);
      CHECK(key.has_value());
      if (!key) return;
      const ByteView parts[] = {kMessage};
      const Bytes signature = signed_by(algorithm, EcdsaForm::kDer, text, kMessage);
      const auto accepted = [&](ByteView changed) {
        return verify(algorithm, EcdsaForm::kDer, public_of(*key), parts, changed);
      };
      CHECK(accepted(signature));
      CHECK(!accepted(""));
      CHECK(!accepted(signature + '\0'));
      CHECK(!accepted(Bytes(1, '\0') + signature));
      for (std::size_t i = 0; i < signature.size(); i += 7) {
        CAPTURE(i);
        CHECK(!accepted(ByteView(signature).substr(0, i)));
        Bytes changed = signature;
        changed[i] = static_cast<char>(changed[i] ^ 0x10);
        CHECK(!accepted(changed));
      }
    }
  }

  TEST_CASE("a modulus of 2049 bits leaves PSS a block that is a byte shorter") {
    const PublicAlgorithm algorithms[] = {
        PublicAlgorithm::kRsaPssSha256, PublicAlgorithm::kRsaPssSha384,
        PublicAlgorithm::kRsaPssSha512, PublicAlgorithm::kRsaPkcs1Sha256};
    for (const PublicAlgorithm algorithm : algorithms) {
      // The first bit of such a block is 1 as often as 0.
      const auto key = parse_private_key(vectors::kOddPrivate);
      CHECK(key.has_value());
      if (!key) return;
      auto random = random_bytes();
      for (random[0] = 0; random[0] < 8; ++random[0]) {
        CAPTURE(static_cast<int>(random[0]));
        const ByteView parts[] = {kMessage};
        const auto signature = sign(algorithm, EcdsaForm::kDer, *key, parts, random);
        CHECK((signature.has_value() && signature->size() == 257));
        if (signature) CHECK(accepts(algorithm, vectors::kOddPublic, *signature));
      }
    }
  }

  TEST_CASE("ECDSA signs by RFC 6979") {
    struct Case {
      const char* key;
      PublicAlgorithm algorithm;
      ByteView message;
      const char* raw;
    };
    // Appendices A.2.5 and A.2.6; the keys are their scalars inside of SEC 1.
    constexpr char kP256[] =
        "303102010104 20 c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"
        "a00a06082a8648ce3d030107";
    constexpr char kP384[] =
        "303e02010104 30 6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d8"
        "96d5724e4c70a825f872c9ea60d2edf5a00706052b81040022";
    const Case cases[] = {
        {kP256, PublicAlgorithm::kEcdsaP256Sha256, "sample",
         "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
         "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"},
        {kP256, PublicAlgorithm::kEcdsaP256Sha256, "test",
         "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367"
         "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083"},
        {kP384, PublicAlgorithm::kEcdsaP384Sha384, "sample",
         "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c"
         "81a648152e44acf96e36dd1e80fabe46"
         "99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94f"
         "a329c145786e679e7b82c71a38628ac8"},
    };
    for (const Case& each : cases) {
      std::string hex = each.key;
      std::erase(hex, ' ');
      const Bytes der = *codec::decode_hex(hex, codec::HexCase::kLowerOnly);
      const auto key = parse_private_key(der);
      CHECK(key.has_value());
      if (!key) continue;
      const ByteView parts[] = {each.message};
      const auto raw = sign(each.algorithm, EcdsaForm::kRaw, *key, parts, {});
      CHECK((raw.has_value() && codec::encode_hex(*raw) == each.raw));
    }
  }

  TEST_CASE("a JWS of RFC 7515 and one of RFC 8037 are accepted") {
    const auto es256 = parse_public_key(R"({"kty":"EC","crv":"P-256",
        "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})");
    const auto eddsa = parse_public_key(R"({"kty":"OKP","crv":"Ed25519",
        "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})");
    CHECK((es256.has_value() && eddsa.has_value()));
    if (!es256 || !eddsa) return;
    const ByteView first[] = {"eyJhbGciOiJFUzI1NiJ9", ".",
                              "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
                              "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ"};
    CHECK(verify(PublicAlgorithm::kEcdsaP256Sha256, EcdsaForm::kRaw, *es256, first,
                 *codec::decode_base64("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa"
                                       "8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
                                       codec::kBase64Url)));
    const ByteView second[] = {"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"};
    CHECK(verify(PublicAlgorithm::kEd25519, EcdsaForm::kRaw, *eddsa, second,
                 *codec::decode_base64("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iy"
                                       "lGjg5BhVsPt9g7sVvpAr_MuM0KAg",
                                       codec::kBase64Url)));
  }

  TEST_CASE("a key that is not of the algorithm's kind signs nothing") {
    const auto key = parse_private_key(vectors::kP256Private);
    CHECK(key.has_value());
    if (!key) return;
    const ByteView parts[] = {kMessage};
    for (const PublicAlgorithm algorithm : kAlgorithms) {
      const auto signature = sign(algorithm, EcdsaForm::kDer, *key, parts, random_bytes());
      CHECK(signature.has_value() == (algorithm == PublicAlgorithm::kEcdsaP256Sha256));
    }
    CHECK(!sign_ed25519(*key, parts).has_value());
  }

  TEST_CASE("PSS needs a salt as long as its digest, and each salt makes another signature") {
    const auto key = parse_private_key(vectors::kRsaPrivate);
    CHECK(key.has_value());
    if (!key) return;
    const ByteView parts[] = {kMessage};
    const auto pss = [&](std::span<const std::uint8_t> random) {
      return sign(PublicAlgorithm::kRsaPssSha256, EcdsaForm::kDer, *key, parts, random);
    };
    auto random = random_bytes();
    CHECK(!pss(std::span(random).first(31)).has_value());
    const auto first = pss(std::span(random).first(32));
    random[0] ^= 1;
    const auto second = pss(random);
    CHECK((first.has_value() && second.has_value()));
    if (first && second) CHECK(*first != *second);
  }

  TEST_CASE("an RSA key whose numbers do not belong together signs nothing") {
    for (const auto part : {&PrivateKey::dp, &PrivateKey::dq, &PrivateKey::iq}) {
      auto key = parse_private_key(vectors::kRsaPrivate);
      CHECK(key.has_value());
      if (!key) return;
      Bytes& number = (*key).*part;
      number[number.size() / 2] = static_cast<char>(number[number.size() / 2] ^ 1);
      const ByteView parts[] = {kMessage};
      CHECK(!sign(PublicAlgorithm::kRsaPkcs1Sha256, EcdsaForm::kDer, *key, parts, {}).has_value());
    }
  }
}

}  // namespace
}  // namespace sluice::crypto
