// What a scheme's signature says something about.
#pragma once

#include "signature/scheme.h"

namespace sluice::signature {

[[nodiscard]] bool has_part(const Scheme& scheme, PartKind kind);

// Every byte of the body: itself, its SHA-256, or a signed digest. A CRC-32 is none, since another
// body with the same one is made in no time; nor is a sorted form, which is not all of its bytes.
[[nodiscard]] bool covers_body(const Scheme& scheme);

// The URL's query, with the rest of it.
[[nodiscard]] bool covers_url(const Scheme& scheme);

}  // namespace sluice::signature
