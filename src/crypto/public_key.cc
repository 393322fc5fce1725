#include "crypto/public_key.h"

#include "codec/json.h"
#include "crypto/certificate.h"
#include "crypto/der.h"
#include "crypto/jwk.h"
#include "crypto/key_der.h"
#include "crypto/key_text.h"

namespace sluice::crypto {
namespace {

// PKCS#1 begins with a number, a private key with the number of its version; a certificate has
// three parts and a SubjectPublicKeyInfo two.
Result<PublicKey> parse_der(ByteView der) {
  auto fields = enter_whole(der, der::kSequence);
  if (!fields) return Error{Errc::kMalformed, "the key is no DER"};
  int parts = 0;
  for (DerReader rest = *fields; !rest.at_end(); ++parts) {
    if (!rest.take()) return Error{Errc::kMalformed, "the key is no DER"};
  }
  if (fields->next_is(der::kInteger)) {
    if (parts > 2) return Error{Errc::kBadArgument, "a private key where a public key belongs"};
    DerReader outer(der);
    return public_key_of_pkcs1(*outer.take(der::kSequence));
  }
  if (parts == 2) return public_key_of_spki(der);
  SLUICE_TRY(auto certificate, parse_certificate(der));
  return std::move(certificate.key);
}

}  // namespace

Result<PublicKey> parse_public_key(ByteView text) {
  SLUICE_TRY(const auto unwrapped, unwrap_key(text, KeyHalf::kPublic));
  switch (unwrapped.form) {
    case KeyForm::kDer: return parse_der(unwrapped.bytes);
    case KeyForm::kBare: return ed25519_key(unwrapped.bytes);
    case KeyForm::kJwk: break;
  }
  SLUICE_TRY(const auto json, codec::parse_json(unwrapped.bytes));
  return public_key_of_jwk(json);
}

}  // namespace sluice::crypto
