// X.509 certificates (RFC 5280), as far as a provider's signing certificate needs them.
//
//   Certificate ::= SEQUENCE { tbs: what is signed, the algorithm, the signature }
//   tbs: serial, issuer, validity, subject, key, extensions
//
// A chain is proof only down from an anchor that was configured; see certificate_chain.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/public_key.h"

namespace sluice::crypto {

// What signed a certificate. SHA-1 and MD5 are unknown, and so is RSA-PSS.
enum class CertificateAlgorithm : std::uint8_t {
  kUnknown,
  kRsaSha256,
  kRsaSha384,
  kRsaSha512,
  kEcdsaSha256,
  kEcdsaSha384,
  kEcdsaSha512,
  kEd25519,
};

struct Certificate {
  Bytes whole;  // Its DER.
  Bytes tbs;    // The part that is signed, in DER.
  Bytes signature;
  CertificateAlgorithm algorithm = CertificateAlgorithm::kUnknown;
  Bytes issuer;  // Names are compared by their DER.
  Bytes subject;
  Bytes common_name;                            // The subject's last; empty where there is none.
  std::vector<Bytes> dns_names;                 // Subject alternative names.
  PublicKey key;                                // With the validity.
  bool is_authority = false;                    // Basic constraints: it may issue certificates...
  std::optional<std::uint8_t> path_length_max;  // ...with at most so many authorities below.
  bool may_sign_certificates = true;            // Key usage, where it is given.
  bool has_unknown_limits = false;              // A critical extension that is not understood here.

  friend bool operator==(const Certificate&, const Certificate&) = default;
};

// The key has to be one that PublicKey can hold.
[[nodiscard]] Result<Certificate> parse_certificate(ByteView der);

inline constexpr std::size_t kCertificatesMax = 16;

// All certificates of a PEM text, in its order; or the one of a DER or of its base64.
[[nodiscard]] Result<std::vector<Certificate>> parse_certificates(ByteView text);

// The signature alone: neither names nor dates nor rights.
[[nodiscard]] bool is_signed_by(const Certificate& certificate, const PublicKey& issuer);

}  // namespace sluice::crypto
