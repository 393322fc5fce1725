// Where each part of the signed bytes ends, so that signed bytes belong to one request.
//
// A signature covers bytes in a row. If "id.1" + "2.body" and "id" + "1.2.body" were the same row,
// one signature would stand for two requests. So one part at most is free text, usually the body.
// Those before it are read from the left, those behind it from the right, and each ends where the
// bytes themselves say so:
//
//   {header:id}.{timestamp}.{body}    at a literal's first byte, which the part may not hold
//   {timestamp}{body}                 after its fixed shape: 10 digits, 13, or RFC 3339
//   {method}{url}{body}{timestamp}    at the first byte outside the part's alphabet: the URL ends
//                                     where the JSON begins
//
// The last needs the request: whether the body begins with such a byte is known when it arrives.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "signature/scheme.h"

namespace sluice::signature {

inline constexpr std::size_t kSignedTextMax = 256;
inline constexpr std::size_t kTimeTextMax = 300;  // Digits; more are no number to anyone.
inline constexpr std::size_t kSignedUrlMax = 8192;

// What the parts of a message stand for in one request; absent ones add nothing to the message.
struct PartValues {
  std::array<ByteView, kPartsMax> values{};
  std::array<bool, kPartsMax> absent{};
};

// The part whose text is free: the body, the sorted form, or else the first text out of the body,
// where all that stands behind it can be read from the right. kPartsMax when there is none.
[[nodiscard]] std::size_t free_part(const Scheme& scheme);

// Whether the parts of such a message can be told apart at all; the context says why not.
[[nodiscard]] Result<void> check_shape(const Scheme& scheme);

// Whether part `i` can have this value without reaching into its neighbours. For a scheme that
// passed check_shape.
[[nodiscard]] bool fits_part(const Scheme& scheme, std::size_t i, const PartValues& values);

}  // namespace sluice::signature
