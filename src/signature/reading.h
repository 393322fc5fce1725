// The texts of a request that a scheme works with: found, unique and well-formed.
//
// Ambiguity is refused: a signed header that arrives twice, a field given twice, an item that is
// no field, bytes that could belong to the part before or behind.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "signature/verify.h"

namespace sluice::signature {

inline constexpr std::size_t kSignatureHeaderMax = 8192;
inline constexpr std::size_t kSignedHeaderMax = 256;
inline constexpr std::size_t kItemsMax = 64;

struct Reading {
  std::string_view timestamp;  // Empty where the scheme has none.
  std::array<std::string_view, kCandidatesMax> candidates;
  std::size_t candidate_count = 0;
};

// `reading` is filled as far as there is no refusal; its views point into the request.
[[nodiscard]] std::optional<Refusal> read(const Scheme& scheme, const Headers& headers,
                                          Reading& reading);

// The signed bytes, part by part.
struct Message {
  std::array<ByteView, kPartsMax> parts;
  std::size_t count = 0;
};

[[nodiscard]] Message message_of(const Scheme& scheme, std::string_view timestamp,
                                 const Headers& headers, ByteView body);

// Whether `value` can stand at part `i` of the message without reaching into the next part: it is
// printable ASCII, not too long, and does not hold the byte that ends it.
[[nodiscard]] bool fits_part(const Scheme& scheme, std::size_t i, std::string_view value);

}  // namespace sluice::signature
