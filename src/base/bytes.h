// Bytes are a std::string that promises nothing about its encoding.
//
// Bodies are carried byte for byte: NUL and invalid UTF-8 included.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::inline base {

using Bytes = std::string;
using ByteView = std::string_view;

[[nodiscard]] inline const std::uint8_t* as_u8(ByteView bytes) {
  return reinterpret_cast<const std::uint8_t*>(bytes.data());
}
[[nodiscard]] inline std::uint8_t* as_u8(Bytes& bytes) {
  return reinterpret_cast<std::uint8_t*>(bytes.data());
}

}  // namespace sluice::inline base
