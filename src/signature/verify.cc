#include "signature/verify.h"

#include <optional>

#include "codec/hex.h"
#include "crypto/equal.h"
#include "signature/certificate_signature.h"
#include "signature/jwt.h"
#include "signature/match.h"
#include "signature/message_signature.h"
#include "signature/reading.h"
#include "signature/signature_text.h"
#include "signature/signing_time.h"

namespace sluice::signature {
namespace {

constexpr std::size_t kIdentityMax = 256;

// The text that a rule finds; empty when there is none, or an unclear one.
Bytes identity_text(const Scheme& scheme, const Site& site, const Request& request,
                    Reading& reading) {
  const Found found = find_read(scheme, site, request, reading);
  if (found.presence != Presence::kThere || found.text.size() > kIdentityMax) return {};
  // A flag names nothing.
  if (site.place == Place::kJson && (found.text == "true" || found.text == "false")) return {};
  // Two that a proxy joined.
  const bool joined = site.place == Place::kHeader && found.text.find(',') != ByteView::npos;
  return joined ? Bytes() : Bytes(found.text);
}

crypto::Digest256 digest_of(const Scheme& scheme, const Request& request, const Message& message) {
  // A token is nothing that a digest could tell apart: the body is.
  if (scheme.family == Family::kToken) return crypto::sha256(request.body);
  crypto::Sha256 digest;
  for (const ByteView piece : message.view()) digest.update(piece);
  return digest.finish();
}

void identify(const Scheme& scheme, const Request& request, const Message& message,
              Reading& reading, Accepted& accepted) {
  for (std::size_t i = 0; i < scheme.identity.size(); ++i) {
    const Site& site = scheme.identity[i].site;
    Bytes text = identity_text(scheme, site, request, reading);
    if (text.empty()) continue;
    accepted.identity_rule = i;
    accepted.identity = std::move(text);
    accepted.identity_signed = is_signed(scheme, site);
    if (!accepted.identity_signed && request.wants_digest) {
      accepted.digest = digest_of(scheme, request, message);
    }
    return;
  }
  accepted.digest = digest_of(scheme, request, message);
  accepted.identity = codec::encode_hex(crypto::view(*accepted.digest));
}

// The hash of the body that was signed in its place.
bool has_digest(const BodyDigest& rule, std::string_view text, ByteView body) {
  if (text.substr(0, rule.prefix.size()) != rule.prefix) return false;
  text.remove_prefix(rule.prefix.size());
  const auto sent = decode_signature(rule.encoding, text);
  return sent && crypto::equal(crypto::digest(rule.hash, body).view(), *sent);
}

}  // namespace

std::string_view name(Reason reason) {
  switch (reason) {
    case Reason::kNoSecret: return "no_secret";
    case Reason::kHeaderMissing: return "header_missing";
    case Reason::kHeaderDuplicate: return "header_duplicate";
    case Reason::kHeaderMalformed: return "header_malformed";
    case Reason::kTimestampMalformed: return "timestamp_malformed";
    case Reason::kTimestampTooOld: return "timestamp_too_old";
    case Reason::kTimestampTooNew: return "timestamp_too_new";
    case Reason::kSignatureMalformed: return "signature_malformed";
    case Reason::kSignatureMismatch: return "signature_mismatch";
    case Reason::kKeyExpired: return "key_expired";
    case Reason::kSchemeUnknown: return "scheme_unknown";
    case Reason::kKeyUnknown: return "key_unknown";
    case Reason::kKeyUnavailable: return "key_unavailable";
  }
  return "signature_mismatch";
}

Verdict verify(const Scheme& scheme, const Keys& keys, const Request& request, Instant now) {
  return verify(scheme, keys, FetchedKeys(), request, now);
}

Verdict verify(const Scheme& scheme, const Keys& keys, const FetchedKeys& fetched,
               const Request& request, Instant now) {
  if (scheme.family == Family::kJwt) return verify_jwt(scheme, keys, fetched, request, now);
  if (scheme.family == Family::kMessageSignature) {
    return verify_message_signature(scheme, keys, fetched, request, now);
  }
  if (scheme.family == Family::kX509Url) {
    return verify_certificate_signature(scheme, fetched, request, now);
  }
  return verify_signed(scheme, scheme.algorithm, keys, request, now);
}

Verdict verify_signed(const Scheme& scheme, Algorithm algorithm, const Keys& keys,
                      const Request& request, Instant now) {
  if (keys.usable.empty()) {
    return Refusal{Reason::kNoSecret, keys.unusable > 0
                                          ? "no secret has the form the scheme asks for"
                                          : "no secret is configured"};
  }
  Reading reading;
  if (auto refusal = read(scheme, request, reading)) return *std::move(refusal);

  Accepted accepted;
  if (auto refusal = check_time(scheme.time, reading.timestamp, now, accepted.signed_at)) {
    return *std::move(refusal);
  }
  const Candidates candidates = decode(scheme, algorithm, reading);
  if (candidates.count == 0) {
    return Refusal{Reason::kSignatureMalformed, "no signature of the scheme's form is there"};
  }
  const bool shared = scheme.family == Family::kToken || is_symmetric(algorithm);
  if (!shared && candidates.count > kPublicCandidatesMax) {
    return Refusal{Reason::kHeaderMalformed, "more than 4 signatures to verify by public key"};
  }
  const Message message = message_of(scheme, reading.parts);
  const Match found = match(scheme, algorithm, keys, message, candidates, now);
  if (!found.valid) {
    if (found.expired) return Refusal{Reason::kKeyExpired, "a secret outside its validity matches"};
    return Refusal{Reason::kSignatureMismatch,
                   "none of " + std::to_string(keys.usable.size()) + " secrets matches"};
  }
  if (reading.body_digest && !has_digest(*scheme.body_digest, *reading.body_digest, request.body)) {
    return Refusal{Reason::kSignatureMismatch, "the body is not the one whose digest is signed"};
  }
  accepted.secret = *found.valid;
  identify(scheme, request, message, reading, accepted);
  return accepted;
}

Verdict verify(const Scheme& scheme, const std::vector<Secret>& secrets, const Request& request,
               Instant now) {
  return verify(scheme, prepare(scheme, secrets), request, now);
}

}  // namespace sluice::signature
