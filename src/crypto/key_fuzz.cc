// Keys and certificates of strangers: nothing crashes, and what is read is within its limits and
// is read again from its own DER.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.h"
#include "crypto/certificate_chain.h"
#include "crypto/der.h"
#include "crypto/ecdsa.h"
#include "crypto/key_der.h"
#include "crypto/private_key.h"
#include "crypto/public_signature.h"

namespace sluice::crypto {
namespace {

void check_key(const PublicKey& key) {
  const bool is_rsa = key.kind == KeyKind::kRsa;
  SLUICE_ASSERT(key.b.empty() != is_rsa);
  if (is_rsa) {
    const std::size_t bits = bit_length(key.a);
    SLUICE_ASSERT(bits >= kRsaBitsMin && bits <= kRsaBitsMax && key.b.size() <= 8);
    const Bytes der =
        encode_der(der::kSequence, encode_der_unsigned(key.a) + encode_der_unsigned(key.b));
    const auto again = parse_public_key(der);
    SLUICE_ASSERT(again && again->a == key.a && again->b == key.b);
  } else if (key.kind == KeyKind::kEd25519) {
    SLUICE_ASSERT(key.a.size() == 32);
  } else {
    SLUICE_ASSERT(key.a.size() == 1 + 2 * field_size(key.kind) && is_on_curve(key.kind, key.a));
  }
}

}  // namespace

void check(ByteView text) {
  const auto key = parse_public_key(text);
  if (key) check_key(*key);

  const auto secret = parse_private_key(text);
  if (secret) {
    check_key(secret->public_half);
    SLUICE_ASSERT(secret->kind == secret->public_half.kind);
    const auto algorithm = secret->kind == KeyKind::kEd25519 ? PublicAlgorithm::kEd25519
                           : secret->kind == KeyKind::kP256  ? PublicAlgorithm::kEcdsaP256Sha256
                           : secret->kind == KeyKind::kP384  ? PublicAlgorithm::kEcdsaP384Sha384
                                                             : PublicAlgorithm::kRsaPkcs1Sha256;
    const ByteView message[] = {"message"};
    // Numbers of RSA that do not belong together sign nothing; the others always sign.
    const auto signature = sign(algorithm, EcdsaForm::kDer, *secret, message, {});
    SLUICE_ASSERT(signature || secret->kind == KeyKind::kRsa);
    if (signature) {
      SLUICE_ASSERT(verify(algorithm, EcdsaForm::kDer, secret->public_half, message, *signature));
    }
  }

  const auto certificates = parse_certificates(text);
  if (!certificates) return;
  SLUICE_ASSERT(!certificates->empty() && certificates->size() <= kCertificatesMax);
  for (const Certificate& each : *certificates) {
    check_key(each.key);
    const auto again = parse_certificate(each.whole);
    SLUICE_ASSERT(again && *again == each);
  }
  const auto leaf = check_chain({.chain = *certificates,
                                 .anchors = std::span(*certificates).last(1),
                                 .host = "",
                                 .now = *certificates->front().key.not_before});
  SLUICE_ASSERT(!leaf || *leaf == certificates->front().key);
}

}  // namespace sluice::crypto

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sluice::crypto::check({reinterpret_cast<const char*>(data), size});
  return 0;
}
