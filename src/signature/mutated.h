// A text with something changed about it, for tests that expect it to be refused.
#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include "base/prng.h"

namespace sluice::signature {

inline std::size_t below(Prng& prng, std::size_t bound) {
  return static_cast<std::size_t>(prng.below(bound));
}

inline std::string random_bytes(Prng& prng, std::size_t size) {
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(prng.below(256));
  return bytes;
}

// Flips a bit, drops, doubles, inserts, cuts or swaps; the result differs from the text.
inline std::string mutated(Prng& prng, const std::string& text) {
  std::string changed = text;
  while (changed == text) {
    const std::size_t at = text.empty() ? 0 : below(prng, text.size());
    switch (text.empty() ? 2 : below(prng, 6)) {
      case 0: changed[at] = static_cast<char>(changed[at] ^ (1 << below(prng, 8))); break;
      case 1: changed.erase(at, 1 + below(prng, 3)); break;
      case 2: changed.insert(at, random_bytes(prng, 1 + below(prng, 3))); break;
      case 3: changed.insert(at, 1, changed[at]); break;
      case 4: changed.resize(at); break;
      default: std::swap(changed[at], changed[below(prng, text.size())]); break;
    }
  }
  return changed;
}

}  // namespace sluice::signature
