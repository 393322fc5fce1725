// What each part of a message stands for in a request.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/sort.h"
#include "codec/form.h"
#include "codec/hex.h"
#include "crypto/crc32.h"
#include "signature/reading.h"

namespace sluice::signature {
namespace {

// All fields by name and value, each name and value in a row; equal pairs once.
Found sorted_form(const Request& request, Shelf& shelf) {
  if (!is_form(request)) return {Presence::kThere, {}};
  auto fields = codec::parse_form(request.body);
  if (!fields) return {Presence::kMalformed, {}};
  const auto order = [](const codec::FormField& a, const codec::FormField& b) {
    return a.name != b.name ? a.name < b.name : a.value < b.value;
  };
  sort(*fields, order);
  fields->erase(std::unique(fields->begin(), fields->end()), fields->end());
  Bytes row;
  for (const codec::FormField& field : *fields) row += field.name + field.value;
  return {Presence::kThere, shelf.keep(std::move(row))};
}

Found parameter(const Scheme& scheme, std::string_view name) {
  for (const Parameter& each : scheme.parameters) {
    if (each.name == name && !each.value.empty()) return {Presence::kThere, each.value};
  }
  return {Presence::kMissing, {}};
}

Found find_value(const Scheme& scheme, const MessagePart& part, const Request& request,
                 Shelf& shelf) {
  switch (part.kind) {
    case PartKind::kHeader: return find_header(request, part.text);
    case PartKind::kQuery: return find_query(request, part.text, shelf);
    case PartKind::kForm: return find_form(request, part.text, shelf);
    case PartKind::kJson: return find_json(request, part.text, shelf);
    case PartKind::kParameter: return parameter(scheme, part.text);
    case PartKind::kFormSorted: return sorted_form(request, shelf);
    case PartKind::kBody: return {Presence::kThere, request.body};
    case PartKind::kMethod: return {Presence::kThere, request.method};
    case PartKind::kUrl: return {Presence::kThere, request.url.substr(0, request.url.find('#'))};
    case PartKind::kUrlPath: return {Presence::kThere, path_of(request.url)};
    case PartKind::kCrc32:
      return {Presence::kThere, shelf.keep(std::to_string(crypto::crc32(request.body)))};
    case PartKind::kSha256:
      return {Presence::kThere,
              shelf.keep(codec::encode_hex(crypto::view(crypto::sha256(request.body))))};
    case PartKind::kLiteral:
    case PartKind::kTimestamp: break;
  }
  return {};
}

}  // namespace

Found find_part(const Scheme& scheme, const MessagePart& part, const Request& request,
                Shelf& shelf) {
  Found found = find_value(scheme, part, request, shelf);
  if (part.lower && found.presence == Presence::kThere) {
    found.text = shelf.keep(lower_case(found.text));
  }
  return found;
}

}  // namespace sluice::signature
