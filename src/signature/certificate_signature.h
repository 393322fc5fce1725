// Signatures by a certificate that the request names (certificate_key.h).
//
// Everything that needs no key is checked before the certificate is asked for, so a request that
// could not be accepted by any key makes nobody fetch one.
#pragma once

#include "base/result.h"
#include "signature/fetched.h"
#include "signature/verify.h"

namespace sluice::signature {

[[nodiscard]] Verdict verify_certificate_signature(const Scheme& scheme, const FetchedKeys& fetched,
                                                   const Request& request, Instant now);

// What is particular to a scheme of this family.
[[nodiscard]] Result<void> check_certificate_scheme(const Scheme& scheme);

}  // namespace sluice::signature
