#include "signature/scheme.h"

#include <algorithm>

namespace sluice::signature {
namespace {

constexpr std::string_view kHeaderOpen = "header:";

bool has(const std::vector<MessagePart>& message, PartKind kind) {
  return std::any_of(message.begin(), message.end(),
                     [&](const MessagePart& part) { return part.kind == kind; });
}

bool is_header_name(std::string_view name) {
  if (name.empty() || name.size() > 64) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

Result<void> check_signature(const SignatureSite& site) {
  if (!is_header_name(site.header)) {
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
  if (time.source == TimeSource::kNone) {
    if (has(scheme.message, PartKind::kTimestamp)) {
      return Error{Errc::kBadArgument, "the message holds a timestamp that is nowhere given"};
    }
    return {};
  }
  if (!has(scheme.message, PartKind::kTimestamp)) {
    return Error{Errc::kBadArgument, "the timestamp is not signed, so it proves nothing"};
  }
  if (time.source == TimeSource::kHeader && !is_header_name(time.name)) {
    return Error{Errc::kBadArgument, "the timestamp's header is no header name in lower case"};
  }
  const SignatureSite& site = scheme.signature;
  if (time.source == TimeSource::kSignatureField &&
      (site.field_separator == '\0' || time.name.empty() || time.name == site.field)) {
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

std::optional<std::vector<MessagePart>> parse_message(std::string_view text) {
  std::vector<MessagePart> message;
  while (!text.empty()) {
    const std::size_t open = std::min(text.find_first_of("{}"), text.size());
    if (open > 0) message.push_back({PartKind::kLiteral, std::string(text.substr(0, open))});
    text.remove_prefix(open);
    if (text.empty()) break;
    const std::size_t close = text.find('}');
    if (text.front() == '}' || close == std::string_view::npos) return std::nullopt;
    const std::string_view name = text.substr(1, close - 1);
    text.remove_prefix(close + 1);
    if (name == "body") {
      message.push_back({PartKind::kBody, {}});
    } else if (name == "timestamp") {
      message.push_back({PartKind::kTimestamp, {}});
    } else if (name.substr(0, kHeaderOpen.size()) == kHeaderOpen) {
      message.push_back({PartKind::kHeader, std::string(name.substr(kHeaderOpen.size()))});
    } else {
      return std::nullopt;
    }
    if (message.size() > kPartsMax) return std::nullopt;
  }
  return message;
}

std::string format_message(const std::vector<MessagePart>& message) {
  std::string text;
  for (const auto& part : message) {
    switch (part.kind) {
      case PartKind::kLiteral: text += part.text; break;
      case PartKind::kBody: text += "{body}"; break;
      case PartKind::kTimestamp: text += "{timestamp}"; break;
      case PartKind::kHeader: text += "{header:" + part.text + "}"; break;
    }
  }
  return text;
}

Result<void> check(const Scheme& scheme) {
  SLUICE_TRY(check_signature(scheme.signature));
  SLUICE_TRY(check_message(scheme));
  SLUICE_TRY(check_time(scheme));
  for (const auto& rule : scheme.identity) {
    if (rule.kind == IdentityKind::kBodyField && (rule.name.empty() || rule.name[0] != '/')) {
      return Error{Errc::kBadArgument, "the identity in the body is no JSON pointer"};
    }
    const bool header =
        rule.kind == IdentityKind::kSignedHeader || rule.kind == IdentityKind::kUnsignedHeader;
    if (header && !is_header_name(rule.name)) {
      return Error{Errc::kBadArgument, "the identity's header is no header name in lower case"};
    }
    const bool is_signed =
        std::find(scheme.message.begin(), scheme.message.end(),
                  MessagePart{PartKind::kHeader, rule.name}) != scheme.message.end();
    if (rule.kind == IdentityKind::kSignedHeader && !is_signed) {
      return Error{Errc::kBadArgument, "the identity's header is not part of the message"};
    }
  }
  return {};
}

}  // namespace sluice::signature
