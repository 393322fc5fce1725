// The target of a request, taken apart: path segments and query parameters.
//
//   /v1/messages/msg_0195?limit=10&after=x    {"v1","messages","msg_0195"}  limit=10  after=x
//
// Reading is strict, since a parameter that is silently ignored or picked from two answers another
// question than the one asked: a malformed or repeated parameter refuses the whole target.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sluice::app {

inline constexpr std::size_t kTargetMax = 8192;
inline constexpr std::size_t kSegmentsMax = 16;
inline constexpr std::size_t kParametersMax = 32;
inline constexpr std::size_t kParameterMax = 2048;  // Bytes of a name or a value, decoded.

struct Parameter {
  std::string name;
  std::string value;

  friend bool operator==(const Parameter&, const Parameter&) = default;
};

struct RequestTarget {
  std::vector<std::string> path;  // Percent-decoded; "/" is one empty segment.
  std::vector<Parameter> query;   // Names are distinct.

  [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const;
};

// Errors: kMalformed, kTooBig.
[[nodiscard]] Result<RequestTarget> parse_target(std::string_view target);

}  // namespace sluice::app
