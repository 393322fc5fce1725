#include "signature/reading.h"

#include <algorithm>

#include "base/assert.h"
#include "signature/signature_text.h"

namespace sluice::signature {
namespace {

// Headers are named as they are, other places with the place.
std::string subject_of(const Site& site) {
  return site.place == Place::kHeader ? site.name : format(site);
}

Refusal refuse(Reason reason, std::string subject, std::string_view what) {
  return {reason, std::move(subject) + std::string(what)};
}

// What is missing is told before what is repeated, and that before what is malformed, so that the
// answer does not depend on the order of the scheme.
class Complaints {
 public:
  // False when the text is not one to work with.
  bool take(const Found& found, const Site& site) {
    switch (found.presence) {
      case Presence::kThere:
        if (!found.text.empty()) return true;
        [[fallthrough]];
      case Presence::kMissing:
        note(0, Reason::kHeaderMissing, site, " is missing or empty");
        return false;
      case Presence::kRepeated:
        note(1, Reason::kHeaderDuplicate, site, " arrived more than once");
        return false;
      case Presence::kMalformed: break;
    }
    note(2, Reason::kHeaderMalformed, site, " cannot be decoded");
    return false;
  }

  void note(std::size_t rank, Reason reason, const Site& site, std::string_view what) {
    if (!noted_[rank]) noted_[rank] = refuse(reason, subject_of(site), what);
  }

  [[nodiscard]] std::optional<Refusal> worst() {
    for (auto& refusal : noted_) {
      if (refusal) return std::move(refusal);
    }
    return std::nullopt;
  }

 private:
  std::array<std::optional<Refusal>, 3> noted_;
};

Site site_of(const MessagePart& part) {
  switch (part.kind) {
    case PartKind::kHeader: return {Place::kHeader, part.text};
    case PartKind::kQuery: return {Place::kQuery, part.text};
    case PartKind::kForm: return {Place::kForm, part.text};
    case PartKind::kJson: return {Place::kJson, part.text};
    default: return {Place::kNone, {}};
  }
}

bool is_in_signature(const Site& site) {
  return site.place == Place::kField || site.place == Place::kPosition;
}

class Reader {
 public:
  Reader(const Scheme& scheme, const Request& request, Reading& reading)
      : scheme_(scheme), request_(request), reading_(reading) {}

  std::optional<Refusal> run() {
    find_signatures();
    const Site& time = scheme_.time.from;
    if (time.place != Place::kNone && !is_in_signature(time)) {
      const Found found = find_at(time, request_, reading_.shelf);
      if (complaints_.take(found, time)) reading_.timestamp = found.text;
    }
    for (std::size_t i = 0; i < scheme_.message.size(); ++i) find_value(i);
    find_digest();
    if (auto refusal = complaints_.worst()) return refusal;
    for (const std::string_view text : reading_.signatures) {
      auto refusal = read_candidates(scheme_.signature, text, reading_);
      if (refusal) return refusal;
    }
    if (is_in_signature(time)) {
      const Found found = find_in_signature(scheme_.signature, time, reading_);
      if (found.presence != Presence::kThere || found.text.empty()) {
        return refuse(Reason::kHeaderMalformed, subject_of(scheme_.signature.from),
                      " has no timestamp, or two");
      }
      reading_.timestamp = found.text;
    }
    return check_values();
  }

 private:
  void find_signatures() {
    const Site& from = scheme_.signature.from;
    if (from.place == Place::kNumberedHeaders) return find_numbered(from);
    const Found found = find_at(from, request_, reading_.shelf);
    if (complaints_.take(found, from)) add_signature(found.text);
  }

  // "x-signature-1", "x-signature-2": as many as there are, without a gap.
  void find_numbered(const Site& from) {
    for (std::size_t n = 1; n <= scheme_.signature.candidates_max; ++n) {
      const Site site{Place::kHeader, from.name + std::to_string(n)};
      const Found found = find_header(request_, site.name);
      if (found.presence == Presence::kMissing && n > 1) return;
      if (!complaints_.take(found, site)) return;
      add_signature(found.text);
    }
  }

  void add_signature(std::string_view text) {
    const bool printable =
        std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
    if (text.size() > kSignatureTextMax || !printable) {
      complaints_.note(2, Reason::kHeaderMalformed, scheme_.signature.from,
                       " is too long or not printable ASCII");
      return;
    }
    reading_.signatures.push_back(text);
  }

  void find_value(std::size_t i) {
    const MessagePart& part = scheme_.message[i];
    if (part.kind == PartKind::kLiteral || part.kind == PartKind::kTimestamp) return;
    const Found found = find_part(scheme_, part, request_, reading_.shelf);
    const bool has_to_say = part.kind == PartKind::kHeader || part.kind == PartKind::kQuery ||
                            part.kind == PartKind::kForm;
    const bool empty = found.text.empty() && has_to_say;
    if (part.optional && (found.presence == Presence::kMissing ||
                          (found.presence == Presence::kThere && found.text.empty()))) {
      reading_.parts.absent[i] = true;
      return;
    }
    if (found.presence == Presence::kThere && !empty) {
      reading_.parts.values[i] = found.text;
      return;
    }
    if (part.kind == PartKind::kParameter || part.kind == PartKind::kFormSorted) {
      complaints_.note(2, Reason::kHeaderMalformed, {Place::kNone, {}},
                       part.kind == PartKind::kParameter
                           ? "a parameter of the scheme has no value for this source"
                           : "the body is not a well-formed form");
      return;
    }
    (void)complaints_.take(found, site_of(part));
  }

  void find_digest() {
    if (!scheme_.body_digest) return;
    const BodyDigest& digest = *scheme_.body_digest;
    const Found found = find_at(digest.from, request_, reading_.shelf);
    const bool absent = found.presence == Presence::kMissing ||
                        (found.presence == Presence::kThere && found.text.empty());
    if (absent && (digest.optional || (digest.unless_form && is_form(request_)))) return;
    if (complaints_.take(found, digest.from)) reading_.body_digest = found.text;
  }

  std::optional<Refusal> check_values() {
    const auto& message = scheme_.message;
    for (std::size_t i = 0; i < message.size(); ++i) {
      if (message[i].kind != PartKind::kTimestamp) continue;
      reading_.parts.values[i] = reading_.timestamp;
      reading_.parts.absent[i] = reading_.timestamp.empty();
    }
    for (std::size_t i = 0; i < message.size(); ++i) {
      if (message[i].kind == PartKind::kHeader &&
          reading_.parts.values[i].find(',') != std::string_view::npos) {
        return refuse(Reason::kHeaderDuplicate, message[i].text,
                      " holds a comma, as joined ones do");
      }
      if (fits_part(scheme_, i, reading_.parts)) continue;
      if (message[i].kind == PartKind::kTimestamp) {
        return Refusal{Reason::kTimestampMalformed, "the timestamp is not of the scheme's form"};
      }
      const Site site = site_of(message[i]);
      return refuse(Reason::kHeaderMalformed,
                    site.place == Place::kNone ? "a part of the message" : subject_of(site),
                    " is too long, holds bytes that it may not, or cannot be told from its "
                    "neighbour");
    }
    return check_body();
  }

  // A sorted form covers a body that is one; any other body needs a digest.
  std::optional<Refusal> check_body() const {
    const auto& message = scheme_.message;
    const bool sorted = std::any_of(message.begin(), message.end(), [](const MessagePart& part) {
      return part.kind == PartKind::kFormSorted;
    });
    if (!sorted || request_.body.empty() || is_form(request_) || reading_.body_digest) {
      return std::nullopt;
    }
    return Refusal{Reason::kHeaderMalformed, "the body is no form, and no digest of it is signed"};
  }

  const Scheme& scheme_;
  const Request& request_;
  Reading& reading_;
  Complaints complaints_;
};

}  // namespace

std::optional<Refusal> read(const Scheme& scheme, const Request& request, Reading& reading) {
  return Reader(scheme, request, reading).run();
}

Found find_read(const Scheme& scheme, const Site& site, const Request& request, Reading& reading) {
  if (is_in_signature(site)) return find_in_signature(scheme.signature, site, reading);
  return find_at(site, request, reading.shelf);
}

Message message_of(const Scheme& scheme, const PartValues& parts) {
  SLUICE_ASSERT(scheme.message.size() <= kPartsMax);
  Message message;
  const auto add = [&](ByteView piece) {
    if (!piece.empty()) message.pieces.push_back(piece);
  };
  for (std::size_t i = 0; i < scheme.message.size(); ++i) {
    const MessagePart& part = scheme.message[i];
    if (part.kind == PartKind::kLiteral) {
      add(part.text);
    } else if (!parts.absent[i]) {
      add(part.before);
      add(parts.values[i]);
      add(part.after);
    }
  }
  return message;
}

}  // namespace sluice::signature
