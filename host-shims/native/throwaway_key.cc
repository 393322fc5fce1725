#include "native/throwaway_key.h"

#include <bearssl.h>

#include <array>
#include <cstring>
#include <vector>

#include "codec/base64.h"
#include "codec/hex.h"
#include "crypto/private_key.h"

namespace sluice::native {

namespace {

using crypto::KeyKind;
using signature::Algorithm;

constexpr unsigned kRsaBits = 2048;
constexpr std::uint32_t kRsaExponent = 65537;

// Tag, length and content, as DER has it (X.690).
Bytes der(unsigned char tag, const Bytes& content) {
  Bytes result(1, static_cast<char>(tag));
  if (content.size() >= 0x80) {
    const bool wide = content.size() > 0xff;
    result += static_cast<char>(wide ? 0x82 : 0x81);
    if (wide) result += static_cast<char>(content.size() >> 8);
  }
  result += static_cast<char>(content.size() & 0xff);
  return result + content;
}

Bytes der_integer(Bytes digits) {
  const bool high = !digits.empty() && (static_cast<unsigned char>(digits[0]) & 0x80) != 0;
  return der(0x02, high ? Bytes(1, '\0') + digits : digits);
}

Bytes from_hex(std::string_view text) {
  auto bytes = codec::decode_hex(text, codec::HexCase::kLowerOnly);
  SLUICE_ASSERT(bytes.has_value());
  return *std::move(bytes);
}

// The algorithm's identifier in a SubjectPublicKeyInfo (RFC 3279, 5480, 8410).
Bytes algorithm_of(KeyKind kind) {
  switch (kind) {
    case KeyKind::kRsa: return from_hex("300d06092a864886f70d0101010500");
    case KeyKind::kP256: return from_hex("301306072a8648ce3d020106082a8648ce3d030107");
    case KeyKind::kP384: return from_hex("301006072a8648ce3d020106052b81040022");
    case KeyKind::kEd25519: break;
  }
  return from_hex("300506032b6570");
}

std::string pem(const char* label, const Bytes& content) {
  const std::string text = codec::encode_base64(content);
  std::string result = std::string("-----BEGIN ") + label + "-----\n";
  for (std::size_t i = 0; i < text.size(); i += 64) result += text.substr(i, 64) + "\n";
  return result + "-----END " + label + "-----\n";
}

std::string public_pem(const crypto::PublicKey& key) {
  const bool rsa = key.kind == KeyKind::kRsa;
  const Bytes bits = rsa ? der(0x30, der_integer(key.a) + der_integer(key.b)) : key.a;
  return pem("PUBLIC KEY", der(0x30, algorithm_of(key.kind) + der(0x03, Bytes(1, '\0') + bits)));
}

// PKCS#8 (RFC 5958): version 0, the algorithm, and the key in its own form.
std::string private_pem(KeyKind kind, const Bytes& key) {
  return pem("PRIVATE KEY",
             der(0x30, der_integer(Bytes(1, '\0')) + algorithm_of(kind) + der(0x04, key)));
}

Bytes rsa_private(Random& random) {
  const Bytes seed = random.bytes(32);
  br_hmac_drbg_context drbg;
  br_hmac_drbg_init(&drbg, &br_sha256_vtable, seed.data(), seed.size());
  std::vector<unsigned char> private_room(BR_RSA_KBUF_PRIV_SIZE(kRsaBits));
  std::vector<unsigned char> public_room(BR_RSA_KBUF_PUB_SIZE(kRsaBits));
  br_rsa_private_key key;
  br_rsa_public_key half;
  const auto generate = br_rsa_keygen_get_default();
  SLUICE_ASSERT(generate(&drbg.vtable, &key, private_room.data(), &half, public_room.data(),
                         kRsaBits, kRsaExponent) == 1);
  std::vector<unsigned char> exponent(kRsaBits / 8);
  const std::size_t size =
      br_rsa_compute_privexp_get_default()(exponent.data(), &key, kRsaExponent);
  SLUICE_ASSERT(size > 0);
  Bytes encoded(br_encode_rsa_raw_der(nullptr, &key, &half, exponent.data(), size), '\0');
  br_encode_rsa_raw_der(encoded.data(), &key, &half, exponent.data(), size);
  return encoded;
}

// SEC 1 (RFC 5915) without its optional parts.
Bytes ec_private(KeyKind kind, Random& random) {
  const Bytes seed = random.bytes(32);
  br_hmac_drbg_context drbg;
  br_hmac_drbg_init(&drbg, &br_sha256_vtable, seed.data(), seed.size());
  std::array<unsigned char, BR_EC_KBUF_PRIV_MAX_SIZE> room{};
  br_ec_private_key key;
  const int curve = kind == KeyKind::kP256 ? BR_EC_secp256r1 : BR_EC_secp384r1;
  const std::size_t size =
      br_ec_keygen(&drbg.vtable, br_ec_get_default(), &key, room.data(), curve);
  SLUICE_ASSERT(size > 0);
  const Bytes scalar(reinterpret_cast<const char*>(key.x), key.xlen);
  return der(0x30, der_integer(Bytes(1, '\x01')) + der(0x04, scalar));
}

Result<ThrowawayKey> key_pair(KeyKind kind, Random& random) {
  Bytes key;
  switch (kind) {
    case KeyKind::kRsa: key = rsa_private(random); break;
    case KeyKind::kP256:
    case KeyKind::kP384: key = ec_private(kind, random); break;
    case KeyKind::kEd25519: key = der(0x04, random.bytes(32)); break;
  }
  ThrowawayKey made;
  made.secret = private_pem(kind, key);
  SLUICE_TRY(const auto parsed, crypto::parse_private_key(made.secret));
  made.configure = public_pem(crypto::public_of(parsed));
  return made;
}

Result<ThrowawayKey> key_pair(Algorithm algorithm, Random& random) {
  switch (algorithm) {
    case Algorithm::kEd25519: return key_pair(KeyKind::kEd25519, random);
    case Algorithm::kEcdsaP256Sha256: return key_pair(KeyKind::kP256, random);
    case Algorithm::kEcdsaP384Sha384: return key_pair(KeyKind::kP384, random);
    case Algorithm::kRsaPkcs1Md5:
    case Algorithm::kRsaPkcs1Sha1:
    case Algorithm::kRsaPkcs1Sha256:
    case Algorithm::kRsaPkcs1Sha384:
    case Algorithm::kRsaPkcs1Sha512:
    case Algorithm::kRsaPssSha256:
    case Algorithm::kRsaPssSha384:
    case Algorithm::kRsaPssSha512: return key_pair(KeyKind::kRsa, random);
    default: return Error{Errc::kBadArgument, "no key pair can be made for this algorithm"};
  }
}

std::string shared_secret(const signature::KeyRule& rule, Random& random) {
  const Bytes bytes = random.bytes(32);
  switch (rule.form) {
    case signature::KeyForm::kBase64: return rule.prefix + codec::encode_base64(bytes);
    default: return rule.prefix + codec::encode_hex(bytes);
  }
}

}  // namespace

Result<ThrowawayKey> throwaway_key(const signature::Scheme& scheme, Random& random) {
  Algorithm algorithm = scheme.algorithm;
  if (scheme.family == signature::Family::kJwt && !scheme.jwt.algorithms.empty()) {
    algorithm = scheme.jwt.algorithms.front();
  }
  const bool shared =
      scheme.family == signature::Family::kToken || signature::is_symmetric(algorithm);
  if (!shared) return key_pair(algorithm, random);
  std::string secret = shared_secret(scheme.key, random);
  if (scheme.signature.field_is_key_id) {
    secret = std::string("key1") + scheme.signature.field_separator + secret;
  }
  return ThrowawayKey{.secret = secret, .configure = secret};
}

}  // namespace sluice::native
