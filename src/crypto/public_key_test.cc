#include "crypto/public_key.h"

#include <cstddef>
#include <string>

#include "codec/base64.h"
#include "codec/hex.h"
#include "crypto/der.h"
#include "crypto/key_der.h"
#include "crypto/vectors/certificates.h"
#include "crypto/vectors/keys.h"
#include "doctest/doctest.h"

namespace sluice::crypto {
namespace {

using namespace std::string_view_literals;

// RFC 8037, appendix A.1.
constexpr char kEdHex[] = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
constexpr char kEdJwk[] =
    R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";
// RFC 7515, appendix A.3.
constexpr char kP256Jwk[] = R"({"kty":"EC","crv":"P-256",
      "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
      "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})";

std::string_view reason(ByteView text) {
  const auto key = parse_public_key(text);
  return key ? "" : key.error().context;
}

// The base64 between the lines of a PEM.
std::string body(std::string pem) {
  const auto begin = pem.find("-----\n") + 6;
  pem = pem.substr(begin, pem.find("-----END") - begin);
  std::string kept;
  for (const char c : pem) {
    if (c != '\n') kept += c;
  }
  return kept;
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
    text.replace(at, what.size(), with);
    at += with.size();
  }
  return text;
}

Bytes spki_of_rsa(ByteView n, ByteView e) {
  const Bytes key = encode_der(der::kSequence, encode_der_unsigned(n) + encode_der_unsigned(e));
  const Bytes algorithm =
      encode_der(der::kSequence, encode_der(der::kOid, oid::kRsa) + Bytes("\x05\x00"sv));
  return encode_der(der::kSequence, algorithm + encode_der(der::kBitString, Bytes("\0"sv) + key));
}

TEST_SUITE("crypto/public_key") {
  TEST_CASE("RSA is read as a key of any algorithm and as its own") {
    const auto spki = parse_public_key(vectors::kRsaPublic);
    const auto pkcs1 = parse_public_key(vectors::kRsaPublicPkcs1);
    CHECK((spki.has_value() && pkcs1.has_value()));
    if (!spki || !pkcs1) return;
    CHECK(*spki == *pkcs1);
    CHECK(spki->kind == KeyKind::kRsa);
    CHECK(bit_length(spki->a) == 2048);
    CHECK(spki->b == "\x01\x00\x01"sv);
    CHECK(!spki->not_after.has_value());
  }

  TEST_CASE("a curve's key is its point") {
    const auto p256 = parse_public_key(vectors::kP256Public);
    const auto p384 = parse_public_key(vectors::kP384Public);
    CHECK((p256.has_value() && p256->kind == KeyKind::kP256 && p256->a.size() == 65));
    CHECK((p384.has_value() && p384->kind == KeyKind::kP384 && p384->a.size() == 97));
  }

  TEST_CASE("Ed25519 is read in each of its forms") {
    const Bytes bytes = *codec::decode_hex(kEdHex, codec::HexCase::kAny);
    const auto prefix = "\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00"sv;
    const std::string forms[] = {
        kEdHex,
        "D75A980182B10AB7D54BFED3C964073A0EE172F3DAA62325AF021A68F707511A",
        codec::encode_base64(bytes),
        codec::encode_base64(bytes, codec::kBase64Url),
        "whpk_" + codec::encode_base64(bytes),
        kEdJwk,
        Bytes(prefix) + bytes,
        codec::encode_base64(Bytes(prefix) + bytes),
        " \n" + std::string(kEdHex) + "\r\n",
    };
    for (const std::string& form : forms) {
      CAPTURE(form);
      const auto key = parse_public_key(form);
      CHECK((key.has_value() && *key == PublicKey{.kind = KeyKind::kEd25519, .a = bytes}));
    }
  }

  TEST_CASE("a JWK of each kind is read") {
    const auto p256 = parse_public_key(kP256Jwk);
    CHECK((p256.has_value() && p256->kind == KeyKind::kP256 && p256->a[0] == 4));
    const auto rsa = parse_public_key(vectors::kRsaPublic);
    CHECK(rsa.has_value());
    if (!rsa) return;
    const auto jwk = parse_public_key(R"({"kid":"1","use":"sig","kty":"RSA","e":"AQAB","n":")" +
                                      codec::encode_base64(rsa->a, codec::kBase64Url) + "\"}");
    CHECK((jwk.has_value() && *jwk == *rsa));
  }

  TEST_CASE("the key of a certificate brings its validity") {
    const auto key = parse_public_key(vectors::kLeaf);
    CHECK((key.has_value() && key->kind == KeyKind::kP256));
    if (!key) return;
    CHECK((key->not_before.has_value() && key->not_after.has_value()));
    CHECK(key->not_before->ms + days(36500).ms == key->not_after->ms);
  }

  TEST_CASE("what pasting does to a PEM is forgiven") {
    const std::string pem = vectors::kP256Public;
    const auto key = parse_public_key(pem);
    CHECK(key.has_value());
    if (!key) return;
    const std::string forms[] = {
        replaced(pem, "\n", ""),       replaced(pem, "\n", "\r\n"),   replaced(pem, "\n", "\\n"),
        replaced(pem, "\n", "\\r\\n"), replaced(pem, "\n", " "),      replaced(pem, "\n", "\n\n\t"),
        "\xef\xbb\xbf" + pem,          "Our key is:\n" + pem + "bye", body(pem),
        vectors::kRoot + pem,
    };
    for (const std::string& form : forms) {
      CAPTURE(form);
      const auto again = parse_public_key(form);
      CHECK(again.has_value());
      // The first block counts.
      if (again && form.find("CERTIFICATE") == std::string::npos) CHECK(*again == *key);
    }
  }

  TEST_CASE("blocks that hold no key are passed over") {
    CHECK(parse_public_key("-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n"
                           "-----END EC PARAMETERS-----\n" +
                           std::string(vectors::kP256Public))
              .has_value());
  }

  TEST_CASE("a private key is refused, and not by chance") {
    const char* const texts[] = {
        vectors::kRsaPrivate,
        vectors::kRsaPrivatePkcs1,
        vectors::kP256Sec1,
        vectors::kEd25519Private,
        "whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        R"({"kty":"OKP","crv":"Ed25519","d":"x","x":"y"})",
    };
    for (const std::string_view text : texts) {
      CHECK(reason(text) == "a private key where a public key belongs");
    }
    CHECK(reason(body(vectors::kRsaPrivate)) == "a private key where a public key belongs");
  }

  TEST_CASE("RSA is held to its lengths, exponent and parity") {
    CHECK(reason(vectors::kShortPublic) == "an RSA key of less than 2048 bits");

    Bytes n(256, '\xff');
    CHECK(parse_public_key(spki_of_rsa(n, "\x03")).has_value());
    CHECK(reason(spki_of_rsa(n, "\x01")) == "an RSA exponent that is even or below 3");
    CHECK(reason(spki_of_rsa(n, "\x04")) == "an RSA exponent that is even or below 3");
    CHECK(reason(spki_of_rsa(n, ""sv)) == "an RSA exponent that is even or below 3");
    CHECK(reason(spki_of_rsa(n, Bytes(9, '\x01'))) == "an RSA exponent of over 64 bits");
    n.back() = '\xfe';
    CHECK(reason(spki_of_rsa(n, "\x03")) == "an even RSA modulus");
    n.back() = '\xff';
    n[0] = '\x7f';
    CHECK(reason(spki_of_rsa(n, "\x03")) == "an RSA key of less than 2048 bits");
    CHECK(parse_public_key(spki_of_rsa(Bytes(512, '\xff'), "\x03")).has_value());
    CHECK(reason(spki_of_rsa("\x01" + Bytes(512, '\xff'), "\x03")) ==
          "an RSA key of more than 4096 bits");
  }

  TEST_CASE("a point has to be whole and on its curve") {
    CHECK(reason(vectors::kP256Compressed) ==
          "a compressed point: the uncompressed form is needed");
    CHECK(reason(vectors::kP384Compressed) ==
          "a compressed point: the uncompressed form is needed");
    for (const char* const pem : {vectors::kP256Public, vectors::kP384Public}) {
      Bytes der = *codec::decode_base64(body(pem));
      der.back() = static_cast<char>(der.back() ^ 1);
      CHECK(reason(der) == "the point of the key is not on its curve");
    }
  }

  TEST_CASE("keys that are not supported say so") {
    CHECK(reason(vectors::kP521Public) == "a curve other than P-256 and P-384");
    CHECK(reason(vectors::kPssOnlyPublic) ==
          "a key for RSA-PSS only: export it as a plain RSA key");
    CHECK(reason(R"({"kty":"EC","crv":"secp256k1","x":"","y":""})") ==
          "a JWK that is not RSA, P-256, P-384 or Ed25519");
    CHECK(reason(R"({"keys":[]})") == "a set of JWKs where one JWK belongs");
    CHECK(reason(R"({"kty":"RSA","e":"AQAB"})") == "the JWK lacks a member of its key type");
    CHECK(reason(R"({"kty":"RSA","e":"AQAB","n":"a+b/"})") ==
          "a member of the JWK is not base64url");
    // X25519, which agrees on keys and signs nothing.
    CHECK(reason(Bytes("\x30\x2a\x30\x05\x06\x03\x2b\x65\x6e\x03\x21\x00"sv) + Bytes(32, '\x09')) ==
          "a key that is not RSA, P-256, P-384 or Ed25519");
  }

  TEST_CASE("what is no key is refused with its reason") {
    CHECK(reason("") == "the key is empty");
    CHECK(reason(" \n") == "the key is empty");
    CHECK(reason("hello, world") == "a key is PEM, DER, base64, a JWK, or 32 bytes as hex");
    CHECK(reason(std::string(62, 'a')) != "");
    CHECK(reason(codec::encode_base64(Bytes(31, 'x'))) == "an Ed25519 key has 32 bytes");
    CHECK(reason(codec::encode_base64(Bytes(33, 'x'))) == "an Ed25519 key has 32 bytes");
    CHECK(reason(std::string(kKeyTextMax + 1, 'a')) == "a key of more than 64 KiB");
    CHECK(reason("-----BEGIN PUBLIC KEY-----\n####\n-----END PUBLIC KEY-----") ==
          "the body of the PEM block is not base64");
    CHECK(reason("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END CERTIFICATE-----") ==
          "no PEM block with a public key");
    CHECK(reason("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----") ==
          "the key is no DER");
    CHECK(reason("{") != "");
  }

  TEST_CASE("every cut and every added byte of a key is refused") {
    for (const char* const pem : {vectors::kRsaPublic, vectors::kRsaPublicPkcs1,
                                  vectors::kP256Public, vectors::kEd25519Public}) {
      const Bytes der = *codec::decode_base64(body(pem));
      CHECK(parse_public_key(der).has_value());
      for (std::size_t size = 0; size < der.size(); ++size) {
        CHECK(!parse_public_key(der.substr(0, size)).has_value());
      }
      CHECK(!parse_public_key(der + '\0').has_value());
    }
  }
}

}  // namespace
}  // namespace sluice::crypto
