#include "crypto/key_der.h"

#include <cstddef>

#include "crypto/der.h"
#include "crypto/ecdsa.h"

namespace sluice::crypto {
namespace {

constexpr Error kNoSpki{Errc::kMalformed, "the DER is no SubjectPublicKeyInfo"};

ByteView without_zeros(ByteView magnitude) {
  while (!magnitude.empty() && magnitude[0] == 0) magnitude.remove_prefix(1);
  return magnitude;
}

}  // namespace

std::size_t bit_length(ByteView magnitude) {
  if (magnitude.empty()) return 0;
  std::size_t bits = (magnitude.size() - 1) * 8;
  for (unsigned first = static_cast<std::uint8_t>(magnitude[0]); first != 0; first >>= 1) ++bits;
  return bits;
}

std::size_t field_size(KeyKind curve) { return curve == KeyKind::kP384 ? 48 : 32; }

Result<PublicKey> rsa_key(ByteView modulus, ByteView exponent) {
  modulus = without_zeros(modulus);
  exponent = without_zeros(exponent);
  const std::size_t bits = bit_length(modulus);
  if (bits < kRsaBitsMin) return Error{Errc::kBadArgument, "an RSA key of less than 2048 bits"};
  if (bits > kRsaBitsMax) return Error{Errc::kBadArgument, "an RSA key of more than 4096 bits"};
  if ((modulus.back() & 1) == 0) return Error{Errc::kBadArgument, "an even RSA modulus"};
  if (exponent.empty() || (exponent.back() & 1) == 0 || exponent == ByteView("\x01")) {
    return Error{Errc::kBadArgument, "an RSA exponent that is even or below 3"};
  }
  // Verifying takes time by the exponent's length; no key in use needs more than 65537.
  if (exponent.size() > 8) return Error{Errc::kBadArgument, "an RSA exponent of over 64 bits"};
  return PublicKey{.kind = KeyKind::kRsa, .a = Bytes(modulus), .b = Bytes(exponent)};
}

Result<PublicKey> ec_key(KeyKind curve, ByteView point) {
  if (!point.empty() && (point[0] == 2 || point[0] == 3)) {
    return Error{Errc::kBadArgument, "a compressed point: the uncompressed form is needed"};
  }
  if (point.size() != 1 + 2 * field_size(curve) || point[0] != 4) {
    return Error{Errc::kMalformed, "the point of the key is not as long as its curve asks"};
  }
  if (!is_on_curve(curve, point)) {
    return Error{Errc::kBadArgument, "the point of the key is not on its curve"};
  }
  return PublicKey{.kind = curve, .a = Bytes(point)};
}

Result<PublicKey> ed25519_key(ByteView bytes) {
  if (bytes.size() != 32) return Error{Errc::kMalformed, "an Ed25519 key has 32 bytes"};
  return PublicKey{.kind = KeyKind::kEd25519, .a = Bytes(bytes)};
}

Result<KeyKind> named_curve(ByteView oid_content) {
  if (oid_content == oid::kP256) return KeyKind::kP256;
  if (oid_content == oid::kP384) return KeyKind::kP384;
  return Error{Errc::kBadArgument, "a curve other than P-256 and P-384"};
}

Result<PublicKey> public_key_of_pkcs1(ByteView content) {
  DerReader fields(content);
  const auto modulus = fields.take_unsigned();
  const auto exponent = fields.take_unsigned();
  if (!modulus || !exponent || !fields.at_end()) {
    return Error{Errc::kMalformed, "the DER is no RSAPublicKey"};
  }
  return rsa_key(*modulus, *exponent);
}

Result<PublicKey> public_key_of_spki(ByteView der) {
  auto fields = enter_whole(der, der::kSequence);
  if (!fields) return kNoSpki;
  auto algorithm = fields->enter(der::kSequence);
  if (!algorithm) return kNoSpki;
  const auto name = algorithm->take(der::kOid);
  const auto bits = fields->take_octets_of_bits();
  if (!name || !bits || !fields->at_end()) return kNoSpki;

  if (*name == oid::kRsa) {
    const auto null = algorithm->take(der::kNull);
    auto key = enter_whole(*bits, der::kSequence);
    if (!null || !null->empty() || !algorithm->at_end() || !key) return kNoSpki;
    DerReader outer(*bits);
    return public_key_of_pkcs1(*outer.take(der::kSequence));
  }
  if (*name == oid::kEc) {
    const auto curve_name = algorithm->take(der::kOid);
    if (!curve_name || !algorithm->at_end()) {
      return Error{Errc::kBadArgument, "a curve that is spelled out instead of named"};
    }
    SLUICE_TRY(const KeyKind curve, named_curve(*curve_name));
    return ec_key(curve, *bits);
  }
  if (*name == oid::kEd25519) {
    if (!algorithm->at_end()) return kNoSpki;
    return ed25519_key(*bits);
  }
  if (*name == oid::kRsaPss) {
    return Error{Errc::kBadArgument, "a key for RSA-PSS only: export it as a plain RSA key"};
  }
  return Error{Errc::kBadArgument, "a key that is not RSA, P-256, P-384 or Ed25519"};
}

}  // namespace sluice::crypto
