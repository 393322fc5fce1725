#include "signature/message_shape.h"

#include <algorithm>
#include <optional>

namespace sluice::signature {
namespace {

constexpr std::string_view kUnended =
    "two parts of the message meet without a literal between them, so bytes could be moved from "
    "one into the other: put a literal between them, or one that has a fixed shape";
constexpr std::string_view kEnderInside =
    "the literal behind a part of the message begins with a byte that the part can hold, so where "
    "the part ends is not certain: choose another literal";
constexpr std::string_view kUncertain =
    "whether an optional part of the message is there cannot be told from the bytes: give it text "
    "of its own in \"before\"";

// The bytes that a part may hold; each is a bit in `kLettersWith`.
enum class Letters : std::uint8_t { kDigits, kTime, kUpper, kUrl, kPlain, kPrintable, kText };

constexpr std::uint8_t bit_of(Letters letters) {
  return static_cast<std::uint8_t>(1U << static_cast<unsigned>(letters));
}

constexpr std::array<std::uint8_t, 256> letters_with_each_byte() {
  std::array<std::uint8_t, 256> table{};
  const auto allow = [&](Letters letters, std::string_view bytes) {
    for (const char c : bytes) table[static_cast<unsigned char>(c)] |= bit_of(letters);
  };
  for (const Letters letters : {Letters::kTime, Letters::kUrl, Letters::kPlain}) {
    allow(letters, "0123456789");
    allow(letters, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    allow(letters, "abcdefghijklmnopqrstuvwxyz");
  }
  allow(Letters::kDigits, "0123456789");
  allow(Letters::kTime, " ,:.+-");
  allow(Letters::kUpper, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  allow(Letters::kUrl, "-._~:/?#@!$&'()*+,;=%");
  allow(Letters::kPlain, "._:=+/-");
  for (unsigned c = ' '; c < 256; ++c) {
    if (c <= '~') table[c] |= bit_of(Letters::kPrintable);
    if (c != 0x7f) table[c] |= bit_of(Letters::kText);
  }
  return table;
}

constexpr std::array<std::uint8_t, 256> kLettersWith = letters_with_each_byte();

bool is_one_of(Letters letters, char c) {
  return (kLettersWith[static_cast<unsigned char>(c)] & bit_of(letters)) != 0;
}

// Ends by itself, read from either side.
bool is_self_ending(const Scheme& scheme, const MessagePart& part) {
  if (part.kind == PartKind::kSha256) return true;
  return part.kind == PartKind::kTimestamp &&
         scheme.time.format != TimeFormat::kSecondsOrMilliseconds;
}

bool is_free_kind(PartKind kind) {
  return kind == PartKind::kBody || kind == PartKind::kFormSorted;
}

// One side of a part: the bytes that may stand right beside it, and whether that is all.
struct Border {
  std::array<char, kPartsMax + 1> marks{};
  std::size_t count = 0;
  std::size_t open_to = kPartsMax;  // The part that it meets without a literal.

  [[nodiscard]] bool holds(char c) const {
    for (std::size_t i = 0; i < count; ++i) {
      if (marks[i] == c) return true;
    }
    return false;
  }
};

enum class Side : std::uint8_t { kLeft, kRight };

char first_of(std::string_view text, Side of) { return of == Side::kRight ? text[0] : text.back(); }

// What stands on the `side` of part `i`. Parts that may be absent let the next one show.
Border border(const Scheme& scheme, std::size_t i, Side side) {
  const auto& message = scheme.message;
  const bool right = side == Side::kRight;
  Border found;
  const std::string& own = right ? message[i].after : message[i].before;
  if (!own.empty()) {
    found.marks[found.count++] = first_of(own, side);
    return found;
  }
  for (std::size_t at = right ? i + 1 : i - 1; at < message.size(); right ? ++at : --at) {
    const MessagePart& part = message[at];
    const std::string& edge = part.kind == PartKind::kLiteral ? part.text
                              : right                         ? part.before
                                                              : part.after;
    if (edge.empty()) {
      found.open_to = at;
      return found;
    }
    found.marks[found.count++] = first_of(edge, side);
    if (!part.optional) return found;
  }
  return found;  // The end of the message.
}

Letters letters_of(const Scheme& scheme, const MessagePart& part, bool is_open) {
  switch (part.kind) {
    case PartKind::kTimestamp: {
      const TimeFormat format = scheme.time.format;
      const bool text = format == TimeFormat::kRfc3339 || format == TimeFormat::kHttpDate;
      return text ? Letters::kTime : Letters::kDigits;
    }
    case PartKind::kCrc32: return Letters::kDigits;
    case PartKind::kMethod: return Letters::kUpper;
    case PartKind::kUrl:
    case PartKind::kUrlPath: return Letters::kUrl;
    case PartKind::kHeader: return is_open ? Letters::kPlain : Letters::kPrintable;
    default: return is_open ? Letters::kPlain : Letters::kText;
  }
}

// Which way part `i` is read, so on which side it has to end.
Side reading_side(std::size_t i, std::size_t free) { return i < free ? Side::kRight : Side::kLeft; }

bool is_fixed_kind(PartKind kind) {
  return kind == PartKind::kTimestamp || kind == PartKind::kCrc32 || kind == PartKind::kMethod ||
         kind == PartKind::kUrl || kind == PartKind::kUrlPath;
}

Result<void> check_end(const Scheme& scheme, std::size_t i, std::size_t free) {
  const MessagePart& part = scheme.message[i];
  if (part.kind == PartKind::kLiteral || i == free) return {};
  const Side side = reading_side(i, free);
  const Border edge = border(scheme, i, side);
  if (edge.open_to == kPartsMax) {
    if (!is_fixed_kind(part.kind)) return {};
    const Letters letters = letters_of(scheme, part, false);
    if (letters == Letters::kTime) return {};
    for (std::size_t k = 0; k < edge.count; ++k) {
      if (is_one_of(letters, edge.marks[k])) return Error{Errc::kBadArgument, kEnderInside};
    }
    return {};
  }
  if (is_self_ending(scheme, part)) return {};
  if (part.kind == PartKind::kTimestamp) return Error{Errc::kBadArgument, kUnended};
  const MessagePart& next = scheme.message[edge.open_to];
  const bool url = next.kind == PartKind::kUrl || next.kind == PartKind::kUrlPath;
  const bool ends = edge.open_to == free || is_self_ending(scheme, next) ||
                    (part.kind == PartKind::kMethod && url && side == Side::kRight);
  if (!ends) return Error{Errc::kBadArgument, kUnended};
  if (edge.open_to == free || !is_self_ending(scheme, next)) return {};
  // The two are one run, which has to end at a byte that the first could not hold.
  const Border beyond = border(scheme, edge.open_to, side);
  const Letters letters = letters_of(scheme, part, true);
  for (std::size_t k = 0; k < beyond.count; ++k) {
    if (is_one_of(letters, beyond.marks[k])) return Error{Errc::kBadArgument, kEnderInside};
  }
  return {};
}

bool begins(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}
bool ends(std::string_view text, std::string_view suffix) {
  return text.size() >= suffix.size() && text.substr(text.size() - suffix.size()) == suffix;
}

// Whether an optional part tells by itself, read from the left, that it is there: the text it
// begins with is no beginning of what can stand there otherwise, nor the other way round.
bool is_certain_from_left(const Scheme& scheme, std::size_t i) {
  const auto& message = scheme.message;
  const std::string& own = message[i].before;
  for (std::size_t at = i + 1; at < message.size(); ++at) {
    const MessagePart& part = message[at];
    const std::string& edge = part.kind == PartKind::kLiteral ? part.text : part.before;
    if (edge.empty()) return false;
    if (begins(edge, own) || begins(own, edge)) return false;
    if (!part.optional) return true;
  }
  return true;
}

// Read from the right its text comes first, and then what it begins with.
bool is_certain_from_right(const Scheme& scheme, std::size_t i) {
  const auto& message = scheme.message;
  const MessagePart& own = message[i];
  for (std::size_t at = i; at-- > 0;) {
    const MessagePart& part = message[at];
    if (part.kind == PartKind::kLiteral || part.before.empty()) return false;
    const bool afters_differ = !ends(part.after, own.after) && !ends(own.after, part.after);
    const bool befores_differ = !ends(part.before, own.before) && !ends(own.before, part.before);
    if (!afters_differ && !(part.after == own.after && befores_differ)) return false;
    if (!part.optional) return true;
  }
  return true;
}

Result<void> check_optional(const Scheme& scheme, std::size_t i, std::size_t free) {
  const MessagePart& part = scheme.message[i];
  if (!part.optional) return {};
  if (part.kind == PartKind::kBody || part.kind == PartKind::kFormSorted ||
      part.kind == PartKind::kLiteral) {
    return Error{Errc::kBadArgument, "a literal, the body or the form cannot be optional"};
  }
  if (part.before.empty() && part.after.empty()) {
    // Absent and empty are one; literals on both sides keep it apart from its neighbours.
    const bool closed = border(scheme, i, Side::kLeft).open_to == kPartsMax &&
                        border(scheme, i, Side::kRight).open_to == kPartsMax;
    if (!closed) return Error{Errc::kBadArgument, kUncertain};
    return {};
  }
  const bool certain = !part.before.empty() && (i < free ? is_certain_from_left(scheme, i)
                                                         : is_certain_from_right(scheme, i));
  if (!certain) return Error{Errc::kBadArgument, kUncertain};
  return {};
}

Result<void> check_ends(const Scheme& scheme, std::size_t free) {
  for (std::size_t i = 0; i < scheme.message.size(); ++i) {
    SLUICE_TRY(check_optional(scheme, i, free));
    SLUICE_TRY(check_end(scheme, i, free));
  }
  return {};
}

// Part `i` and what stands around it, byte by byte in one direction.
class Neighbours {
 public:
  Neighbours(const Scheme& scheme, const PartValues& values, Side side)
      : scheme_(scheme), values_(values), side_(side) {}

  // The first byte beyond part `i`, not counting those of parts at or beyond `stop`.
  [[nodiscard]] std::optional<char> beyond(std::size_t i, std::size_t stop) const {
    const bool right = side_ == Side::kRight;
    for (std::size_t at = right ? i + 1 : i - 1; at < scheme_.message.size() && at != stop;
         right ? ++at : --at) {
      const MessagePart& part = scheme_.message[at];
      if (part.kind == PartKind::kLiteral) return first_of(part.text, side_);
      if (values_.absent[at]) continue;
      const ByteView pieces[] = {part.before, values_.values[at], part.after};
      for (std::size_t k = 0; k < 3; ++k) {
        const ByteView piece = pieces[right ? k : 2 - k];
        if (!piece.empty()) return first_of(piece, side_);
      }
    }
    return std::nullopt;
  }

 private:
  const Scheme& scheme_;
  const PartValues& values_;
  Side side_;
};

// A number of seconds ends by itself when it has as many digits as they have until the year 2286.
bool has_width(const Scheme& scheme, std::size_t i, ByteView value) {
  if (scheme.message[i].kind != PartKind::kTimestamp) return true;
  const TimeFormat format = scheme.time.format;
  if (format != TimeFormat::kSeconds && format != TimeFormat::kMilliseconds) return true;
  if (border(scheme, i, Side::kLeft).open_to == kPartsMax &&
      border(scheme, i, Side::kRight).open_to == kPartsMax) {
    return true;
  }
  return value.size() == (format == TimeFormat::kSeconds ? 10 : 13);
}

bool is_apart(const Scheme& scheme, std::size_t i, std::size_t free, Letters letters,
              const Border& edge, const PartValues& values) {
  if (is_self_ending(scheme, scheme.message[i])) return true;
  // Twilio signs names and values in a row without anything between them.
  if (scheme.message[edge.open_to].kind == PartKind::kFormSorted) return true;
  const Side side = reading_side(i, free);
  const bool pair = edge.open_to != free && is_self_ending(scheme, scheme.message[edge.open_to]);
  const std::size_t last = pair ? edge.open_to : i;
  // From the left, what is read from the right is already taken away; the body may be empty.
  const std::size_t stop = side == Side::kRight && free < kPartsMax ? free + 1 : kPartsMax;
  const auto byte = Neighbours(scheme, values, side).beyond(last, stop);
  return !byte || !is_one_of(letters, *byte);
}

}  // namespace

std::size_t free_part(const Scheme& scheme) {
  const auto& message = scheme.message;
  for (std::size_t i = 0; i < message.size(); ++i) {
    if (is_free_kind(message[i].kind)) return i;
  }
  for (std::size_t i = 0; i < message.size(); ++i) {
    if (message[i].kind != PartKind::kJson && message[i].kind != PartKind::kForm) continue;
    if (message[i].optional || !check_ends(scheme, i)) return kPartsMax;
    return i;
  }
  return kPartsMax;
}

Result<void> check_shape(const Scheme& scheme) {
  const auto& message = scheme.message;
  const auto free_kinds = std::count_if(message.begin(), message.end(),
                                        [](const auto& part) { return is_free_kind(part.kind); });
  if (free_kinds > 1) {
    return Error{Errc::kBadArgument,
                 "the body is in the message twice, so where it ends is not certain"};
  }
  for (std::size_t i = 0; i < message.size(); ++i) {
    if (message[i].kind == PartKind::kFormSorted && i + 1 != message.size()) {
      return Error{Errc::kBadArgument, "the sorted form is the last part of the message"};
    }
  }
  return check_ends(scheme, free_part(scheme));
}

bool fits_part(const Scheme& scheme, std::size_t i, const PartValues& values) {
  const MessagePart& part = scheme.message[i];
  const std::size_t free = free_part(scheme);
  if (part.kind == PartKind::kLiteral || i == free || values.absent[i]) return true;
  const ByteView value = values.values[i];
  const Border edge = border(scheme, i, reading_side(i, free));
  const bool is_open = edge.open_to < kPartsMax;
  const Letters letters = letters_of(scheme, part, is_open);
  const bool url = part.kind == PartKind::kUrl || part.kind == PartKind::kUrlPath;
  const bool time = part.kind == PartKind::kTimestamp;
  if (value.size() > (url ? kSignedUrlMax : time ? kTimeTextMax : kSignedTextMax)) return false;
  if (value.empty() && (is_open || part.kind == PartKind::kHeader)) return false;
  const bool ends_itself = letters == Letters::kTime;
  const bool fits = std::all_of(value.begin(), value.end(), [&](char c) {
    return is_one_of(letters, c) && (ends_itself || !edge.holds(c));
  });
  return fits && has_width(scheme, i, value) &&
         (!is_open || is_apart(scheme, i, free, letters, edge, values));
}

}  // namespace sluice::signature
