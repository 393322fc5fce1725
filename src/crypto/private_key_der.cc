#include "crypto/der.h"
#include "crypto/equal.h"
#include "crypto/key_der.h"
#include "crypto/private_key_parts.h"

namespace sluice::crypto {
namespace {

constexpr Error kNoPkcs1{Errc::kMalformed, "the DER is no RSAPrivateKey of two primes"};
constexpr Error kNoSec1{Errc::kMalformed, "the DER is no ECPrivateKey"};
constexpr Error kNoPkcs8{Errc::kMalformed, "the DER is no PrivateKeyInfo"};

bool is_one(ByteView magnitude) { return magnitude == ByteView("\x01"); }

// `fields` stand behind the version.
Result<PrivateKey> read_pkcs1(DerReader fields, ByteView version) {
  if (!version.empty()) return kNoPkcs1;
  const auto n = fields.take_unsigned();
  const auto e = fields.take_unsigned();
  const auto d = fields.take_unsigned();
  const auto p = fields.take_unsigned();
  const auto q = fields.take_unsigned();
  const auto dp = fields.take_unsigned();
  const auto dq = fields.take_unsigned();
  const auto iq = fields.take_unsigned();
  if (!n || !e || !d || !p || !q || !dp || !dq || !iq || !fields.at_end()) return kNoPkcs1;
  return rsa_private_key({.n = *n, .e = *e, .p = *p, .q = *q, .dp = *dp, .dq = *dq, .iq = *iq});
}

// `outer_curve` is what PKCS#8 says around it.
Result<PrivateKey> read_sec1(DerReader fields, ByteView version,
                             std::optional<KeyKind> outer_curve) {
  if (!is_one(version)) return kNoSec1;
  const auto scalar = fields.take(der::kOctetString);
  if (!scalar) return kNoSec1;
  auto curve = outer_curve;
  if (auto parameters = fields.enter(der::explicit_tag(0))) {
    const auto name = parameters->take(der::kOid);
    if (!name || !parameters->at_end()) {
      return Error{Errc::kBadArgument, "a curve that is spelled out instead of named"};
    }
    SLUICE_TRY(const KeyKind named, named_curve(*name));
    if (curve && *curve != named) return Error{Errc::kMalformed, "the key names two curves"};
    curve = named;
  }
  if (!curve) return Error{Errc::kMalformed, "the key does not name its curve"};
  SLUICE_TRY(auto key, ec_private_key(*curve, *scalar));
  if (auto point = fields.enter(der::explicit_tag(1))) {
    const auto bits = point->take_octets_of_bits();
    if (!bits || !point->at_end()) return kNoSec1;
    if (!equal(*bits, key.public_half.a)) {
      return Error{Errc::kBadArgument, "the public half is not of the private one"};
    }
  }
  if (!fields.at_end()) return kNoSec1;
  return key;
}

Result<PrivateKey> read_inner(ByteView algorithm, ByteView octets) {
  DerReader identifier(algorithm);
  const auto name = identifier.take(der::kOid);
  if (!name) return kNoPkcs8;
  if (*name == oid::kEd25519) {
    DerReader outer(octets);
    const auto seed = outer.take(der::kOctetString);
    if (!seed || !outer.at_end() || seed->size() != 32 || !identifier.at_end()) return kNoPkcs8;
    return ed25519_private_key(*seed);
  }
  if (*name != oid::kRsa && *name != oid::kEc) {
    return Error{Errc::kBadArgument, "a key that is not RSA, P-256, P-384 or Ed25519"};
  }
  auto fields = enter_whole(octets, der::kSequence);
  const auto version = fields ? fields->take_unsigned() : std::nullopt;
  if (!version) return kNoPkcs8;
  if (*name == oid::kRsa) return read_pkcs1(*fields, *version);
  const auto curve_name = identifier.take(der::kOid);
  if (!curve_name) {
    return Error{Errc::kBadArgument, "a curve that is spelled out instead of named"};
  }
  SLUICE_TRY(const KeyKind curve, named_curve(*curve_name));
  return read_sec1(*fields, *version, curve);
}

}  // namespace

Result<PrivateKey> private_key_of_der(ByteView content) {
  DerReader fields(content);
  const auto version = fields.take_unsigned();
  if (!version) return kNoPkcs8;
  if (fields.next_is(der::kInteger)) return read_pkcs1(fields, *version);
  if (fields.next_is(der::kOctetString)) return read_sec1(fields, *version, std::nullopt);

  const auto algorithm = fields.take(der::kSequence);
  const auto octets = fields.take(der::kOctetString);
  if (!algorithm || !octets || (!version->empty() && !is_one(*version))) return kNoPkcs8;
  (void)fields.take(der::explicit_tag(0));  // Attributes.
  const auto bits = fields.take(der::implicit_tag(1));
  if (!fields.at_end()) return kNoPkcs8;
  SLUICE_TRY(auto key, read_inner(*algorithm, *octets));
  const bool is_ed25519 = key.kind == KeyKind::kEd25519;
  if (bits && is_ed25519 && (bits->empty() || !equal(bits->substr(1), key.public_half.a))) {
    return Error{Errc::kBadArgument, "the public half is not of the private one"};
  }
  return key;
}

}  // namespace sluice::crypto
