// How a provider signs, as data.
//
// A scheme says where the signature stands, which bytes it covers, how the key is made, when it was
// made and what names the delivery. The same data verifies what came in and signs what goes out.
//
//   stripe-signature: t=1531420618,v1=5257a8...,v1=9a0b...
//                     |             |
//                     field:t       signature.field, repeated while keys rotate
//
//   message  {timestamp}.{body}     the bytes under the signature, part by part
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "crypto/hash.h"
#include "signature/algorithm.h"
#include "signature/handshake_rule.h"
#include "signature/message.h"
#include "signature/site.h"

namespace sluice::signature {

inline constexpr std::uint32_t kCandidatesMax = 16;

enum class Encoding : std::uint8_t {
  kHexLower = 1,
  kBase64 = 2,
  kHexAny = 3,
  kBase64Url = 4,
  kHexUpper = 5,
  kNone = 6,  // The text itself: a token.
};

enum class EcdsaForm : std::uint8_t { kDer = 1, kRaw = 2 };

// Where candidates for the signature stand. The text found at `from` is one item, or a list of
// items divided by `item_separator`; an item is a bare signature, or one under a field name.
struct SignatureSite {
  Site from;
  std::string prefix = {};       // In front of the whole text, and required: "sha256=", "Bearer ".
  char item_separator = '\0';    // NUL: the whole text is one item.
  char field_separator = '\0';   // Between field name and value; NUL: items have no names.
  std::string field = {};        // Items under this name are candidates; others are passed over.
  std::int8_t position = -1;     // Not negative: candidates are the items from this one on.
  std::string item_prefix = {};  // In front of every candidate, and required.
  bool field_is_key_id = false;  // The field's name tells the key: "public_key|signature".
  Encoding encoding = Encoding::kHexLower;
  EcdsaForm ecdsa = EcdsaForm::kDer;
  std::uint32_t candidates_max = kCandidatesMax;

  friend bool operator==(const SignatureSite&, const SignatureSite&) = default;
};

enum class TimeFormat : std::uint8_t {
  kSeconds = 1,
  kMilliseconds = 2,
  kRfc3339 = 3,
  kSecondsOrMilliseconds = 4,
  kHttpDate = 5,
};
enum class FutureLimit : std::uint8_t { kApart = 0, kAtMostPast = 1 };

// When the request was signed, and how far that may lie from now; both limits are inclusive.
struct TimeSite {
  Site from;
  TimeFormat format = TimeFormat::kSeconds;
  Duration past = seconds(300);
  Duration future = seconds(60);
  FutureLimit future_limit = FutureLimit::kApart;
  bool is_signed = true;  // False: it stands outside the signed bytes, and only ever refuses.

  friend bool operator==(const TimeSite&, const TimeSite&) = default;
};

// How the key's bytes come from the secret's text.
enum class KeyForm : std::uint8_t {
  kUtf8 = 1,
  kBase64 = 2,
  kHex = 3,
  kSha1 = 4,       // SHA-1 of the text.
  kSha256Hex = 5,  // The hex text of SHA-256 of the text.
  kPublicKey = 6,  // PEM, DER, JWK, a certificate, raw bytes: whatever crypto/public_key.h reads.
};

struct KeyRule {
  KeyForm form = KeyForm::kUtf8;
  std::string prefix = {};  // Taken off first, where the secret has it: "whsec_".

  friend bool operator==(const KeyRule&, const KeyRule&) = default;
};

// A hash of the body that is itself signed, so that the message need not hold the body.
struct BodyDigest {
  Site from;
  std::string prefix = {};
  crypto::HashKind hash = crypto::HashKind::kSha256;
  Encoding encoding = Encoding::kHexLower;
  bool unless_form = false;  // A form's fields are signed instead.
  bool optional = false;

  friend bool operator==(const BodyDigest&, const BodyDigest&) = default;
};

// What names a delivery, so that its repeat is known. Rules are tried in order; the digest of the
// signed bytes always ends the list.
struct IdentityRule {
  Site site;

  friend bool operator==(const IdentityRule&, const IdentityRule&) = default;
};

struct JwtRule {
  std::vector<Algorithm> algorithms;
  std::string issuer;
  std::string audience;

  friend bool operator==(const JwtRule&, const JwtRule&) = default;
};

// A key that the provider publishes at a URL: a fixed one, or one that the request names.
struct FetchedKey {
  std::string url;
  Site url_from;
  std::vector<std::string> hosts;  // Those that `url_from` may name: "sns.*.amazonaws.com".
  std::string path_suffix;         // ".pem"
  std::string subject;             // Whom the certificate is issued to: "sns.amazonaws.com".

  friend bool operator==(const FetchedKey&, const FetchedKey&) = default;
};

// The request says which of these algorithms signed it (AWS SNS: /SignatureVersion "1" or "2").
struct AlgorithmBy {
  struct Choice {
    std::string value;
    Algorithm algorithm = Algorithm::kRsaPkcs1Sha256;

    friend bool operator==(const Choice&, const Choice&) = default;
  };

  Site from;
  std::vector<Choice> choices;

  friend bool operator==(const AlgorithmBy&, const AlgorithmBy&) = default;
};

// RFC 9421: what a signature has to cover, and which of several is meant.
struct MessageSignatureRule {
  // "@method", "content-digest"; empty: method, target, and the digest of the body.
  std::vector<std::string> components;
  std::string tag;  // The signature's own; empty for any.

  friend bool operator==(const MessageSignatureRule&, const MessageSignatureRule&) = default;
};

struct Parameter {
  std::string name;
  std::string value;

  friend bool operator==(const Parameter&, const Parameter&) = default;
};

struct Scheme {
  std::string name;
  Family family = Family::kHmac;
  Algorithm algorithm = Algorithm::kHmacSha256;
  bool allow_legacy = false;
  SignatureSite signature;
  KeyRule key;
  TimeSite time;
  std::vector<MessagePart> message;
  std::optional<BodyDigest> body_digest;
  bool body_unsigned = false;  // The provider leaves the body unsigned, and the operator knows.
  std::vector<IdentityRule> identity;
  std::string installation_header;    // Names the tenant whose secrets apply; unsigned, optional.
  std::vector<Parameter> parameters;  // What {parameter:name} stands for.
  JwtRule jwt;
  FetchedKey fetched;
  std::optional<AlgorithmBy> algorithm_by;
  MessageSignatureRule message_signature;
  std::vector<HandshakeRule> handshakes;

  friend bool operator==(const Scheme&, const Scheme&) = default;
};

// Whether what stands there is under the signature: a part of the message, or inside a signed body
// or URL.
[[nodiscard]] bool is_signed(const Scheme& scheme, const Site& site);

// Whether the scheme can be used, and is safe: its time is signed, its body is, and two requests
// never share their signed bytes. The context says what is wrong.
[[nodiscard]] Result<void> check(const Scheme& scheme);

}  // namespace sluice::signature
