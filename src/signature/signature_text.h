// The text that holds the signature: one, or items, or named fields.
//
//   sha256=757107ea...                      prefix, signature
//   t=1531420618,v1=5257a8...,v1=9a0b...    named fields
//   1531420618,5257a8...,9a0b...            items by number
//   pk_1|5257a8...&pk_2|9a0b...             pairs of key and signature
#pragma once

#include <optional>

#include "base/result.h"
#include "signature/reading.h"

namespace sluice::signature {

// Adds the candidates that `text` holds. One without the prefix is none, and spoils no other.
[[nodiscard]] std::optional<Refusal> read_candidates(const SignatureSite& site,
                                                     std::string_view text, Reading& reading);

// A field or an item of the text by `where`; of several texts the first.
[[nodiscard]] Found find_in_signature(const SignatureSite& site, const Site& where,
                                      const Reading& reading);

// A candidate's bytes; none when it is not in the one form of its encoding.
[[nodiscard]] std::optional<Bytes> decode_signature(Encoding encoding, std::string_view text);
[[nodiscard]] std::string encode_signature(Encoding encoding, ByteView bytes);

}  // namespace sluice::signature
