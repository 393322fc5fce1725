// What names a delivery whose signature carries named values: claims, or parameters.
#pragma once

#include <functional>

#include "base/bytes.h"
#include "signature/verify.h"

namespace sluice::signature {

inline constexpr std::size_t kIdentityTextMax = 256;

struct SitedText {
  Bytes text;  // Empty where there is none, or an unclear one.
  bool is_signed = false;
};

// A header that arrived once, a scalar of a JSON body; nothing elsewhere.
[[nodiscard]] Bytes request_text(const Site& site, const Request& request);

// The first rule whose text is there; the digest of `signed_bytes`, where that does not suffice.
void identify(const Scheme& scheme, const std::function<SitedText(const Site&)>& text_at,
              const Request& request, ByteView signed_bytes, Accepted& accepted);

}  // namespace sluice::signature
