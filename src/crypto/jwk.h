// JSON Web Keys (RFC 7517): RSA and EC by RFC 7518, Ed25519 by RFC 8037.
//
// Other members, such as "kid", "use" and "alg", are the caller's to read.
#pragma once

#include "base/result.h"
#include "codec/json.h"
#include "crypto/private_key.h"
#include "crypto/public_key.h"

namespace sluice::crypto {

// Of a key without private members.
[[nodiscard]] Result<PublicKey> public_key_of_jwk(const codec::Json& jwk);

// With "d"; of RSA with its primes too. The public members have to belong to it.
[[nodiscard]] Result<PrivateKey> private_key_of_jwk(const codec::Json& jwk);

}  // namespace sluice::crypto
