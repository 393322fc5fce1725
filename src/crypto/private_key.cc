#include "crypto/private_key.h"

#include <sodium.h>

#include <cstddef>
#include <vector>

#include "crypto/ecdsa.h"
#include "crypto/equal.h"
#include "crypto/key_der.h"
#include "crypto/private_key_parts.h"

namespace sluice::crypto {
namespace {

constexpr Error kBadRsa{Errc::kBadArgument, "the primes of the RSA key are not of its modulus"};

ByteView without_zeros(ByteView magnitude) {
  while (!magnitude.empty() && magnitude[0] == 0) magnitude.remove_prefix(1);
  return magnitude;
}

bool is_odd(ByteView magnitude) { return !magnitude.empty() && (magnitude.back() & 1) != 0; }

// Whether p * q is n. Once for each key that is read, so schoolbook and in bytes.
bool is_product(ByteView p, ByteView q, ByteView n) {
  Bytes product(p.size() + q.size(), '\0');
  for (std::size_t i = p.size(); i-- > 0;) {
    unsigned carry = 0;
    for (std::size_t j = q.size(); j-- > 0;) {
      char& digit = product[i + j + 1];
      carry +=
          static_cast<unsigned>(static_cast<std::uint8_t>(p[i])) * static_cast<std::uint8_t>(q[j]) +
          static_cast<std::uint8_t>(digit);
      digit = static_cast<char>(carry & 0xff);
      carry >>= 8;
    }
    product[i] = static_cast<char>(carry);
  }
  return equal(without_zeros(product), n);
}

}  // namespace

PrivateKey& PrivateKey::operator=(PrivateKey&& other) noexcept {
  std::swap(kind, other.kind);
  std::swap(public_half, other.public_half);
  for (auto part : {&PrivateKey::secret, &PrivateKey::p, &PrivateKey::q, &PrivateKey::dp,
                    &PrivateKey::dq, &PrivateKey::iq}) {
    std::swap(this->*part, other.*part);
  }
  return *this;
}

PrivateKey::~PrivateKey() {
  for (Bytes* part : {&secret, &p, &q, &dp, &dq, &iq}) wipe(*part);
}

Result<PrivateKey> rsa_private_key(const RsaNumbers& numbers) {
  PrivateKey key;
  SLUICE_TRY(key.public_half, rsa_key(numbers.n, numbers.e));
  key.kind = KeyKind::kRsa;
  key.p = Bytes(without_zeros(numbers.p));
  key.q = Bytes(without_zeros(numbers.q));
  key.dp = Bytes(without_zeros(numbers.dp));
  key.dq = Bytes(without_zeros(numbers.dq));
  key.iq = Bytes(without_zeros(numbers.iq));
  // Signing works in the primes' length, so these are about as long as each other.
  const std::size_t size_max = key.public_half.a.size() / 2 + 8;
  if (!is_odd(key.p) || !is_odd(key.q) || key.p.size() > size_max || key.q.size() > size_max) {
    return kBadRsa;
  }
  if (key.dp.size() > key.p.size() || key.dq.size() > key.q.size() ||
      key.iq.size() > key.p.size()) {
    return kBadRsa;
  }
  if (!is_product(key.p, key.q, key.public_half.a)) return kBadRsa;
  return key;
}

Result<PrivateKey> ec_private_key(KeyKind curve, ByteView scalar) {
  scalar = without_zeros(scalar);
  if (scalar.size() > field_size(curve)) {
    return Error{Errc::kMalformed, "the private key is longer than its curve asks"};
  }
  PrivateKey key;
  key.kind = curve;
  key.secret.reserve(field_size(curve));
  key.secret.assign(field_size(curve) - scalar.size(), '\0');
  key.secret += scalar;
  auto point = ec_public_point(curve, key.secret);
  if (!point) return Error{Errc::kBadArgument, "the private key is not in its curve's range"};
  key.public_half = PublicKey{.kind = curve, .a = *std::move(point)};
  return key;
}

Result<PrivateKey> ed25519_private_key(ByteView bytes) {
  if (bytes.size() != crypto_sign_SEEDBYTES && bytes.size() != crypto_sign_SECRETKEYBYTES) {
    return Error{Errc::kMalformed, "a private Ed25519 key has 32 bytes, or 64 with its public key"};
  }
  PrivateKey key;
  key.kind = KeyKind::kEd25519;
  key.public_half = PublicKey{.kind = key.kind, .a = Bytes(crypto_sign_PUBLICKEYBYTES, '\0')};
  key.secret.resize(crypto_sign_SECRETKEYBYTES);
  crypto_sign_seed_keypair(as_u8(key.public_half.a), as_u8(key.secret), as_u8(bytes));
  if (bytes.size() == crypto_sign_SECRETKEYBYTES && !equal(key.secret, bytes)) {
    return Error{Errc::kBadArgument, "the second half of the key is not its public key"};
  }
  return key;
}

PublicKey public_of(const PrivateKey& key) { return key.public_half; }

}  // namespace sluice::crypto
