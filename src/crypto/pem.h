// PEM (RFC 7468): DER as base64 between two lines that say what it is.
//
// Reading forgives what pasting does to a text: lost or surplus line breaks, and a "\n" that
// stayed two characters.
#pragma once

#include <optional>

#include "base/bytes.h"
#include "base/result.h"

namespace sluice::crypto {

inline constexpr ByteView kPemBegin = "-----BEGIN ";

struct PemBlock {
  ByteView label;
  ByteView body;
  ByteView rest;  // What stands behind the block.
};

// The first block of the text; what stands before it is passed over.
[[nodiscard]] std::optional<PemBlock> next_pem_block(ByteView text);
[[nodiscard]] bool is_certificate_label(ByteView label);
[[nodiscard]] Result<Bytes> decode_pem_body(ByteView body);

// Without white space, and without each "\n" and "\r" in two characters.
[[nodiscard]] Bytes without_blanks(ByteView text);
// Either alphabet, padded or not.
[[nodiscard]] std::optional<Bytes> decode_any_base64(ByteView text);

}  // namespace sluice::crypto
