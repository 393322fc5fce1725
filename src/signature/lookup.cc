#include "signature/lookup.h"

#include <algorithm>
#include <utility>

#include "codec/form.h"
#include "codec/json_pointer.h"

namespace sluice::signature {
namespace {

Found found_in(codec::FormFind outcome, Bytes text, Shelf& shelf) {
  switch (outcome) {
    case codec::FormFind::kFound: return {Presence::kThere, shelf.keep(std::move(text))};
    case codec::FormFind::kAbsent: return {Presence::kMissing, {}};
    case codec::FormFind::kRepeated: return {Presence::kRepeated, {}};
    case codec::FormFind::kMalformed: break;
  }
  return {Presence::kMalformed, {}};
}

}  // namespace

std::string_view Shelf::keep(Bytes text) {
  texts_.push_front(std::move(text));
  return texts_.front();
}

Found find_header(const Request& request, std::string_view name) {
  Found found;
  for (const Header& header : request.headers) {
    if (header.name != name) continue;
    if (found.presence == Presence::kThere) return {Presence::kRepeated, {}};
    found = {Presence::kThere, header.value};
  }
  return found;
}

Found find_json(const Request& request, std::string_view pointer, Shelf& shelf) {
  const auto value = codec::find_raw(request.body, pointer);
  if (!value) return {Presence::kMissing, {}};
  auto text = codec::scalar_text(*value);
  if (!text) return {Presence::kMissing, {}};
  return {Presence::kThere, shelf.keep(*std::move(text))};
}

Found find_form(const Request& request, std::string_view name, Shelf& shelf) {
  Bytes value;
  const auto outcome = codec::find_field(request.body, name, value);
  return found_in(outcome, std::move(value), shelf);
}

Found find_query(const Request& request, std::string_view name, Shelf& shelf) {
  Bytes value;
  const auto outcome = codec::find_field(codec::query_of(request.url), name, value);
  return found_in(outcome, std::move(value), shelf);
}

Found find_at(const Site& site, const Request& request, Shelf& shelf) {
  switch (site.place) {
    case Place::kHeader: return find_header(request, site.name);
    case Place::kJson: return find_json(request, site.name, shelf);
    case Place::kForm: return find_form(request, site.name, shelf);
    case Place::kQuery: return find_query(request, site.name, shelf);
    default: return {};
  }
}

}  // namespace sluice::signature
