#include "crypto/ecdsa.h"

#include <bearssl.h>

#include <array>
#include <cstddef>

#include "base/assert.h"
#include "crypto/der.h"
#include "crypto/equal.h"
#include "crypto/key_der.h"

namespace sluice::crypto {
namespace {

constexpr std::size_t kPointMax = 97;

// Portable and fast with multiplications of 31 bits, which is what wasm has.
const br_ec_impl& implementation(KeyKind curve) {
  return curve == KeyKind::kP256 ? br_ec_p256_m31 : br_ec_prime_i31;
}

int curve_id(KeyKind curve) { return curve == KeyKind::kP256 ? BR_EC_secp256r1 : BR_EC_secp384r1; }

bool is_zero(ByteView bytes) { return bytes.find_first_not_of('\0') == ByteView::npos; }

}  // namespace

bool is_on_curve(KeyKind curve, ByteView point) {
  SLUICE_ASSERT(point.size() == 1 + 2 * field_size(curve));
  std::array<unsigned char, kPointMax> copy{};
  point.copy(reinterpret_cast<char*>(copy.data()), copy.size());
  // Multiplying decodes the point, which is where the curve's equation is checked.
  const unsigned char one[] = {1};
  return implementation(curve).mul(copy.data(), point.size(), one, sizeof one, curve_id(curve)) ==
         1;
}

bool ecdsa_verify(const PublicKey& key, ByteView digest, ByteView raw) {
  const std::size_t half = field_size(key.kind);
  if (raw.size() != 2 * half || key.a.size() != 1 + 2 * half) return false;
  if (is_zero(raw.substr(0, half)) || is_zero(raw.substr(half))) return false;
  Bytes point = key.a;
  const br_ec_public_key pk{.curve = curve_id(key.kind), .q = as_u8(point), .qlen = point.size()};
  return br_ecdsa_i31_vrfy_raw(&implementation(key.kind), digest.data(), digest.size(), &pk,
                               raw.data(), raw.size()) == 1;
}

std::optional<Bytes> ecdsa_sign(KeyKind curve, ByteView scalar, ByteView digest) {
  const auto& hash = curve == KeyKind::kP256 ? br_sha256_vtable : br_sha384_vtable;
  SLUICE_ASSERT(digest.size() == field_size(curve));
  Bytes x(scalar);
  const br_ec_private_key sk{.curve = curve_id(curve), .x = as_u8(x), .xlen = x.size()};
  Bytes raw(2 * field_size(curve), '\0');
  const std::size_t size =
      br_ecdsa_i31_sign_raw(&implementation(curve), &hash, digest.data(), &sk, raw.data());
  wipe(x);
  if (size != raw.size()) return std::nullopt;
  return raw;
}

std::optional<Bytes> ec_public_point(KeyKind curve, ByteView scalar) {
  std::size_t order_size = 0;
  const auto& curves = implementation(curve);
  const unsigned char* order = curves.order(curve_id(curve), &order_size);
  if (scalar.size() != order_size || is_zero(scalar)) return std::nullopt;
  if (scalar >= ByteView(reinterpret_cast<const char*>(order), order_size)) return std::nullopt;
  Bytes point(1 + 2 * field_size(curve), '\0');
  const std::size_t size =
      curves.mulgen(as_u8(point), as_u8(scalar), scalar.size(), curve_id(curve));
  SLUICE_ASSERT(size == point.size());
  return point;
}

std::optional<Bytes> ecdsa_raw_of_der(KeyKind curve, ByteView der) {
  const std::size_t half = field_size(curve);
  auto fields = enter_whole(der, der::kSequence);
  if (!fields) return std::nullopt;
  const auto r = fields->take_unsigned();
  const auto s = fields->take_unsigned();
  if (!r || !s || !fields->at_end() || r->size() > half || s->size() > half) return std::nullopt;
  Bytes raw(half - r->size(), '\0');
  raw += *r;
  raw.append(half - s->size(), '\0');
  raw += *s;
  return raw;
}

Bytes ecdsa_der_of_raw(ByteView raw) {
  const std::size_t half = raw.size() / 2;
  return encode_der(der::kSequence, encode_der_unsigned(raw.substr(0, half)) +
                                        encode_der_unsigned(raw.substr(half)));
}

}  // namespace sluice::crypto
