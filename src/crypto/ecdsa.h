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

// Deterministic (RFC 6979) over SHA-256 for P-256 and SHA-384 for P-384; `scalar` is in range and
// as long as the field, as ec_public_point asks. None where it is not.
[[nodiscard]] std::optional<Bytes> ecdsa_sign(KeyKind curve, ByteView scalar, ByteView digest);

// 04 || X || Y of a private scalar; none where it is 0 or not below the curve's order.
[[nodiscard]] std::optional<Bytes> ec_public_point(KeyKind curve, ByteView scalar);

// SEQUENCE { INTEGER r, INTEGER s } in strict DER, and r || s.
[[nodiscard]] std::optional<Bytes> ecdsa_raw_of_der(KeyKind curve, ByteView der);
[[nodiscard]] Bytes ecdsa_der_of_raw(ByteView raw);

}  // namespace sluice::crypto
