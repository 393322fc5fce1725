#include "signature/scheme.h"

#include <algorithm>

#include "codec/json_pointer.h"
#include "signature/certificate_signature.h"
#include "signature/coverage.h"
#include "signature/handshake.h"
#include "signature/jwt.h"
#include "signature/message_shape.h"
#include "signature/message_signature.h"

namespace sluice::signature {
namespace {

Error wrong(std::string_view why) { return Error{Errc::kBadArgument, why}; }

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

Result<void> check_algorithm(const Scheme& scheme) {
  if (scheme.family == Family::kToken) return {};
  if ((scheme.family == Family::kHmac) != is_symmetric(scheme.algorithm)) {
    return wrong(
        "the family and the algorithm do not go together: hmac takes those keyed by a shared "
        "secret, asymmetric those by public keys");
  }
  if (is_legacy(scheme.algorithm) && !scheme.allow_legacy) {
    return wrong(
        "the algorithm is broken, so signatures can be forged; \"allow_legacy\" says that it is "
        "meant");
  }
  const KeyForm form = scheme.key.form;
  if (scheme.family == Family::kHmac && form == KeyForm::kPublicKey) {
    return wrong("a public key is no secret: everybody who knows it could sign");
  }
  if (scheme.family != Family::kHmac && form != KeyForm::kPublicKey && form != KeyForm::kUtf8) {
    return wrong("the keys are public keys: their form is \"public-key\"");
  }
  return {};
}

Result<void> check_items(const SignatureSite& site) {
  if (site.field_is_key_id) {
    if (site.field_separator == '\0' || !site.field.empty()) {
      return wrong("where fields name keys, there is a separator, and no field of one name");
    }
  } else if ((site.field_separator == '\0') != site.field.empty()) {
    return wrong("a field name and its separator go together");
  }
  if (site.item_separator != '\0' && site.item_separator == site.field_separator) {
    return wrong("items and fields cannot have the same separator");
  }
  const auto holds = [](const std::string& text, char separator) {
    return separator != '\0' && text.find(separator) != std::string::npos;
  };
  if (holds(site.field, site.item_separator) || holds(site.field, site.field_separator) ||
      holds(site.item_prefix, site.item_separator)) {
    return wrong("a field or a prefix holds the separator that would end it");
  }
  if (site.position >= 0 && (site.item_separator == '\0' || site.field_separator != '\0')) {
    return wrong("a position counts items: it needs their separator, and goes with no field");
  }
  if (site.candidates_max == 0 || site.candidates_max > kCandidatesMax) {
    return wrong("between 1 and 16 candidates are allowed");
  }
  if (!is_printable(site.prefix) || !is_printable(site.item_prefix)) {
    return wrong("a prefix of the signature is not printable ASCII, so it never arrives");
  }
  return {};
}

// What holds the signature cannot be under it.
bool is_circular(const Scheme& scheme) {
  const bool body = covers_body(scheme) || scheme.body_digest || has_part(scheme, PartKind::kCrc32);
  switch (scheme.signature.from.place) {
    case Place::kJson: return body;
    case Place::kForm: return body || has_part(scheme, PartKind::kFormSorted);
    case Place::kQuery: return covers_url(scheme);
    default: return false;
  }
}

Result<void> check_signature(const Scheme& scheme) {
  const SignatureSite& site = scheme.signature;
  switch (site.from.place) {
    case Place::kHeader:
    case Place::kNumberedHeaders:
      if (is_well_named(site.from)) break;
      return wrong("the signature's header is no header name in lower case");
    case Place::kJson:
    case Place::kForm:
    case Place::kQuery:
      if (is_well_named(site.from)) break;
      return wrong("the signature's site has no usable name");
    default: return wrong("the signature stands in a header, the body, a form or the query");
  }
  SLUICE_TRY(check_items(site));
  if ((site.encoding == Encoding::kNone) && scheme.family != Family::kToken) {
    return wrong("a signature is bytes: it needs an encoding, such as hex or base64");
  }
  if (is_circular(scheme)) {
    return wrong(
        "the signature stands inside of what it signs, so no request could carry it: sign parts "
        "of the body, or put it into a header");
  }
  return {};
}

Result<void> check_time_in_signature(const Scheme& scheme) {
  const SignatureSite& site = scheme.signature;
  const Site& from = scheme.time.from;
  if (site.from.place == Place::kNumberedHeaders) {
    return wrong("numbered headers carry signatures alone: the time stands elsewhere");
  }
  if (site.item_separator == '\0') {
    return wrong("a time beside the signature needs a separator between the two");
  }
  const bool dated = scheme.time.format == TimeFormat::kHttpDate;
  if (dated && (site.item_separator == ' ' || site.item_separator == ',')) {
    return wrong("a date of HTTP holds the separator of the items, so it cannot be one of them");
  }
  if (from.place == Place::kField) {
    const bool own =
        site.field_separator != '\0' && !site.field_is_key_id && from.name != site.field;
    if (!own || from.name.empty()) return wrong("the timestamp needs a field name of its own");
    return {};
  }
  const auto item = codec::parse_index(from.name);
  if (!item || site.position < 0 || *item >= static_cast<std::uint32_t>(site.position))
    return wrong("the timestamp's item has to stand in front of the signatures");
  return {};
}

Result<void> check_time(const Scheme& scheme) {
  const TimeSite& time = scheme.time;
  if (time.from.place == Place::kNone) {
    if (!has_part(scheme, PartKind::kTimestamp)) return {};
    return wrong("the message holds a timestamp that is nowhere given");
  }
  if (time.past.ms < 0 || time.future.ms < 0) return wrong("a limit of the time is negative");
  if (time.is_signed && !has_part(scheme, PartKind::kTimestamp) && !is_signed(scheme, time.from)) {
    return wrong("the timestamp is not signed, so it proves nothing");
  }
  switch (time.from.place) {
    case Place::kField:
    case Place::kPosition: return check_time_in_signature(scheme);
    case Place::kHeader:
      if (is_well_named(time.from)) return {};
      return wrong("the timestamp's header is no header name in lower case");
    case Place::kJson:
    case Place::kForm:
    case Place::kQuery:
      if (is_well_named(time.from)) return {};
      return wrong("the timestamp's site has no usable name");
    default: return wrong("the timestamp cannot stand there");
  }
}

bool has_good_name(const MessagePart& part) {
  switch (part.kind) {
    case PartKind::kHeader: return is_well_named(Site{Place::kHeader, part.text});
    case PartKind::kQuery: return is_well_named(Site{Place::kQuery, part.text});
    case PartKind::kForm: return is_well_named(Site{Place::kForm, part.text});
    case PartKind::kJson: return is_well_named(Site{Place::kJson, part.text});
    case PartKind::kParameter: return !part.text.empty() && is_printable(part.text);
    default: return true;
  }
}

// Something in it has to differ from request to request.
bool tells_requests_apart(const Scheme& scheme) {
  return std::any_of(scheme.message.begin(), scheme.message.end(), [](const MessagePart& part) {
    return part.kind != PartKind::kLiteral && part.kind != PartKind::kParameter &&
           part.kind != PartKind::kMethod;
  });
}

Result<void> check_parts(const Scheme& scheme) {
  const auto& message = scheme.message;
  if (message.empty() || message.size() > kPartsMax) {
    return wrong("the message has between 1 and 16 parts");
  }
  for (const MessagePart& part : message) {
    if (part.kind == PartKind::kLiteral && part.text.empty()) {
      return wrong("a literal of the message is empty");
    }
    if (!has_good_name(part)) {
      return wrong(part.kind == PartKind::kHeader
                       ? "a signed header is no header name in lower case"
                       : "a part of the message has no usable name");
    }
  }
  if (!tells_requests_apart(scheme)) {
    return wrong(
        "nothing in the message differs from request to request, so one signature would "
        "do for all of them");
  }
  return check_shape(scheme);
}

Result<void> check_body(const Scheme& scheme) {
  if (scheme.body_digest) {
    const BodyDigest& digest = *scheme.body_digest;
    // Where there is no form, the URL is all of the message.
    const bool in_url =
        digest.unless_form && digest.from.place == Place::kQuery && covers_url(scheme);
    if (!is_well_named(digest.from) || !(in_url || is_signed(scheme, digest.from))) {
      return wrong(
          "the digest of the body is not signed, so it proves nothing: put it into the "
          "message");
    }
    if (digest.encoding == Encoding::kNone)
      return wrong("the digest of the body needs an encoding");
    if (digest.unless_form && !has_part(scheme, PartKind::kFormSorted)) {
      return wrong("without {form-sorted} in the message nothing covers a form");
    }
  }
  if (covers_body(scheme) || scheme.body_unsigned || has_part(scheme, PartKind::kFormSorted)) {
    return {};
  }
  if (has_part(scheme, PartKind::kCrc32)) {
    if (scheme.allow_legacy) return {};
    return wrong(
        "another body with the same CRC-32 is made in no time, so the body is not signed; "
        "\"allow_legacy\" says that it is meant");
  }
  return wrong("the body is not signed");
}

Result<void> check_identity(const Scheme& scheme) {
  for (const IdentityRule& rule : scheme.identity) {
    const Place place = rule.site.place;
    const bool known = place == Place::kHeader || place == Place::kJson || place == Place::kForm ||
                       place == Place::kQuery || place == Place::kField ||
                       place == Place::kPosition;
    if (!known) return wrong("what names the delivery cannot stand there");
    if (is_well_named(rule.site)) continue;
    return wrong(place == Place::kJson     ? "the identity in the body is no JSON pointer"
                 : place == Place::kHeader ? "the identity's header is no header name in lower case"
                                           : "the identity's site has no usable name");
  }
  if (!scheme.installation_header.empty() && !is_header_name(scheme.installation_header)) {
    return wrong("the installation's header is no header name in lower case");
  }
  return {};
}

bool is_in(const Scheme& scheme, Place place, PartKind kind) {
  return scheme.signature.from.place == place || scheme.time.from.place == place ||
         has_part(scheme, kind);
}

Result<void> check_body_kind(const Scheme& scheme) {
  const bool form =
      is_in(scheme, Place::kForm, PartKind::kForm) || has_part(scheme, PartKind::kFormSorted);
  if (!form || !is_in(scheme, Place::kJson, PartKind::kJson)) return {};
  return wrong("a body cannot be a form and JSON at once, so no request would pass");
}

// A token proves the sender and nothing about the request.
Result<void> check_token(const Scheme& scheme) {
  if (!scheme.message.empty() || scheme.body_digest) {
    return wrong("a token signs nothing: leave message and digest out, or choose hmac");
  }
  if (scheme.time.from.place != Place::kNone && scheme.time.is_signed) {
    return wrong("a token signs no time: say that it is unsigned");
  }
  const KeyForm form = scheme.key.form;
  const bool text = form == KeyForm::kUtf8 || form == KeyForm::kSha256Hex;
  if (!text && scheme.signature.encoding == Encoding::kNone) {
    return wrong("a token of bytes needs an encoding to be sent in");
  }
  return {};
}

}  // namespace

Result<void> check(const Scheme& scheme) {
  if (scheme.family == Family::kJwt || scheme.family == Family::kMessageSignature) {
    SLUICE_TRY(scheme.family == Family::kJwt ? check_jwt(scheme) : check_message_signature(scheme));
    return check_handshakes(scheme);
  }
  if (scheme.family == Family::kX509Url) SLUICE_TRY(check_certificate_scheme(scheme));
  SLUICE_TRY(check_algorithm(scheme));
  SLUICE_TRY(check_signature(scheme));
  if (scheme.family == Family::kToken) {
    SLUICE_TRY(check_token(scheme));
  } else {
    SLUICE_TRY(check_parts(scheme));
    SLUICE_TRY(check_body(scheme));
  }
  SLUICE_TRY(check_body_kind(scheme));
  SLUICE_TRY(check_time(scheme));
  SLUICE_TRY(check_identity(scheme));
  return check_handshakes(scheme);
}

}  // namespace sluice::signature
