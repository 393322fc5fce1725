// Keys inside of DER, and the limits that every key is held to, whatever form it came in.
#pragma once

#include <cstddef>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/public_key.h"

namespace sluice::crypto {

inline constexpr std::size_t kRsaBitsMin = 2048;
inline constexpr std::size_t kRsaBitsMax = 4096;
inline constexpr std::size_t kRsaBytesMax = kRsaBitsMax / 8;

// Contents of OBJECT IDENTIFIERs.
namespace oid {
using namespace std::string_view_literals;
inline constexpr ByteView kRsa = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"sv;
inline constexpr ByteView kRsaPss = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"sv;
inline constexpr ByteView kEc = "\x2a\x86\x48\xce\x3d\x02\x01"sv;
inline constexpr ByteView kP256 = "\x2a\x86\x48\xce\x3d\x03\x01\x07"sv;
inline constexpr ByteView kP384 = "\x2b\x81\x04\x00\x22"sv;
inline constexpr ByteView kEd25519 = "\x2b\x65\x70"sv;
}  // namespace oid

// Of a magnitude without leading zeros.
[[nodiscard]] std::size_t bit_length(ByteView magnitude);
// The bytes of a field element: 32 or 48.
[[nodiscard]] std::size_t field_size(KeyKind curve);

// Leading zeros of the numbers are dropped.
[[nodiscard]] Result<PublicKey> rsa_key(ByteView modulus, ByteView exponent);
// `point` is 04 || X || Y.
[[nodiscard]] Result<PublicKey> ec_key(KeyKind curve, ByteView point);
[[nodiscard]] Result<PublicKey> ed25519_key(ByteView bytes);

// The curve of an AlgorithmIdentifier's parameters.
[[nodiscard]] Result<KeyKind> named_curve(ByteView oid_content);

// SubjectPublicKeyInfo, with its SEQUENCE.
[[nodiscard]] Result<PublicKey> public_key_of_spki(ByteView der);
// The content of RSAPublicKey's SEQUENCE.
[[nodiscard]] Result<PublicKey> public_key_of_pkcs1(ByteView content);

}  // namespace sluice::crypto
