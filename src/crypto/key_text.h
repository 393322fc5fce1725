// What a pasted key is once its wrapping is off: DER, a JWK, or bare bytes.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"

namespace sluice::crypto {

enum class KeyForm : std::uint8_t { kDer, kJwk, kBare };
// Which kind of key is expected; the other kind is refused by its label.
enum class KeyHalf : std::uint8_t { kPublic, kPrivate };

struct KeyText {
  KeyForm form = KeyForm::kBare;
  Bytes bytes;  // Of a private key: the caller wipes them.
};

[[nodiscard]] Result<KeyText> unwrap_key(ByteView text, KeyHalf half);

}  // namespace sluice::crypto
