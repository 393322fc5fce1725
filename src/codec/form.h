// Names and values as HTML forms and query strings write them (application/x-www-form-urlencoded).
//
//   a=1&b=two+words&c=%C3%A9
//
// Decoding is strict: a '%' without two hex digits is refused, since two readers that repair it
// differently would read two requests. A name that occurs twice has no value here; who needs all of
// them takes the list.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::codec {

inline constexpr std::size_t kFormFieldsMax = 1024;

struct FormField {
  std::string name;
  std::string value;

  friend bool operator==(const FormField&, const FormField&) = default;
};

// In the order in which they are written; empty ones between two '&' are left out. None when an
// escape is broken or there are more than kFormFieldsMax.
[[nodiscard]] std::optional<std::vector<FormField>> parse_form(std::string_view text);

enum class FormFind : std::uint8_t { kFound, kAbsent, kRepeated, kMalformed };

// The value of `name`, when the whole text is well-formed and `name` occurs once.
[[nodiscard]] FormFind find_field(std::string_view text, std::string_view name, std::string& value);

// A name or a value: letters, digits and "*-._" stay, a blank becomes '+', the rest %XX.
[[nodiscard]] std::string encode_form(std::string_view text);

[[nodiscard]] std::string format_form(const std::vector<FormField>& fields);

// Behind the first '?', without a fragment; empty when there is none.
[[nodiscard]] std::string_view query_of(std::string_view url);

}  // namespace sluice::codec
