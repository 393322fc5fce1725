// ECDSA on P-256 and P-384 over a digest (FIPS 186-4); signatures are r || s, of fixed length.
#pragma once

#include <optional>

#include "base/bytes.h"
#include "crypto/public_key.h"

namespace sluice::crypto {

// `point` is 04 || X || Y of the curve's length.
[[nodiscard]] bool is_on_curve(KeyKind curve, ByteView point);

// Takes about twice as long as a multiplication; false for a signature of another length.
[[nodiscard]] bool ecdsa_verify(const PublicKey& key, ByteView digest, ByteView raw);

// SEQUENCE { INTEGER r, INTEGER s } in strict DER, and r || s.
[[nodiscard]] std::optional<Bytes> ecdsa_raw_of_der(KeyKind curve, ByteView der);
[[nodiscard]] Bytes ecdsa_der_of_raw(ByteView raw);

}  // namespace sluice::crypto
