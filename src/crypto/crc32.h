// CRC-32 of IEEE 802.3 (reflected polynomial edb88320), as zlib has it and PayPal signs it.
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace sluice::crypto {

[[nodiscard]] std::uint32_t crc32(ByteView bytes);

}  // namespace sluice::crypto
