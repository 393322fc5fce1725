// How a provider signs, as data.
//
// A scheme says where the signature stands, which bytes it covers, how the key is made, when it was
// made and what names the delivery. The same data verifies what came in and signs what goes out.
//
//   stripe-signature: t=1531420618,v1=5257a8...,v1=9a0b...
//                     |             |
//                     time.name     signature.field, repeated while keys rotate
//
//   message  {timestamp}.{body}     the bytes under the signature, part by part
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "crypto/hash.h"

namespace sluice::signature {

inline constexpr std::uint32_t kCandidatesMax = 16;
inline constexpr std::size_t kPartsMax = 16;

enum class Family : std::uint8_t { kHmac = 1 };
enum class Encoding : std::uint8_t { kHexLower = 1, kBase64 = 2 };

// Where candidates for the signature stand. A header is one item, or a list of items divided by
// `item_separator`; an item is a bare signature, or one under a field name.
struct SignatureSite {
  std::string header;           // Lower case.
  char item_separator = '\0';   // ' ' or ','; NUL: the whole header is one item.
  char field_separator = '\0';  // Between field name and value; NUL: items have no names.
  std::string field;            // Items under this name are candidates; others are passed over.
  std::string prefix;           // In front of every candidate, and required.
  Encoding encoding = Encoding::kHexLower;
  std::uint32_t candidates_max = kCandidatesMax;

  friend bool operator==(const SignatureSite&, const SignatureSite&) = default;
};

enum class TimeSource : std::uint8_t { kNone = 0, kHeader = 1, kSignatureField = 2 };
enum class TimeUnit : std::uint8_t { kSeconds = 1, kMilliseconds = 2 };
enum class FutureLimit : std::uint8_t { kApart = 0, kAtMostPast = 1 };

// When the request was signed, and how far that may lie from now; both limits are inclusive.
struct TimeSite {
  TimeSource source = TimeSource::kNone;
  std::string name;  // Of the header, or of the field of the signature header.
  TimeUnit unit = TimeUnit::kSeconds;
  Duration past = seconds(300);
  Duration future = seconds(60);
  FutureLimit future_limit = FutureLimit::kApart;

  friend bool operator==(const TimeSite&, const TimeSite&) = default;
};

enum class KeyForm : std::uint8_t { kUtf8 = 1, kBase64 = 2 };

struct KeyRule {
  KeyForm form = KeyForm::kUtf8;
  std::string prefix;  // Taken off first, where the secret has it: "whsec_".

  friend bool operator==(const KeyRule&, const KeyRule&) = default;
};

enum class PartKind : std::uint8_t { kLiteral = 1, kBody = 2, kTimestamp = 3, kHeader = 4 };

struct MessagePart {
  PartKind kind{};
  std::string text;  // The literal, or the header's name.

  friend bool operator==(const MessagePart&, const MessagePart&) = default;
};

// What names a delivery, so that its repeat is known. Rules are tried in order; the digest of the
// signed bytes always ends the list.
enum class IdentityKind : std::uint8_t {
  kSignedHeader = 1,
  kBodyField = 2,
  kUnsignedHeader = 3,  // Anyone can change it: the digest has to be claimed as well.
  kDigest = 4,
};

struct IdentityRule {
  IdentityKind kind = IdentityKind::kDigest;
  std::string name;  // A header, or a JSON pointer into the body.

  friend bool operator==(const IdentityRule&, const IdentityRule&) = default;
};

struct Scheme {
  std::string name;
  Family family = Family::kHmac;
  crypto::HashKind hash = crypto::HashKind::kSha256;
  SignatureSite signature;
  KeyRule key;
  TimeSite time;
  std::vector<MessagePart> message;
  std::vector<IdentityRule> identity;
  std::string installation_header;  // Names the tenant whose secrets apply; unsigned, optional.

  friend bool operator==(const Scheme&, const Scheme&) = default;
};

// "v0:{timestamp}:{body}", "{header:webhook-id}.{timestamp}.{body}".
[[nodiscard]] std::optional<std::vector<MessagePart>> parse_message(std::string_view text);
[[nodiscard]] std::string format_message(const std::vector<MessagePart>& message);

// Whether the scheme can be used, and is safe: its time is signed, its body is, its signed identity
// is, and two requests never share their signed bytes. The context says what is wrong.
[[nodiscard]] Result<void> check(const Scheme& scheme);

}  // namespace sluice::signature
