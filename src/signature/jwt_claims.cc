#include "signature/jwt_claims.h"

#include <algorithm>
#include <string>

#include "codec/base64.h"
#include "codec/hex.h"
#include "crypto/equal.h"
#include "crypto/hash.h"
#include "signature/jws.h"
#include "signature/time_window.h"

namespace sluice::signature {
namespace {

constexpr codec::JsonLimits kClaimsLimits{.depth_max = 32, .size_max = kJwsMax};

Refusal refuse(Reason reason, std::string detail) { return {reason, std::move(detail)}; }

// A claim that is a time (NumericDate). None when it is there and no time.
struct ClaimedTime {
  bool is_given = false;
  std::optional<std::int64_t> seconds;
};

ClaimedTime time_of(const codec::Json& claims, std::string_view name) {
  const auto* value = claims.member(name);
  if (value == nullptr) return {};
  const auto text = value->as_number_text();
  return {.is_given = true, .seconds = text ? parse_seconds(*text) : std::nullopt};
}

Refusal no_time(std::string_view name) {
  return refuse(Reason::kTimestampMalformed, "the claim " + std::string(name) + " is no time");
}

std::optional<Refusal> check_bounds(const codec::Json& claims, Duration leeway, Instant now) {
  const ClaimedTime expires = time_of(claims, "exp");
  const ClaimedTime starts = time_of(claims, "nbf");
  if (expires.is_given && !expires.seconds) return no_time("exp");
  if (starts.is_given && !starts.seconds) return no_time("nbf");
  const std::int64_t seconds = second_of(now);
  const std::int64_t slack = leeway.ms / 1000;
  if (expires.seconds && seconds > *expires.seconds + slack) {
    return refuse(Reason::kTimestampTooOld,
                  "the token expired " + std::to_string(seconds - *expires.seconds) + " s ago");
  }
  if (starts.seconds && seconds + slack < *starts.seconds) {
    return refuse(Reason::kTimestampTooNew,
                  "the token is valid in " + std::to_string(*starts.seconds - seconds) + " s");
  }
  return std::nullopt;
}

bool names_audience(const codec::Json* value, std::string_view audience) {
  if (value == nullptr) return false;
  if (value->is_string()) return value->as_string() == audience;
  const auto& items = value->items();
  return std::any_of(items.begin(), items.end(),
                     [&](const codec::Json& item) { return item.as_string() == audience; });
}

std::optional<Bytes> decode(Encoding encoding, std::string_view text) {
  switch (encoding) {
    case Encoding::kHexLower: return codec::decode_hex(text, codec::HexCase::kLowerOnly);
    case Encoding::kHexAny: return codec::decode_hex(text, codec::HexCase::kAny);
    case Encoding::kBase64: return codec::decode_base64(text);
    case Encoding::kBase64Url: {
      const bool is_padded = !text.empty() && text.back() == '=';
      const auto padding =
          is_padded ? codec::Base64Padding::kRequired : codec::Base64Padding::kNone;
      return codec::decode_base64(text, {codec::Base64Alphabet::kUrl, padding});
    }
    case Encoding::kHexUpper:
    case Encoding::kNone: break;
  }
  return std::nullopt;
}

}  // namespace

std::optional<codec::Json> parse_claims(ByteView payload) {
  auto claims = codec::parse_json(payload, kClaimsLimits);
  if (!claims.has_value() || !claims->is_object()) return std::nullopt;
  return *std::move(claims);
}

Bytes claim_text(const codec::Json& claims, std::string_view name) {
  const bool is_pointer = !name.empty() && name[0] == '/';
  const auto* value = is_pointer ? claims.find(name) : claims.member(name);
  if (value == nullptr) return {};
  return Bytes(value->as_scalar_text().value_or(std::string_view()));
}

std::optional<Refusal> check_claimed_times(const TimeSite& site, const codec::Json& claims,
                                           Instant now, std::optional<Instant>& signed_at) {
  if (site.from.place == Place::kClaim) {
    const ClaimedTime claimed = time_of(claims, site.from.name);
    if (!claimed.seconds) return no_time(site.from.name);
    if (auto refusal = check_window(site, *claimed.seconds, now)) return refusal;
    signed_at = Instant{*claimed.seconds * 1000};
  }
  return check_bounds(claims, site.future, now);
}

std::optional<Refusal> check_parties(const JwtRule& rule, const codec::Json& claims) {
  const auto* issuer = claims.member("iss");
  if (!rule.issuer.empty() && (issuer == nullptr || issuer->as_string() != rule.issuer)) {
    return refuse(Reason::kSignatureMismatch, "the token is from another issuer");
  }
  if (!rule.audience.empty() && !names_audience(claims.member("aud"), rule.audience)) {
    return refuse(Reason::kSignatureMismatch, "the token is for another audience");
  }
  return std::nullopt;
}

std::optional<Refusal> check_claimed_digest(const BodyDigest& digest, const codec::Json& claims,
                                            const Request& request) {
  const Bytes text = claim_text(claims, digest.from.name);
  if (text.empty() && digest.optional && request.body.empty()) return std::nullopt;
  std::string_view rest = text;
  if (rest.empty() || rest.substr(0, digest.prefix.size()) != digest.prefix) {
    return refuse(Reason::kSignatureMalformed, "the token holds no digest of the body");
  }
  rest.remove_prefix(digest.prefix.size());
  const auto claimed = decode(digest.encoding, rest);
  if (!claimed) return refuse(Reason::kSignatureMalformed, "the body's digest has another form");
  if (!crypto::equal(crypto::digest(digest.hash, request.body).view(), *claimed)) {
    return refuse(Reason::kSignatureMismatch, "the digest in the token is another body's");
  }
  return std::nullopt;
}

std::string digest_text(const BodyDigest& digest, ByteView body) {
  const crypto::Digest bytes = crypto::digest(digest.hash, body);
  switch (digest.encoding) {
    case Encoding::kBase64: return digest.prefix + codec::encode_base64(bytes.view());
    case Encoding::kBase64Url:
      return digest.prefix + codec::encode_base64(bytes.view(), codec::kBase64Url);
    default: return digest.prefix + codec::encode_hex(bytes.view());
  }
}

}  // namespace sluice::signature
