// How lists of the admin API are asked for and answered.
//
//   ?limit=50&after=TOKEN   ->   {"items":[...],"next":"TOKEN"}      `next` is null at the end
//
// A token is opaque to callers and strictly checked: it is the number or the name of the last row
// that was looked at, so a list goes on at its place whatever was added or deleted meanwhile.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/request.h"
#include "base/id.h"
#include "codec/json_writer.h"
#include "host/http.h"

namespace sluice::app {

inline constexpr std::uint32_t kLimitDefault = 50;
inline constexpr std::uint32_t kLimitMax = 200;

// Errors: kBadArgument.
[[nodiscard]] Result<std::uint32_t> limit_of(const RequestTarget& target);
// `after` where rows are numbered, and where they are named.
[[nodiscard]] Result<std::optional<Seq>> seq_after(const RequestTarget& target);
[[nodiscard]] Result<std::string> name_after(const RequestTarget& target);

// A parameter that is a name; empty when it is absent.
[[nodiscard]] Result<std::string> name_parameter(const RequestTarget& target,
                                                 std::string_view parameter);

// The part of `names` that was asked for.
struct NamePage {
  std::vector<std::string> names;
  std::optional<std::string> next;
};
// Errors: kBadArgument. `names` need not be sorted.
[[nodiscard]] Result<NamePage> page_of(const RequestTarget& target, std::vector<std::string> names);

[[nodiscard]] codec::JsonWriter begin_list();
[[nodiscard]] HttpResponse end_list(codec::JsonWriter json, const std::optional<std::string>& next);
[[nodiscard]] HttpResponse end_list(codec::JsonWriter json, std::optional<Seq> next);

// What stands in a list for a row that cannot be read.
void write_unreadable(codec::JsonWriter& json, std::string_view key, const Error& error);

}  // namespace sluice::app
