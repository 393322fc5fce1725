// How a provider asks whether an address takes its webhooks, as data.
//
//   GET ?hub.mode=subscribe&hub.verify_token=T&hub.challenge=17     17
//   POST {"type":"url_verification","challenge":"3eZb"}             3eZb
//   GET ?crc_token=t                                                {"response_token":"sha256=..."}
//
// A rule says which requests are meant and what answers them. An answer is short and plain, and is
// made of nothing but what the rule names; a request that a rule answers is never stored.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "signature/site.h"

namespace sluice::signature {

inline constexpr std::size_t kHandshakesMax = 8;      // Of one scheme.
inline constexpr std::size_t kHandshakePartsMax = 8;  // Conditions, and parts of a reply.

enum class Expectation : std::uint8_t {
  kPresent = 1,      // A text stands there, whichever it is.
  kText = 2,         // It is `text`.
  kVerifyToken = 3,  // It is the source's verify token; anything else is refused.
  kParameter = 4,    // It is the scheme's parameter `text`, where the source has set that.
  kAbsent = 5,       // No text stands there.
};

struct HandshakeCondition {
  Site site;  // A header, a query parameter, or a scalar of the JSON body.
  Expectation expects = Expectation::kPresent;
  std::string text = {};

  friend bool operator==(const HandshakeCondition&, const HandshakeCondition&) = default;
};

enum class ReplyTarget : std::uint8_t { kText = 1, kJsonMember = 2, kHeader = 3 };

enum class ReplySource : std::uint8_t {
  kLiteral = 1,  // `text`; for a JSON member a JSON value.
  kEcho = 2,     // The text at `from`.
  kHmac = 3,     // HMAC of that text under the source's secret.
  kSha256 = 4,   // SHA-256 of that text, the verify token and the URL without its query.
};

enum class ReplyEncoding : std::uint8_t { kHex = 1, kBase64 = 2 };

struct ReplyPart {
  ReplyTarget target = ReplyTarget::kText;
  std::string name = {};  // Of the JSON member, or of the header in lower case.
  ReplySource source = ReplySource::kEcho;
  Site from = {};
  std::string text = {};    // The literal.
  std::string prefix = {};  // In front of a digest.
  ReplyEncoding encoding = ReplyEncoding::kHex;

  friend bool operator==(const ReplyPart&, const ReplyPart&) = default;
};

struct HandshakeRule {
  std::string method = "POST";                // Or GET, HEAD, OPTIONS.
  std::vector<HandshakeCondition> when = {};  // All of them hold.
  std::vector<ReplyPart> reply = {};          // None: the status alone.
  std::uint16_t status = 200;
  bool verify_first = false;  // Only where the signature is right.
  Site fetch = {};            // The URL to get before the reply; its failure is ours.
  std::vector<std::string> fetch_hosts = {};  // Where it may point: "sns.*.amazonaws.com".

  friend bool operator==(const HandshakeRule&, const HandshakeRule&) = default;
};

// Handshakes of known providers; a preset's row names one.
enum class Handshake : std::uint8_t {
  kNone = 0,
  kSlack = 1,         // POST {"type":"url_verification","challenge":...}, signed.
  kZoom = 2,          // POST {"event":"endpoint.url_validation",...}, signed: HMAC of plainToken.
  kMeta = 3,          // GET hub.challenge with hub.verify_token. WhatsApp, Instagram, Messenger.
  kStrava = 4,        // The same, answered as JSON.
  kTwitch = 5,        // POST webhook_callback_verification, signed.
  kX = 6,             // GET crc_token: HMAC of it in base64.
  kDiscord = 7,       // POST {"type":1} and {"type":0}, signed.
  kAwsSns = 8,        // POST SubscriptionConfirmation, signed: GET of its SubscribeURL.
  kGraph = 9,         // POST ?validationToken=. Microsoft Graph.
  kCloudEvents = 10,  // OPTIONS with webhook-request-origin.
  kEventGrid = 11,    // POST SubscriptionValidation, answered with its code. Azure.
  kChallengeQuery = 12,  // GET ?challenge=. Dropbox, Nylas, Adobe I/O.
  kChallengeBody = 13,   // POST {"challenge":...}, answered alike. Monday, Miro, Lark.
  kOkta = 14,            // GET with x-okta-verification-challenge.
  kSmartsheet = 15,      // POST with smartsheet-hook-challenge.
  kEbay = 16,            // GET ?challenge_code=: SHA-256 with the verify token and the URL.
  kLinkedIn = 17,        // GET ?challengeCode=: HMAC of it in hex.
  kReachable = 18,       // GET or HEAD, answered 200. Trello, Mailchimp, Mandrill, Intercom.
};

// That of the provider whose scheme is the preset of this name.
[[nodiscard]] Handshake handshake_of(std::string_view preset);

[[nodiscard]] std::vector<HandshakeRule> handshake_rules(Handshake handshake);

// "slack", "meta": as manifests and lists spell it; empty for kNone.
[[nodiscard]] std::string_view name(Handshake handshake);

}  // namespace sluice::signature
