#include "manifest/object.h"

#include <algorithm>
#include <utility>

#include "codec/json_pointer.h"

namespace sluice::manifest {
namespace {

using codec::Json;
using codec::JsonKind;
using codec::JsonMember;

constexpr std::size_t kNameMax = 48;
constexpr std::size_t kStringMax = 8192;

std::string expected(std::string_view what, const Json& json) {
  return "Expected " + std::string(what) + ", found " + std::string(described(json)) + ".";
}

}  // namespace

std::string below(std::string_view at, std::string_view key) {
  return std::string(at) + codec::pointer_step(key);
}

std::string below(std::string_view at, std::size_t index) {
  return std::string(at) + "/" + std::to_string(index);
}

std::string_view described(const Json& json) {
  switch (json.kind()) {
    case JsonKind::kNull: return "null";
    case JsonKind::kBool: return "a boolean";
    case JsonKind::kNumber: return "a number";
    case JsonKind::kString: return "a string";
    case JsonKind::kArray: return "an array";
    case JsonKind::kObject: return "an object";
  }
  return "a value";
}

Object::Object(const Json& json, std::string at, Words keys, Report& report)
    : json_(json), at_(std::move(at)), report_(report) {
  if (!json.is_object()) {
    report_.error(at_, "wrong_type", expected("an object", json));
    return;
  }
  for (const JsonMember& member : json.members()) {
    if (std::find(keys.begin(), keys.end(), member.key) != keys.end()) continue;
    report_.error(this->at(member.key), "unknown_key",
                  "Unknown key \"" + shown(member.key) + "\"." + suggestion(member.key, keys));
  }
}

const Json* Object::member(std::string_view key, Presence presence) const {
  const Json* found = json_.member(key);
  if (found == nullptr && presence == Presence::kRequired && json_.is_object()) {
    report_.error(at(key), "missing", "\"" + std::string(key) + "\" is required here.");
  }
  return found;
}

std::optional<std::string> Object::string(std::string_view key, Presence presence) const {
  const Json* found = member(key, presence);
  if (found == nullptr) return std::nullopt;
  return text_of(*found, at(key), report_);
}

std::optional<bool> Object::boolean(std::string_view key) const {
  const Json* found = member(key, Presence::kOptional);
  if (found == nullptr) return std::nullopt;
  const auto value = found->as_bool();
  if (!value) report_.error(at(key), "wrong_type", expected("true or false", *found));
  return value;
}

std::optional<std::int64_t> Object::integer(std::string_view key, Range range) const {
  const Json* found = member(key, Presence::kOptional);
  if (found == nullptr) return std::nullopt;
  return integer_of(*found, at(key), range, report_);
}

std::optional<Duration> Object::duration(std::string_view key, Range range_ms) const {
  const auto value = integer(key, range_ms);
  if (!value) return std::nullopt;
  return milliseconds(*value);
}

std::optional<std::string> Object::pointer(std::string_view key, Presence presence) const {
  auto text = string(key, presence);
  if (!text) return std::nullopt;
  if (!codec::parse_pointer(*text)) {
    report_.error(at(key), "pointer_malformed",
                  "Expected a JSON pointer such as \"/data/0/id\", found \"" + shown(*text) +
                      "\". Each step begins with a slash.");
    return std::nullopt;
  }
  return text;
}

const std::vector<Json>& Object::items(std::string_view key, Presence presence,
                                       std::size_t items_max) const {
  const Json* found = member(key, presence);
  if (found == nullptr) return no_items_;
  if (!found->is_array()) {
    report_.error(at(key), "wrong_type", expected("an array", *found));
    return no_items_;
  }
  if (found->items().size() > items_max) {
    report_.error(at(key), "out_of_range",
                  "At most " + std::to_string(items_max) + " items are allowed here.");
    return no_items_;
  }
  return found->items();
}

const std::vector<JsonMember>& Object::members(std::string_view key,
                                               std::size_t members_max) const {
  const Json* found = member(key, Presence::kOptional);
  if (found == nullptr) return no_members_;
  if (!found->is_object()) {
    report_.error(at(key), "wrong_type", expected("an object", *found));
    return no_members_;
  }
  if (found->members().size() > members_max) {
    report_.error(at(key), "out_of_range",
                  "At most " + std::to_string(members_max) + " members are allowed here.");
    return no_members_;
  }
  return found->members();
}

std::optional<std::string> text_of(const Json& json, const std::string& at, Report& report) {
  const auto text = json.as_string();
  if (!text) {
    report.error(at, "wrong_type", expected("a string", json));
    return std::nullopt;
  }
  if (text->size() > kStringMax) {
    report.error(at, "out_of_range", "A text here has at most 8192 bytes.");
    return std::nullopt;
  }
  return std::string(*text);
}

std::optional<std::int64_t> integer_of(const Json& json, const std::string& at, Range range,
                                       Report& report) {
  const std::string bounds =
      "an integer from " + std::to_string(range.min) + " to " + std::to_string(range.max);
  const auto value = json.as_int64();
  if (!value) {
    report.error(at, "wrong_type", expected(bounds, json));
    return std::nullopt;
  }
  if (*value < range.min || *value > range.max) {
    report.error(at, "out_of_range",
                 "Expected " + bounds + ", found " + std::to_string(*value) + ".");
    return std::nullopt;
  }
  return value;
}

bool check_name(std::string_view name, const std::string& at, Report& report) {
  bool fits = !name.empty() && name.size() <= kNameMax && name[0] >= 'a' && name[0] <= 'z';
  for (const char c : name) {
    fits = fits && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-');
  }
  if (!fits) {
    report.error(at, "name_malformed",
                 "\"" + shown(name) +
                     "\" is no name. Names begin with a lower-case letter and go on with letters, "
                     "digits and dashes, at most 48 in all.");
  }
  return fits;
}

}  // namespace sluice::manifest
