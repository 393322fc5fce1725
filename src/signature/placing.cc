#include "signature/placing.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "codec/form.h"
#include "codec/json_pointer.h"
#include "codec/json_writer.h"

namespace sluice::signature {
namespace {

std::string quoted(std::string_view text) {
  codec::JsonWriter json;
  json.string(text);
  return std::move(json).take();
}

// The members below `steps[from]`, down to the value.
std::string nested(const std::vector<std::string>& steps, std::size_t from, std::string_view text) {
  std::string open;
  std::string close;
  for (std::size_t i = from; i < steps.size(); ++i) {
    open += (i > from ? "{" : "") + quoted(steps[i]) + ":";
    if (i > from) close += "}";
  }
  return open + quoted(text) + close;
}

Result<void> place_json(Draft& draft, const std::string& pointer, std::string_view text) {
  const auto steps = codec::parse_pointer(pointer);
  if (!steps || steps->empty()) return Error{Errc::kBadArgument, "no JSON pointer to a member"};
  if (draft.body.empty()) draft.body = "{}";
  const auto at = [&](std::string_view slice) {
    return static_cast<std::size_t>(slice.data() - draft.body.data());
  };
  if (const auto known = codec::find_raw(draft.body, pointer)) {
    draft.body.replace(at(known->slice), known->slice.size(), quoted(text));
    draft.body_changed = true;
    return {};
  }
  for (std::size_t depth = steps->size(); depth-- > 0;) {
    std::string parent;
    for (std::size_t i = 0; i < depth; ++i) parent += codec::pointer_step((*steps)[i]);
    const auto object = codec::find_raw(draft.body, parent);
    if (!object) continue;
    if (object->kind != codec::JsonKind::kObject) break;
    const std::size_t behind = object->slice.find_first_not_of(" \t\r\n", 1);
    const bool empty = behind != std::string_view::npos && object->slice[behind] == '}';
    const std::size_t where = at(object->slice) + 1;
    draft.body.insert(where, nested(*steps, depth, text) + (empty ? "" : ","));
    draft.body_changed = true;
    return {};
  }
  return Error{Errc::kBadArgument, "the body is no JSON object that could hold the text"};
}

Result<std::string> with_field(std::string_view form, const std::string& name,
                               std::string_view text) {
  auto fields = codec::parse_form(form);
  if (!fields) return Error{Errc::kBadArgument, "the form is malformed"};
  const auto same = [&](const codec::FormField& field) { return field.name == name; };
  fields->erase(std::remove_if(fields->begin(), fields->end(), same), fields->end());
  fields->push_back({name, std::string(text)});
  return codec::format_form(*fields);
}

// The rest of the query stays as it is written.
Result<void> place_query(Draft& draft, const std::string& name, std::string_view text) {
  draft.url.resize(std::min(draft.url.find('#'), draft.url.size()));
  const std::string_view query = codec::query_of(draft.url);
  std::string known;
  const auto found = codec::find_field(query, name, known);
  if (found == codec::FormFind::kAbsent) {
    const bool first = draft.url.find('?') == std::string::npos;
    draft.url += (first           ? "?"
                  : query.empty() ? ""
                                  : "&") +
                 codec::encode_form(name) + "=" + codec::encode_form(text);
  } else {
    SLUICE_TRY(auto changed, with_field(query, name, text));
    draft.url.resize(draft.url.size() - query.size());
    draft.url += changed;
  }
  draft.url_changed = true;
  return {};
}

}  // namespace

Result<void> place(Draft& draft, const Site& site, std::string_view text) {
  switch (site.place) {
    case Place::kHeader: {
      const auto same = [&](const Header& header) { return header.name == site.name; };
      for (Headers* headers : {&draft.headers, &draft.added}) {
        headers->erase(std::remove_if(headers->begin(), headers->end(), same), headers->end());
        headers->push_back({site.name, std::string(text)});
      }
      return {};
    }
    case Place::kJson: return place_json(draft, site.name, text);
    case Place::kForm: {
      SLUICE_TRY(draft.body, with_field(draft.body, site.name, text));
      draft.body_changed = true;
      return {};
    }
    case Place::kQuery: return place_query(draft, site.name, text);
    default: return Error{Errc::kBadArgument, "a text cannot be put there"};
  }
}

}  // namespace sluice::signature
