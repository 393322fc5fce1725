// The texts of a request that a scheme works with: found, unique and well-formed.
//
// Ambiguity is refused: a name that occurs twice, two values that a proxy joined with a comma, an
// item that is no field, bytes that could belong to the part before or behind.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "base/bounded_list.h"
#include "signature/lookup.h"
#include "signature/message_shape.h"
#include "signature/verify.h"

namespace sluice::signature {

inline constexpr std::size_t kSignatureTextMax = 8192;
inline constexpr std::size_t kItemsMax = 64;
inline constexpr std::size_t kPiecesMax = 3 * kPartsMax;

struct Candidate {
  std::string_view text;    // Behind every prefix, still encoded.
  std::string_view key_id;  // Where items are pairs of key and signature.
};

struct Reading {
  BoundedList<std::string_view, kCandidatesMax> signatures;  // The texts that hold candidates.
  BoundedList<Candidate, kCandidatesMax> candidates;
  std::string_view timestamp;                   // Empty where the scheme has none.
  std::optional<std::string_view> body_digest;  // As it was sent, where it was.
  PartValues parts;
  Shelf shelf;
};

// `reading` is filled as far as there is no refusal; its views point into the request and itself.
[[nodiscard]] std::optional<Refusal> read(const Scheme& scheme, const Request& request,
                                          Reading& reading);

// The text at a site, also inside the signature.
[[nodiscard]] Found find_read(const Scheme& scheme, const Site& site, const Request& request,
                              Reading& reading);

// The signed bytes, piece by piece.
struct Message {
  BoundedList<ByteView, kPiecesMax> pieces;

  [[nodiscard]] std::span<const ByteView> view() const { return {pieces.begin(), pieces.end()}; }
};

[[nodiscard]] Message message_of(const Scheme& scheme, const PartValues& parts);

// The value of part `i` in a request that is otherwise at hand; the time is not looked for.
[[nodiscard]] Found find_part(const Scheme& scheme, const MessagePart& part, const Request& request,
                              Shelf& shelf);

}  // namespace sluice::signature
