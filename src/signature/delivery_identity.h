// What names a delivery: the first of the scheme's rules that finds a text, or a digest.
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

// `text_at` finds the text of a rule, `digest` hashes what was signed: only where no text is there,
// or one that is not signed and the request wants a digest as well.
void identify(const Scheme& scheme, const Request& request,
              const std::function<SitedText(const Site&)>& text_at,
              const std::function<crypto::Digest256()>& digest, Accepted& accepted);

}  // namespace sluice::signature
