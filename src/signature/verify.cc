#include "signature/verify.h"

#include <algorithm>
#include <array>

#include "codec/base64.h"
#include "codec/hex.h"
#include "codec/json_pointer.h"
#include "crypto/equal.h"
#include "signature/jwt.h"
#include "signature/message_signature.h"
#include "signature/reading.h"

namespace sluice::signature {
namespace {

constexpr std::size_t kTimestampMax = 300;  // Digits; more are no number to anyone.
constexpr std::size_t kIdentityMax = 256;

std::int64_t unit_ms(TimeFormat format) { return format == TimeFormat::kSeconds ? 1000 : 1; }

std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  const std::int64_t quotient = a / b;
  return a % b < 0 ? quotient - 1 : quotient;
}

// ASCII digits only; a number too large to hold saturates.
std::optional<std::int64_t> parse_digits(std::string_view text) {
  if (text.empty() || text.size() > kTimestampMax) return std::nullopt;
  std::int64_t value = 0;
  bool saturated = false;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    saturated = saturated || __builtin_mul_overflow(value, 10, &value) ||
                __builtin_add_overflow(value, c - '0', &value);
  }
  return saturated ? INT64_MAX : value;
}

// Compares in the scheme's own unit, as providers' libraries do: with seconds, any moment of the
// 300th second is still in time.
std::optional<Refusal> check_time(const TimeSite& site, std::string_view text, Instant now,
                                  std::optional<Instant>& signed_at) {
  if (site.from.place == Place::kNone) return std::nullopt;
  const auto value = parse_digits(text);
  if (!value) return Refusal{Reason::kTimestampMalformed, "the timestamp is not a number"};
  const std::int64_t unit = unit_ms(site.format);
  const std::int64_t age = saturating_subtract(floor_divide(now.ms, unit), *value);
  const Duration future = site.future_limit == FutureLimit::kAtMostPast
                              ? std::min(site.future, site.past)
                              : site.future;
  const auto skew = [&] {
    const std::int64_t seconds = age / (1000 / unit);
    return "clock skew " + std::to_string(seconds) + " s";
  };
  if (age > floor_divide(site.past.ms, unit)) return Refusal{Reason::kTimestampTooOld, skew()};
  if (age < -floor_divide(future.ms, unit)) return Refusal{Reason::kTimestampTooNew, skew()};
  signed_at = Instant{*value * unit};  // Within the limits of now, so it fits.
  return std::nullopt;
}

struct Candidates {
  std::array<Bytes, kCandidatesMax> decoded;
  std::size_t count = 0;
};

// Candidates that are well-formed. One that is not cannot match, and does not spoil the others.
Candidates decode(const Scheme& scheme, const Reading& reading) {
  Candidates candidates;
  const SignatureSite& site = scheme.signature;
  for (std::size_t i = 0; i < reading.candidate_count; ++i) {
    std::string_view text = reading.candidates[i];
    if (text.substr(0, site.prefix.size()) != site.prefix) continue;
    text.remove_prefix(site.prefix.size());
    auto bytes = site.encoding == Encoding::kHexLower
                     ? codec::decode_hex(text, codec::HexCase::kLowerOnly)
                     : codec::decode_base64(text);
    if (!bytes || bytes->size() != crypto::digest_size(hash_of(scheme.algorithm))) continue;
    candidates.decoded[candidates.count++] = std::move(*bytes);
  }
  return candidates;
}

struct Match {
  std::optional<std::size_t> valid;
  bool expired = false;
};

// Every key against every candidate, whatever matched before.
Match match(const Keys& keys, const Message& message, const Candidates& candidates, Instant now) {
  Match found;
  for (const Key& key : keys.usable) {
    crypto::Hmac mac(*key.hmac);
    for (std::size_t i = 0; i < message.count; ++i) mac.update(message.parts[i]);
    const crypto::Digest digest = mac.finish();
    bool equal = false;
    for (std::size_t i = 0; i < candidates.count; ++i) {
      equal = crypto::equal(digest.view(), candidates.decoded[i]) || equal;
    }
    if (!equal) continue;
    if (!is_valid_at(key, now)) {
      found.expired = true;
    } else if (!found.valid) {
      found.valid = key.secret;
    }
  }
  return found;
}

// The text that `site` names in the request; empty when there is none, or an unclear one.
Bytes identity_text(const Site& site, const Request& request) {
  switch (site.place) {
    case Place::kHeader: {
      if (count(request.headers, site.name) != 1) return {};
      return Bytes(*find(request.headers, site.name));
    }
    case Place::kJson: {
      const auto value = codec::find_raw(request.body, site.name);
      if (!value || value->kind == codec::JsonKind::kBool) return {};
      return codec::scalar_text(*value).value_or(Bytes());
    }
    default: break;
  }
  return {};
}

crypto::Digest256 digest_of(const Message& message) {
  crypto::Sha256 digest;
  for (std::size_t i = 0; i < message.count; ++i) digest.update(message.parts[i]);
  return digest.finish();
}

void identify(const Scheme& scheme, const Request& request, const Message& message,
              Accepted& accepted) {
  for (std::size_t i = 0; i < scheme.identity.size(); ++i) {
    const Site& site = scheme.identity[i].site;
    Bytes text = identity_text(site, request);
    if (text.empty() || text.size() > kIdentityMax) continue;
    accepted.identity_rule = i;
    accepted.identity = std::move(text);
    accepted.identity_signed = is_signed(scheme, site);
    if (!accepted.identity_signed) accepted.digest = digest_of(message);
    return;
  }
  accepted.digest = digest_of(message);
  accepted.identity = codec::encode_hex(crypto::view(*accepted.digest));
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
  if (keys.usable.empty()) {
    return Refusal{Reason::kNoSecret, keys.unusable > 0
                                          ? "no secret has the form the scheme asks for"
                                          : "no secret is configured"};
  }
  Reading reading;
  if (auto refusal = read(scheme, request.headers, reading)) return *std::move(refusal);

  Accepted accepted;
  if (auto refusal = check_time(scheme.time, reading.timestamp, now, accepted.signed_at)) {
    return *std::move(refusal);
  }
  const Candidates candidates = decode(scheme, reading);
  if (candidates.count == 0) {
    return Refusal{Reason::kSignatureMalformed, "no signature of the scheme's form is there"};
  }
  const Message message = message_of(scheme, reading.timestamp, request.headers, request.body);
  const Match found = match(keys, message, candidates, now);
  if (!found.valid) {
    if (found.expired) return Refusal{Reason::kKeyExpired, "a secret outside its validity matches"};
    return Refusal{Reason::kSignatureMismatch,
                   "none of " + std::to_string(keys.usable.size()) + " secrets matches"};
  }
  accepted.secret = *found.valid;
  identify(scheme, request, message, accepted);
  return accepted;
}

Verdict verify(const Scheme& scheme, const std::vector<Secret>& secrets, const Request& request,
               Instant now) {
  return verify(scheme, prepare(scheme, secrets), request, now);
}

}  // namespace sluice::signature
