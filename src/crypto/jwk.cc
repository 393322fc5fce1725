#include "crypto/jwk.h"

#include "codec/base64.h"
#include "crypto/key_der.h"

namespace sluice::crypto {
namespace {

// The bytes of a member in base64url, as every number of a JWK is written.
Result<Bytes> bytes_of(const codec::Json& jwk, std::string_view name) {
  const codec::Json* member = jwk.member(name);
  const auto text = member != nullptr ? member->as_string() : std::nullopt;
  if (!text) return Error{Errc::kMalformed, "the JWK lacks a member of its key type"};
  auto bytes = codec::decode_base64(*text, codec::kBase64Url);
  if (!bytes) return Error{Errc::kMalformed, "a member of the JWK is not base64url"};
  return *std::move(bytes);
}

std::string_view text_of(const codec::Json& jwk, std::string_view name) {
  const codec::Json* member = jwk.member(name);
  return member != nullptr ? member->as_string().value_or("") : "";
}

Result<KeyKind> kind_of(const codec::Json& jwk) {
  const auto type = text_of(jwk, "kty");
  const auto curve = text_of(jwk, "crv");
  if (type == "RSA") return KeyKind::kRsa;
  if (type == "EC" && curve == "P-256") return KeyKind::kP256;
  if (type == "EC" && curve == "P-384") return KeyKind::kP384;
  if (type == "OKP" && curve == "Ed25519") return KeyKind::kEd25519;
  return Error{Errc::kBadArgument, "a JWK that is not RSA, P-256, P-384 or Ed25519"};
}

// The public members alone.
Result<PublicKey> public_half(const codec::Json& jwk, KeyKind kind) {
  if (kind == KeyKind::kRsa) {
    SLUICE_TRY(const Bytes modulus, bytes_of(jwk, "n"));
    SLUICE_TRY(const Bytes exponent, bytes_of(jwk, "e"));
    return rsa_key(modulus, exponent);
  }
  SLUICE_TRY(const Bytes x, bytes_of(jwk, "x"));
  if (kind == KeyKind::kEd25519) return ed25519_key(x);
  SLUICE_TRY(const Bytes y, bytes_of(jwk, "y"));
  if (x.size() != y.size()) return Error{Errc::kMalformed, "x and y of a JWK differ in length"};
  return ec_key(kind, "\x04" + x + y);
}

}  // namespace

Result<PublicKey> public_key_of_jwk(const codec::Json& jwk) {
  if (jwk.member("keys") != nullptr) {
    return Error{Errc::kBadArgument, "a set of JWKs where one JWK belongs"};
  }
  SLUICE_TRY(const KeyKind kind, kind_of(jwk));
  if (jwk.member("d") != nullptr) {
    return Error{Errc::kBadArgument, "a private key where a public key belongs"};
  }
  return public_half(jwk, kind);
}

}  // namespace sluice::crypto
