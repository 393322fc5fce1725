#include "signature/jwt.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "codec/base64.h"
#include "codec/json_pointer.h"
#include "codec/json_writer.h"
#include "codec/url.h"
#include "signature/certificate_key.h"
#include "signature/delivery_identity.h"
#include "signature/jws.h"
#include "signature/jwt_claims.h"
#include "signature/key_match.h"
#include "signature/time_window.h"

namespace sluice::signature {
namespace {

Refusal refuse(Reason reason, std::string detail) { return {reason, std::move(detail)}; }

// The value of `name` in a query or a form; none when it is absent, and a refusal when it is there
// twice. A token needs no decoding: its bytes stand for themselves in a URL.
std::variant<std::string_view, Refusal> value_in(std::string_view pairs, const std::string& name) {
  std::string_view found;
  while (!pairs.empty()) {
    const std::string_view pair = pairs.substr(0, pairs.find('&'));
    pairs.remove_prefix(std::min(pairs.size(), pair.size() + 1));
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
    if (!found.empty()) return refuse(Reason::kHeaderDuplicate, name + " is given twice");
    found = pair.substr(equals + 1);
  }
  return found;
}

std::variant<std::string_view, Refusal> text_at(const Site& site, const Request& request,
                                                Bytes& kept) {
  switch (site.place) {
    case Place::kHeader: {
      if (count(request.headers, site.name) > 1) {
        return refuse(Reason::kHeaderDuplicate, site.name + " arrived more than once");
      }
      return find(request.headers, site.name).value_or(std::string_view());
    }
    case Place::kQuery: {
      const std::size_t question = request.url.find('?');
      if (question == std::string_view::npos) return std::string_view();
      return value_in(request.url.substr(question + 1), site.name);
    }
    case Place::kForm: return value_in(request.body, site.name);
    case Place::kBody: return request.body;
    case Place::kJson: {
      const auto value = codec::find_raw(request.body, site.name);
      if (value && value->kind == codec::JsonKind::kString) {
        kept = codec::scalar_text(*value).value_or(Bytes());
      }
      return std::string_view(kept);
    }
    default: return std::string_view();
  }
}

// The token's text; views point into the request or into `kept`.
std::variant<std::string_view, Refusal> token_of(const SignatureSite& site, const Request& request,
                                                 Bytes& kept) {
  auto found = text_at(site.from, request, kept);
  auto* text = std::get_if<std::string_view>(&found);
  if (text == nullptr) return found;
  if (text->empty()) return refuse(Reason::kHeaderMissing, "the token is missing");
  if (text->substr(0, site.prefix.size()) != site.prefix) {
    return refuse(Reason::kHeaderMalformed, "the token's prefix is another");
  }
  return text->substr(site.prefix.size());
}

// The scheme's algorithm of this name; whatever else a token says it is signed by, it is not.
std::optional<Algorithm> allowed_algorithm(const JwtRule& rule, std::string_view name) {
  const auto algorithm = parse_jose_name(name);
  if (!algorithm) return std::nullopt;
  const auto& allowed = rule.algorithms;
  const bool listed = std::find(allowed.begin(), allowed.end(), *algorithm) != allowed.end();
  return listed ? algorithm : std::nullopt;
}

std::optional<Verdict> check_set(const Scheme& scheme, const FetchedKeys& fetched, const Jws& jws,
                                 Algorithm algorithm, Instant now) {
  auto found = fetched.set_keys(scheme.fetched.url, jws.key_id, algorithm, now);
  if (auto* wanted = std::get_if<KeyWanted>(&found)) return std::move(*wanted);
  const auto* keys = std::get_if<std::vector<const SetKey*>>(&found);
  if (keys == nullptr) {
    return refuse(Reason::kKeyUnknown, "the provider's key set has no such key");
  }
  if (match_set_keys(*keys, algorithm, jws.signed_text, jws.signature)) return std::nullopt;
  return refuse(Reason::kSignatureMismatch, "no key of the provider's set matches");
}

std::optional<Refusal> check_claims(const Scheme& scheme, const codec::Json& claims, Instant now,
                                    std::optional<Instant>& signed_at) {
  if (auto refusal = check_claimed_times(scheme.time, claims, now, signed_at)) return refusal;
  return check_parties(scheme.jwt, claims);
}

SitedText identity_at(const Scheme& scheme, const codec::Json& claims, const Request& request,
                      const Site& site) {
  if (site.place == Place::kClaim)
    return {.text = claim_text(claims, site.name), .is_signed = true};
  // A body that is in the token, or that the token holds a digest of, is signed with it.
  return {.text = request_text(site, request),
          .is_signed = site.place == Place::kJson && scheme.body_digest.has_value()};
}

// A claim with a name of its own; a pointer leads into another one.
Result<void> check_writable(std::string_view name) {
  if (!name.empty() && name[0] != '/') return {};
  return Error{Errc::kNoCapability, "a claim inside of another claim cannot be written"};
}

Result<std::string> claims_of(const Scheme& scheme, const SignInput& input) {
  codec::JsonWriter claims;
  claims.begin_object();
  if (!scheme.jwt.issuer.empty()) claims.field("iss", scheme.jwt.issuer);
  if (!scheme.jwt.audience.empty()) claims.field("aud", scheme.jwt.audience);
  if (scheme.time.from.place == Place::kClaim) {
    SLUICE_TRY(check_writable(scheme.time.from.name));
    claims.field(scheme.time.from.name, second_of(input.now));
  }
  if (scheme.body_digest) {
    SLUICE_TRY(check_writable(scheme.body_digest->from.name));
    claims.field(scheme.body_digest->from.name, digest_text(*scheme.body_digest, input.body));
  }
  for (const auto& rule : scheme.identity) {
    if (rule.site.place != Place::kClaim || input.id.empty()) continue;
    SLUICE_TRY(check_writable(rule.site.name));
    claims.field(rule.site.name, input.id);
    break;
  }
  return std::move(claims.end_object()).take();
}

bool names_claim(const Site& site) { return site.place == Place::kClaim; }

Result<void> check_algorithms(const Scheme& scheme) {
  const auto& algorithms = scheme.jwt.algorithms;
  if (algorithms.empty()) {
    return Error{Errc::kBadArgument, "the scheme lists no algorithm that tokens may be signed by"};
  }
  for (const Algorithm algorithm : algorithms) {
    if (jose_name(algorithm).empty()) {
      return Error{Errc::kBadArgument, "an algorithm that no token is signed by"};
    }
  }
  const auto shared = std::count_if(algorithms.begin(), algorithms.end(), is_symmetric);
  if (shared == 0) return {};
  // A secret is prepared for one hash; and a public key's text is never a secret.
  if (algorithms.size() > 1) {
    return Error{Errc::kBadArgument, "an HMAC algorithm stands alone in the list of algorithms"};
  }
  if (!scheme.fetched.url.empty()) {
    return Error{Errc::kBadArgument, "a published key set holds no HMAC keys"};
  }
  return {};
}

}  // namespace

Verdict verify_jwt(const Scheme& scheme, const Keys& keys, const FetchedKeys& fetched,
                   const Request& request, Instant now) {
  const bool published = !scheme.fetched.url.empty();
  if (!published && keys.usable.empty()) return refusal_of(KeyMatch{}, keys);
  Bytes kept;
  auto found = token_of(scheme.signature, request, kept);
  if (auto* refusal = std::get_if<Refusal>(&found)) return std::move(*refusal);
  const auto jws = parse_jws(std::get<std::string_view>(found));
  if (!jws.has_value()) {
    return refuse(Reason::kSignatureMalformed, std::string(jws.error().context));
  }
  const auto algorithm = allowed_algorithm(scheme.jwt, jws->algorithm);
  if (!algorithm) {
    return refuse(Reason::kSignatureMalformed, "the token's algorithm is not one of the scheme's");
  }
  const auto claims = parse_claims(jws->payload);
  if (!claims) {
    return refuse(Reason::kSignatureMalformed, "the token's claims are no JSON object");
  }
  Accepted accepted;
  if (auto refusal = check_claims(scheme, *claims, now, accepted.signed_at)) {
    return *std::move(refusal);
  }
  if (published) {
    if (auto other = check_set(scheme, fetched, *jws, *algorithm, now)) return *std::move(other);
  } else {
    const KeyMatch match = match_keys(keys, *algorithm, jws->signed_text, jws->signature, now);
    if (!match.secret) return refusal_of(match, keys);
    accepted.secret = *match.secret;
  }
  if (scheme.body_digest) {
    if (auto refusal = check_claimed_digest(*scheme.body_digest, *claims, request)) {
      return *std::move(refusal);
    }
  }
  identify(
      scheme, request,
      [&](const Site& site) { return identity_at(scheme, *claims, request, site); },
      [&] { return crypto::sha256(jws->signed_text); }, accepted);
  return accepted;
}

Result<Signed> sign_jwt(const Scheme& scheme, const Keys& keys, const SignInput& input) {
  if (scheme.jwt.algorithms.empty()) return Error{Errc::kBadArgument, "no algorithm is listed"};
  const Algorithm algorithm = scheme.jwt.algorithms.front();
  const Key* key = signing_key(keys, algorithm, input.now);
  if (key == nullptr) return Error{Errc::kBadArgument, "no key of this scheme can sign now"};
  codec::JsonWriter header;
  header.begin_object().field("alg", jose_name(algorithm)).field("typ", "JWT");
  if (!key->id.empty()) header.field("kid", key->id);
  header.end_object();
  SLUICE_TRY(const auto claims, claims_of(scheme, input));
  std::string token = jws_signed_text(std::move(header).take(), claims);
  SLUICE_TRY(const auto signature, sign_with(*key, algorithm, token));
  token += "." + codec::encode_base64(signature, codec::kBase64Url);

  const Site& site = scheme.signature.from;
  if (site.place == Place::kHeader) {
    return Signed{.headers = {{site.name, scheme.signature.prefix + token}}};
  }
  if (site.place != Place::kQuery) {
    return Error{Errc::kNoCapability, "a token inside the body cannot be added to it"};
  }
  SLUICE_TRY(auto url, codec::parse_url(input.url));
  codec::append_query(url, site.name, scheme.signature.prefix + token);
  return Signed{.headers = {}, .url = codec::canonical(url)};
}

Result<void> check_jwt(const Scheme& scheme) {
  SLUICE_TRY(check_algorithms(scheme));
  SLUICE_TRY(check_fixed_url(scheme.fetched));
  const Place place = scheme.signature.from.place;
  const bool placed = place == Place::kHeader || place == Place::kQuery || place == Place::kForm ||
                      place == Place::kJson || place == Place::kBody;
  if (!placed || !is_well_named(scheme.signature.from)) {
    return Error{Errc::kBadArgument,
                 "a token stands in a header, the query, a form, a JSON body, or is the body"};
  }
  if (scheme.time.from.place != Place::kNone && !names_claim(scheme.time.from)) {
    return Error{Errc::kBadArgument, "the time of a token is a claim: claim:iat"};
  }
  if (scheme.time.from.place != Place::kNone && scheme.time.format != TimeFormat::kSeconds) {
    return Error{Errc::kBadArgument, "a claimed time is in seconds"};
  }
  if (scheme.body_digest && !names_claim(scheme.body_digest->from)) {
    return Error{Errc::kBadArgument, "a digest that is signed stands among the claims"};
  }
  if (place != Place::kBody && !scheme.body_digest && !scheme.body_unsigned) {
    return Error{Errc::kBadArgument,
                 "the token says nothing about the body: name the claim with its digest, or state "
                 "body_unsigned"};
  }
  return {};
}

}  // namespace sluice::signature
