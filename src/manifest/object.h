// Typed access to one JSON object of the manifest; whatever does not fit is reported with its
// place.
//
// The valid keys are named up front, so an unknown key is found and its nearest neighbour
// suggested. Reading a field gives its value, or nothing when it is absent or was reported.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "codec/json.h"
#include "manifest/report.h"

namespace sluice::manifest {

enum class Presence : std::uint8_t { kOptional, kRequired };

// The JSON pointer of the member `key` (or the item `index`) below `at`.
[[nodiscard]] std::string below(std::string_view at, std::string_view key);
[[nodiscard]] std::string below(std::string_view at, std::size_t index);

// "a string", "an object", ...: what a value is, for messages.
[[nodiscard]] std::string_view described(const codec::Json& json);

struct Range {
  std::int64_t min = 0;
  std::int64_t max = 0;
};

class Object {
 public:
  // `json` outlives this. A value that is no object is reported once and then reads as empty.
  Object(const codec::Json& json, std::string at, Words keys, Report& report);

  [[nodiscard]] const std::string& at() const { return at_; }
  [[nodiscard]] std::string at(std::string_view key) const { return below(at_, key); }
  [[nodiscard]] Report& report() const { return report_; }
  [[nodiscard]] bool has(std::string_view key) const { return json_.member(key) != nullptr; }

  // The member of any kind. Absent and required is reported.
  [[nodiscard]] const codec::Json* member(std::string_view key, Presence presence) const;

  [[nodiscard]] std::optional<std::string> string(std::string_view key, Presence presence) const;
  [[nodiscard]] std::optional<bool> boolean(std::string_view key) const;
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key, Range range) const;
  [[nodiscard]] std::optional<Duration> duration(std::string_view key, Range range_ms) const;
  // A JSON pointer, checked; "" is one.
  [[nodiscard]] std::optional<std::string> pointer(std::string_view key, Presence presence) const;
  // The items of an array, at most `items_max`.
  [[nodiscard]] const std::vector<codec::Json>& items(std::string_view key, Presence presence,
                                                      std::size_t items_max) const;
  // The members of an object whose keys are free, at most `members_max`.
  [[nodiscard]] const std::vector<codec::JsonMember>& members(std::string_view key,
                                                              std::size_t members_max) const;

 private:
  const codec::Json& json_;
  std::string at_;
  Report& report_;
  std::vector<codec::Json> no_items_;
  std::vector<codec::JsonMember> no_members_;
};

// The text of a value that must be a string.
[[nodiscard]] std::optional<std::string> text_of(const codec::Json& json, const std::string& at,
                                                 Report& report);

// Whether a value is an integer in the range; reports otherwise.
[[nodiscard]] std::optional<std::int64_t> integer_of(const codec::Json& json, const std::string& at,
                                                     Range range, Report& report);

// Names are [a-z][a-z0-9-]{0,47}; reports otherwise.
bool check_name(std::string_view name, const std::string& at, Report& report);

}  // namespace sluice::manifest
