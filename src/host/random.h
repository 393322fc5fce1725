// Cryptographically strong bytes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

namespace sluice::inline host {

class Random {
 public:
  Random() = default;
  Random(const Random&) = delete;
  Random& operator=(const Random&) = delete;
  virtual ~Random() = default;

  [[nodiscard]] virtual Bytes bytes(std::size_t count) = 0;

  [[nodiscard]] std::uint64_t number() {
    const Bytes drawn = bytes(8);
    std::uint64_t number = 0;
    for (const char byte : drawn) number = (number << 8) | static_cast<std::uint8_t>(byte);
    return number;
  }
};

}  // namespace sluice::inline host
