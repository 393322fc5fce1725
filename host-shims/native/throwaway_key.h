// Secrets and key pairs for trying things out: of the form that a scheme asks for, and known to
// nobody else.
#pragma once

#include <string>

#include "base/result.h"
#include "host/random.h"
#include "signature/scheme.h"

namespace sluice::native {

struct ThrowawayKey {
  std::string secret;     // What signs: the shared secret, or the private key as PEM.
  std::string configure;  // What the receiver is given: the same secret, or the public key as PEM.
};

// Errors: kBadArgument, for an algorithm that nothing is made for.
[[nodiscard]] Result<ThrowawayKey> throwaway_key(const signature::Scheme& scheme, Random& random);

}  // namespace sluice::native
