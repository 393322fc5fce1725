#include "crypto/private_key.h"

#include <cstddef>
#include <string>

#include "codec/base64.h"
#include "codec/hex.h"
#include "crypto/key_der.h"
#include "crypto/vectors/keys.h"
#include "doctest/doctest.h"

namespace sluice::crypto {
namespace {

// RFC 8037, appendix A.1, and RFC 8032, section 7.1.
constexpr char kSeedHex[] = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
constexpr char kPublicHex[] = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
constexpr char kEdJwk[] = R"({"kty":"OKP","crv":"Ed25519",
      "d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
      "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";
// RFC 7515, appendix A.3.
constexpr char kP256Jwk[] = R"({"kty":"EC","crv":"P-256",
      "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
      "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
      "d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"})";

std::string_view reason(ByteView text) {
  const auto key = parse_private_key(text);
  return key ? "" : key.error().context;
}

Bytes unhex(std::string_view text) { return *codec::decode_hex(text, codec::HexCase::kAny); }

std::string body(std::string pem) {
  const auto begin = pem.find("-----\n") + 6;
  pem = pem.substr(begin, pem.find("-----END") - begin);
  std::string kept;
  for (const char c : pem) {
    if (c != '\n') kept += c;
  }
  return kept;
}

std::string jwk_of(const PrivateKey& key) {
  const auto member = [](std::string_view name, ByteView bytes) {
    return ",\"" + std::string(name) + "\":\"" + codec::encode_base64(bytes, codec::kBase64Url) +
           "\"";
  };
  return R"({"kty":"RSA","d":"AA")" + member("n", key.public_half.a) +
         member("e", key.public_half.b) + member("p", key.p) + member("q", key.q) +
         member("dp", key.dp) + member("dq", key.dq) + member("qi", key.iq) + "}";
}

TEST_SUITE("crypto/private_key") {
  TEST_CASE("each form of a key has the public half that OpenSSL wrote") {
    struct Pair {
      const char* secret;
      const char* half;
    };
    for (const Pair& pair : {Pair{vectors::kRsaPrivate, vectors::kRsaPublic},
                             Pair{vectors::kRsaPrivatePkcs1, vectors::kRsaPublic},
                             Pair{vectors::kOddPrivate, vectors::kOddPublic},
                             Pair{vectors::kP256Private, vectors::kP256Public},
                             Pair{vectors::kP256Sec1, vectors::kP256Public},
                             Pair{vectors::kP384Private, vectors::kP384Public},
                             Pair{vectors::kP384Sec1, vectors::kP384Public},
                             Pair{vectors::kEd25519Private, vectors::kEd25519Public}}) {
      const auto half = parse_public_key(pair.half);
      CHECK(half.has_value());
      for (const std::string& text : {std::string(pair.secret), body(pair.secret),
                                      *codec::decode_base64(body(pair.secret))}) {
        const auto key = parse_private_key(text);
        CHECK(key.has_value());
        if (key && half) CHECK(public_of(*key) == *half);
      }
    }
  }

  TEST_CASE("the seed of Ed25519 is read in each of its forms") {
    const Bytes seed = unhex(kSeedHex);
    const Bytes both = seed + unhex(kPublicHex);
    const std::string forms[] = {
        kSeedHex,
        codec::encode_base64(seed),
        "whsk_" + codec::encode_base64(seed),
        codec::encode_hex(both),
        codec::encode_base64(both),
        "whsk_" + codec::encode_base64(both),
        kEdJwk,
    };
    for (const std::string& text : forms) {
      CAPTURE(text);
      const auto key = parse_private_key(text);
      CHECK((key.has_value() && key->secret == both));
      if (key) CHECK(codec::encode_hex(public_of(*key).a) == kPublicHex);
    }
  }

  TEST_CASE("a seed alone is a seed, and no other key is") {
    const auto seed = parse_ed25519_seed("whsk_" + codec::encode_base64(unhex(kSeedHex)));
    CHECK((seed.has_value() && codec::encode_hex(public_of(*seed).a) == kPublicHex));
    CHECK(!parse_ed25519_seed(vectors::kP256Sec1).has_value());
    CHECK(!parse_ed25519_seed(kEdJwk).has_value());
    CHECK(!parse_ed25519_seed(std::string(62, 'a')).has_value());
  }

  TEST_CASE("a private JWK of each kind is read") {
    CHECK(parse_private_key(kP256Jwk).has_value());
    const auto rsa = parse_private_key(vectors::kRsaPrivate);
    CHECK(rsa.has_value());
    if (!rsa) return;
    const auto jwk = parse_private_key(jwk_of(*rsa));
    CHECK((jwk.has_value() && public_of(*jwk) == public_of(*rsa) && jwk->iq == rsa->iq));
  }

  TEST_CASE("halves that do not belong together are refused") {
    const Bytes seed = unhex(kSeedHex);
    CHECK(reason(codec::encode_hex(seed + Bytes(32, 'x'))) ==
          "the second half of the key is not its public key");
    std::string jwk = kEdJwk;
    jwk.replace(jwk.find("11qY"), 4, "21qY");
    CHECK(reason(jwk) == "the public half is not of the private one");

    auto rsa = parse_private_key(vectors::kRsaPrivate);
    auto odd = parse_private_key(vectors::kOddPrivate);
    CHECK((rsa.has_value() && odd.has_value()));
    if (!rsa || !odd) return;
    std::swap(rsa->p, odd->p);
    CHECK(reason(jwk_of(*rsa)) == "the primes of the RSA key are not of its modulus");
    CHECK(reason(jwk_of(*odd)) == "the primes of the RSA key are not of its modulus");
    // The second half inside of SEC 1: the last byte of the point.
    Bytes der = *codec::decode_base64(body(vectors::kP256Sec1));
    der.back() = static_cast<char>(der.back() ^ 1);
    CHECK(reason(der) == "the public half is not of the private one");
  }

  TEST_CASE("a scalar is at least 1 and below its curve's order") {
    constexpr std::string_view kOrder =
        "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    const auto with_scalar = [](ByteView scalar) {
      Bytes der = *codec::decode_base64(body(vectors::kP256Sec1));
      return der.replace(7, 32, scalar);
    };
    const auto context = "the private key is not in its curve's range";
    CHECK(reason(with_scalar(Bytes(32, '\0'))) == context);
    CHECK(reason(with_scalar(unhex(kOrder))) == context);
    CHECK(reason(with_scalar(Bytes(32, '\xff'))) == context);
    Bytes last = unhex(kOrder);
    last.back() = static_cast<char>(last.back() - 1);
    CHECK(reason(with_scalar(last)) == "the public half is not of the private one");
  }

  TEST_CASE("what cannot sign is refused with its reason") {
    CHECK(reason(vectors::kRsaEncrypted) == "an encrypted private key: decrypt it first");
    CHECK(reason(vectors::kRsaEncryptedPkcs1) ==
          "a PEM block with header lines, or encrypted: not supported");
    CHECK(reason(vectors::kRsaPublic) == "no PEM block with a private key");
    CHECK(reason("whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw") ==
          "a public key where a private key belongs");
    CHECK(reason(R"({"kty":"RSA","n":"","e":"","d":""})") == "an RSA key of less than 2048 bits");
    CHECK(reason(R"({"kty":"OKP","crv":"Ed25519","x":""})") ==
          "the JWK lacks a member of its key type");
    CHECK(reason("") == "the key is empty");
    CHECK(reason(std::string(64, 'g')) ==
          "a private Ed25519 key has 32 bytes, or 64 with its public key");
  }

  TEST_CASE("every cut of a key is refused") {
    for (const char* const pem : {vectors::kRsaPrivatePkcs1, vectors::kP256Private,
                                  vectors::kP256Sec1, vectors::kEd25519Private}) {
      const Bytes der = *codec::decode_base64(body(pem));
      for (std::size_t size = 0; size < der.size(); ++size) {
        // A seed is as long as some cuts.
        const auto key = parse_private_key(der.substr(0, size));
        CHECK(!key.has_value());
      }
      CHECK(!parse_private_key(der + '\0').has_value());
    }
  }
}

}  // namespace
}  // namespace sluice::crypto
