// Verifying what a scheme's message says was signed: shared secrets, public keys, and tokens.
#include <optional>
#include <string>
#include <utility>

#include "crypto/equal.h"
#include "signature/delivery_identity.h"
#include "signature/match.h"
#include "signature/reading.h"
#include "signature/signature_text.h"
#include "signature/signing_time.h"
#include "signature/verify.h"

namespace sluice::signature {
namespace {

// The text that a rule finds; empty when there is none, or an unclear one.
Bytes identity_text(const Scheme& scheme, const Site& site, const Request& request,
                    Reading& reading) {
  const Found found = find_read(scheme, site, request, reading);
  if (found.presence != Presence::kThere || found.text.size() > kIdentityTextMax) return {};
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

// The hash of the body that was signed in its place.
bool has_digest(const BodyDigest& rule, std::string_view text, ByteView body) {
  if (text.substr(0, rule.prefix.size()) != rule.prefix) return false;
  text.remove_prefix(rule.prefix.size());
  const auto sent = decode_signature(rule.encoding, text);
  return sent && crypto::equal(crypto::digest(rule.hash, body).view(), *sent);
}

}  // namespace

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
  if (candidates.empty()) {
    return Refusal{Reason::kSignatureMalformed, "no signature of the scheme's form is there"};
  }
  const bool shared = scheme.family == Family::kToken || is_symmetric(algorithm);
  if (!shared && candidates.size() > kPublicCandidatesMax) {
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
  const auto text_at = [&](const Site& site) {
    return SitedText{.text = identity_text(scheme, site, request, reading),
                     .is_signed = is_signed(scheme, site)};
  };
  const auto digest = [&] { return digest_of(scheme, request, message); };
  identify(scheme, request, text_at, digest, accepted);
  return accepted;
}

}  // namespace sluice::signature
