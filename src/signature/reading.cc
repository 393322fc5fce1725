#include "signature/reading.h"

#include <algorithm>

#include "base/assert.h"

namespace sluice::signature {
namespace {

Refusal refuse(Reason reason, std::string_view subject, std::string_view what) {
  return {reason, std::string(subject) + std::string(what)};
}

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

// The headers that must be there exactly once, in the order in which they are named in refusals.
struct Needed {
  std::array<std::string_view, kPartsMax + 2> names;
  std::size_t count = 0;
};

Needed needed_headers(const Scheme& scheme) {
  Needed needed;
  needed.names[needed.count++] = scheme.signature.from.name;
  if (scheme.time.from.place == Place::kHeader)
    needed.names[needed.count++] = scheme.time.from.name;
  for (const auto& part : scheme.message) {
    if (part.kind == PartKind::kHeader) needed.names[needed.count++] = part.text;
  }
  return needed;
}

std::optional<Refusal> check_present(const Scheme& scheme, const Headers& headers) {
  const Needed needed = needed_headers(scheme);
  for (std::size_t i = 0; i < needed.count; ++i) {
    const auto value = find(headers, needed.names[i]);
    if (!value || value->empty()) {
      return refuse(Reason::kHeaderMissing, needed.names[i], " is missing or empty");
    }
  }
  for (std::size_t i = 0; i < needed.count; ++i) {
    if (count(headers, needed.names[i]) > 1) {
      return refuse(Reason::kHeaderDuplicate, needed.names[i], " arrived more than once");
    }
  }
  return std::nullopt;
}

class SignatureReader {
 public:
  SignatureReader(const Scheme& scheme, Reading& reading)
      : site_(scheme.signature), time_(scheme.time), reading_(reading) {}

  std::optional<Refusal> run(std::string_view text) {
    if (text.size() > kSignatureHeaderMax || !is_printable(text)) {
      return refuse(Reason::kHeaderMalformed, site_.from.name,
                    " is too long or not printable ASCII");
    }
    std::size_t items = 0;
    while (true) {
      const std::size_t end = site_.item_separator == '\0'
                                  ? text.size()
                                  : std::min(text.find(site_.item_separator), text.size());
      if (++items > kItemsMax) {
        return refuse(Reason::kHeaderMalformed, site_.from.name, " holds too many items");
      }
      if (auto refusal = item(text.substr(0, end))) return refusal;
      if (end == text.size()) break;
      text.remove_prefix(end + 1);
    }
    if (time_.from.place == Place::kField && reading_.timestamp.empty()) {
      return refuse(Reason::kHeaderMalformed, site_.from.name, " carries no timestamp");
    }
    return std::nullopt;
  }

 private:
  std::optional<Refusal> item(std::string_view text) {
    if (site_.field_separator == '\0') return candidate(text);
    const std::size_t at = text.find(site_.field_separator);
    if (at == std::string_view::npos || at == 0) {
      return refuse(Reason::kHeaderMalformed, site_.from.name,
                    " holds an item without a field name");
    }
    const std::string_view field = text.substr(0, at);
    const std::string_view value = text.substr(at + 1);
    if (field == site_.field) return candidate(value);
    if (time_.from.place == Place::kField && field == time_.from.name) {
      if (!reading_.timestamp.empty() || value.empty()) {
        return refuse(Reason::kHeaderMalformed, site_.from.name, " has no timestamp, or two");
      }
      reading_.timestamp = value;
    }
    return std::nullopt;
  }

  std::optional<Refusal> candidate(std::string_view text) {
    if (reading_.candidate_count == site_.candidates_max) {
      return refuse(Reason::kHeaderMalformed, site_.from.name, " holds too many signatures");
    }
    reading_.candidates[reading_.candidate_count++] = text;
    return std::nullopt;
  }

  const SignatureSite& site_;
  const TimeSite& time_;
  Reading& reading_;
};

}  // namespace

bool fits_part(const Scheme& scheme, std::size_t i, std::string_view value) {
  if (value.empty() || value.size() > kSignedHeaderMax || !is_printable(value)) return false;
  if (i + 1 == scheme.message.size()) return true;
  const MessagePart& next = scheme.message[i + 1];
  return next.kind == PartKind::kLiteral && value.find(next.text[0]) == std::string_view::npos;
}

std::optional<Refusal> read(const Scheme& scheme, const Headers& headers, Reading& reading) {
  if (auto refusal = check_present(scheme, headers)) return refusal;
  if (scheme.time.from.place == Place::kHeader) {
    reading.timestamp = *find(headers, scheme.time.from.name);
  }
  for (std::size_t i = 0; i < scheme.message.size(); ++i) {
    const MessagePart& part = scheme.message[i];
    if (part.kind != PartKind::kHeader) continue;
    if (!fits_part(scheme, i, *find(headers, part.text))) {
      return refuse(Reason::kHeaderMalformed, part.text,
                    " is too long, not printable ASCII, or holds the separator behind it");
    }
  }
  return SignatureReader(scheme, reading).run(*find(headers, scheme.signature.from.name));
}

Message message_of(const Scheme& scheme, std::string_view timestamp, const Headers& headers,
                   ByteView body) {
  SLUICE_ASSERT(scheme.message.size() <= kPartsMax);
  Message message;
  for (const auto& part : scheme.message) {
    ByteView bytes;
    switch (part.kind) {
      case PartKind::kLiteral: bytes = part.text; break;
      case PartKind::kBody: bytes = body; break;
      case PartKind::kTimestamp: bytes = timestamp; break;
      case PartKind::kHeader: bytes = find(headers, part.text).value_or(ByteView()); break;
      default: SLUICE_ASSERT(false); break;
    }
    message.parts[message.count++] = bytes;
  }
  return message;
}

}  // namespace sluice::signature
