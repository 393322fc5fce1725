#include "signature/scheme.h"

#include <algorithm>

#include "signature/handshake.h"
#include "signature/jwt.h"
#include "signature/message_signature.h"

namespace sluice::signature {
namespace {

bool has(const std::vector<MessagePart>& message, PartKind kind) {
  return std::any_of(message.begin(), message.end(),
                     [&](const MessagePart& part) { return part.kind == kind; });
}

Result<void> check_signature(const SignatureSite& site) {
  if (site.from.place != Place::kHeader || !is_well_named(site.from)) {
    return Error{Errc::kBadArgument, "the signature's header is no header name in lower case"};
  }
  if ((site.field_separator == '\0') != site.field.empty()) {
    return Error{Errc::kBadArgument, "a field name and its separator go together"};
  }
  if (site.candidates_max == 0 || site.candidates_max > kCandidatesMax) {
    return Error{Errc::kBadArgument, "between 1 and 16 candidates are allowed"};
  }
  return {};
}

Result<void> check_time(const Scheme& scheme) {
  const TimeSite& time = scheme.time;
  if (time.from.place == Place::kNone) {
    if (has(scheme.message, PartKind::kTimestamp)) {
      return Error{Errc::kBadArgument, "the message holds a timestamp that is nowhere given"};
    }
    return {};
  }
  if (!has(scheme.message, PartKind::kTimestamp)) {
    return Error{Errc::kBadArgument, "the timestamp is not signed, so it proves nothing"};
  }
  if (time.from.place == Place::kHeader && !is_header_name(time.from.name)) {
    return Error{Errc::kBadArgument, "the timestamp's header is no header name in lower case"};
  }
  const SignatureSite& site = scheme.signature;
  if (time.from.place == Place::kField &&
      (site.field_separator == '\0' || time.from.name.empty() || time.from.name == site.field)) {
    return Error{Errc::kBadArgument, "the timestamp needs a field name of its own"};
  }
  return {};
}

// Where a part ends must follow from the signed bytes alone. Otherwise bytes can be moved from one
// part into the next under the same signature. The body is the rest, so it stands last; a part of
// free text before it is ended by a literal.
Result<void> check_message(const Scheme& scheme) {
  const auto& message = scheme.message;
  if (message.empty() || message.size() > kPartsMax) {
    return Error{Errc::kBadArgument, "the message has between 1 and 16 parts"};
  }
  for (std::size_t i = 0; i < message.size(); ++i) {
    const MessagePart& part = message[i];
    const bool last = i + 1 == message.size();
    if (part.kind == PartKind::kLiteral && part.text.empty()) {
      return Error{Errc::kBadArgument, "a literal of the message is empty"};
    }
    if (part.kind == PartKind::kHeader && !is_header_name(part.text)) {
      return Error{Errc::kBadArgument, "a signed header is no header name in lower case"};
    }
    if (part.kind == PartKind::kBody && !last) {
      return Error{Errc::kBadArgument, "the body is the last part of the message"};
    }
    const bool text = part.kind == PartKind::kHeader || part.kind == PartKind::kTimestamp;
    if (text && !last && message[i + 1].kind != PartKind::kLiteral) {
      return Error{Errc::kBadArgument, "a literal has to end each header and timestamp"};
    }
  }
  if (!has(message, PartKind::kBody)) return Error{Errc::kBadArgument, "the body is not signed"};
  return {};
}

}  // namespace

bool is_signed(const Scheme& scheme, const Site& site) {
  const auto& message = scheme.message;
  switch (site.place) {
    case Place::kHeader:
      return std::find(message.begin(), message.end(), MessagePart{PartKind::kHeader, site.name}) !=
             message.end();
    case Place::kJson: return has(message, PartKind::kBody);
    default: return false;
  }
}

Result<void> check(const Scheme& scheme) {
  if (scheme.family == Family::kJwt) return check_jwt(scheme);
  if (scheme.family == Family::kMessageSignature) return check_message_signature(scheme);
  if (scheme.family != Family::kHmac) {
    return Error{Errc::kBadArgument, "the family is not one that can be verified"};
  }
  SLUICE_TRY(check_signature(scheme.signature));
  SLUICE_TRY(check_message(scheme));
  SLUICE_TRY(check_time(scheme));
  for (const auto& rule : scheme.identity) {
    if (is_well_named(rule.site)) continue;
    return Error{Errc::kBadArgument, rule.site.place == Place::kJson
                                         ? "the identity in the body is no JSON pointer"
                                         : "the identity's header is no header name in lower case"};
  }
  return check_handshakes(scheme);
}

}  // namespace sluice::signature
