// Comparing secrets: the time taken depends on the lengths alone, never on the content.
#pragma once

#include "base/bytes.h"

namespace sluice::crypto {

// False for different lengths.
[[nodiscard]] bool equal(ByteView a, ByteView b);

// Overwrites the bytes in a way that is not optimised away, and empties the string.
void wipe(Bytes& bytes);

}  // namespace sluice::crypto
