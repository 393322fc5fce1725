// Digests of a body in a header (RFC 9530).
//
//   content-digest: sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace sluice::signature {

enum class DigestMatch : std::uint8_t { kMatches, kDiffers, kMalformed };

// Every SHA-256 and SHA-512 in the header has to match, and one has to be there; digests by other
// algorithms say nothing and are passed over.
[[nodiscard]] DigestMatch match_content_digest(std::string_view header, ByteView body);

// By SHA-256.
[[nodiscard]] std::string content_digest(ByteView body);

}  // namespace sluice::signature
