#include "signature/coverage.h"

#include <algorithm>

namespace sluice::signature {
namespace {

bool holds(const Scheme& scheme, PartKind kind, const std::string& name) {
  // A text that is lowered first is signed in other letters than it came in.
  return std::any_of(scheme.message.begin(), scheme.message.end(), [&](const MessagePart& part) {
    return part.kind == kind && part.text == name && !part.lower;
  });
}

}  // namespace

bool has_part(const Scheme& scheme, PartKind kind) {
  return std::any_of(scheme.message.begin(), scheme.message.end(),
                     [&](const MessagePart& part) { return part.kind == kind; });
}

bool covers_body(const Scheme& scheme) {
  if (scheme.family == Family::kToken) return false;
  if (has_part(scheme, PartKind::kBody) || has_part(scheme, PartKind::kSha256)) return true;
  return scheme.body_digest && !scheme.body_digest->optional && !scheme.body_digest->unless_form;
}

bool covers_url(const Scheme& scheme) {
  return has_part(scheme, PartKind::kUrl) || has_part(scheme, PartKind::kUrlPath);
}

bool is_signed(const Scheme& scheme, const Site& site) {
  if (scheme.family == Family::kToken) return false;
  if (site.place != Place::kNone && site == scheme.time.from &&
      has_part(scheme, PartKind::kTimestamp)) {
    return true;
  }
  switch (site.place) {
    case Place::kHeader: return holds(scheme, PartKind::kHeader, site.name);
    case Place::kJson: return covers_body(scheme) || holds(scheme, PartKind::kJson, site.name);
    case Place::kForm: return covers_body(scheme) || holds(scheme, PartKind::kForm, site.name);
    case Place::kQuery:
      // Where the URL ends is not certain in front of a sorted form.
      return holds(scheme, PartKind::kQuery, site.name) ||
             (covers_url(scheme) && !has_part(scheme, PartKind::kFormSorted));
    case Place::kBody: return covers_body(scheme);
    case Place::kClaim: return scheme.family == Family::kJwt;
    case Place::kNone:
    case Place::kNumberedHeaders:
    case Place::kField:
    case Place::kPosition: break;
  }
  return false;
}

}  // namespace sluice::signature
