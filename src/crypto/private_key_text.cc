// Private keys from what people paste. Apart from the keys themselves, so that a program that never
// signs can be linked without.
#include "codec/json.h"
#include "crypto/der.h"
#include "crypto/equal.h"
#include "crypto/jwk.h"
#include "crypto/key_text.h"
#include "crypto/private_key.h"
#include "crypto/private_key_parts.h"

namespace sluice::crypto {
namespace {

Result<PrivateKey> parse_unwrapped(const KeyText& unwrapped) {
  switch (unwrapped.form) {
    case KeyForm::kBare: return ed25519_private_key(unwrapped.bytes);
    case KeyForm::kDer: {
      DerReader outer(unwrapped.bytes);
      const auto content = outer.take(der::kSequence);
      if (!content || !outer.at_end()) return Error{Errc::kMalformed, "the key is no DER"};
      return private_key_of_der(*content);
    }
    case KeyForm::kJwk: break;
  }
  SLUICE_TRY(const auto json, codec::parse_json(unwrapped.bytes));
  return private_key_of_jwk(json);
}

}  // namespace

Result<PrivateKey> parse_private_key(ByteView text) {
  SLUICE_TRY(auto unwrapped, unwrap_key(text, KeyHalf::kPrivate));
  auto key = parse_unwrapped(unwrapped);
  wipe(unwrapped.bytes);
  return key;
}

Result<PrivateKey> parse_ed25519_seed(ByteView text) {
  SLUICE_TRY(auto unwrapped, unwrap_key(text, KeyHalf::kPrivate));
  auto key = unwrapped.form == KeyForm::kBare
                 ? ed25519_private_key(unwrapped.bytes)
                 : Error{Errc::kBadArgument, "the seed of an Ed25519 key is needed"};
  wipe(unwrapped.bytes);
  return key;
}

}  // namespace sluice::crypto
