#include "crypto/jwk.h"

#include "codec/base64.h"
#include "crypto/equal.h"
#include "crypto/key_der.h"
#include "crypto/private_key_parts.h"

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

// The bytes of private members, wiped when they have been read.
class Secret {
 public:
  explicit Secret(Bytes bytes) : bytes_(std::move(bytes)) {}
  Secret(Secret&&) = default;
  Secret& operator=(Secret&&) = delete;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { wipe(bytes_); }

  [[nodiscard]] ByteView view() const { return bytes_; }

 private:
  Bytes bytes_;
};

Result<Secret> secret_of(const codec::Json& jwk, std::string_view name) {
  SLUICE_TRY(auto bytes, bytes_of(jwk, name));
  return Secret(std::move(bytes));
}

Result<PrivateKey> rsa_private_half(const codec::Json& jwk, const PublicKey& key) {
  if (jwk.member("oth") != nullptr) {
    return Error{Errc::kBadArgument, "an RSA key of more than two primes"};
  }
  SLUICE_TRY(const Secret p, secret_of(jwk, "p"));
  SLUICE_TRY(const Secret q, secret_of(jwk, "q"));
  SLUICE_TRY(const Secret dp, secret_of(jwk, "dp"));
  SLUICE_TRY(const Secret dq, secret_of(jwk, "dq"));
  SLUICE_TRY(const Secret iq, secret_of(jwk, "qi"));
  return rsa_private_key({.n = key.a,
                          .e = key.b,
                          .p = p.view(),
                          .q = q.view(),
                          .dp = dp.view(),
                          .dq = dq.view(),
                          .iq = iq.view()});
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

Result<PrivateKey> private_key_of_jwk(const codec::Json& jwk) {
  SLUICE_TRY(const KeyKind kind, kind_of(jwk));
  SLUICE_TRY(const Secret d, secret_of(jwk, "d"));
  SLUICE_TRY(const PublicKey half, public_half(jwk, kind));
  if (kind == KeyKind::kRsa) return rsa_private_half(jwk, half);
  SLUICE_TRY(auto key, kind == KeyKind::kEd25519 ? ed25519_private_key(d.view())
                                                 : ec_private_key(kind, d.view()));
  if (key.public_half != half) {
    return Error{Errc::kBadArgument, "the public half is not of the private one"};
  }
  return key;
}

}  // namespace sluice::crypto
