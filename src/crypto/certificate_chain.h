// Whether a chain of certificates leads to an anchor that we were told to trust.
//
//   leaf  <- signed by -  chain[1]  <- ... <-  an anchor
//
// A part of the path validation of RFC 5280, section 6, that leaves no gap: names follow each
// other by their DER, every certificate is valid now, an issuer is an authority within its path
// length that may sign certificates, and whatever else limits a certificate (a critical extension,
// name constraints) refuses it, since it is not understood here. Revocation is not looked up.
#pragma once

#include <cstddef>
#include <span>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/certificate.h"
#include "crypto/public_key.h"

namespace sluice::crypto {

inline constexpr std::size_t kChainMax = 4;  // Certificates from the leaf on, without the anchor.

struct ChainQuestion {
  std::span<const Certificate> chain;  // The leaf first, then each one's issuer.
  std::span<const Certificate> anchors;
  ByteView host;  // Has to be among the leaf's DNS names; empty: any leaf of the anchor will do.
  Instant now;
};

// The leaf's key, or why the chain proves nothing. An anchor may be the leaf itself.
[[nodiscard]] Result<PublicKey> check_chain(const ChainQuestion& question);

// By the DNS names alone, never by the common name; "*.example.com" stands for one label.
[[nodiscard]] bool names_host(const Certificate& certificate, ByteView host);

}  // namespace sluice::crypto
