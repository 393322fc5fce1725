#include "app/request.h"

#include <algorithm>
#include <utility>

#include "codec/url.h"
#include "codec/utf8.h"

namespace sluice::app {
namespace {

bool is_visible(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

// Control bytes have no place in a name, an id or a token, however they are spelled.
Result<std::string> decode(std::string_view text) {
  auto decoded = codec::percent_decode(text);
  if (!decoded) return Error{Errc::kMalformed, "a percent sign without two hex digits"};
  const bool control = std::any_of(decoded->begin(), decoded->end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
  if (control || !codec::is_utf8(*decoded)) {
    return Error{Errc::kMalformed, "the address holds bytes that are no text"};
  }
  return *std::move(decoded);
}

Result<void> parse_path(std::string_view text, RequestTarget& target) {
  if (text.empty() || text[0] != '/') {
    return Error{Errc::kMalformed, "the path does not begin with a slash"};
  }
  while (!text.empty()) {
    text.remove_prefix(1);
    const std::string_view segment = text.substr(0, text.find('/'));
    text.remove_prefix(segment.size());
    if (target.path.size() == kSegmentsMax) {
      return Error{Errc::kTooBig, "the path has too many segments"};
    }
    SLUICE_TRY(auto decoded, decode(segment));
    target.path.push_back(std::move(decoded));
  }
  return {};
}

Result<Parameter> parse_parameter(std::string_view pair) {
  const std::size_t equals = pair.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    return Error{Errc::kMalformed, "a query parameter is not name=value"};
  }
  std::string value(pair.substr(equals + 1));
  std::replace(value.begin(), value.end(), '+', ' ');  // As forms write it.
  Parameter parameter;
  SLUICE_TRY(parameter.name, decode(pair.substr(0, equals)));
  SLUICE_TRY(parameter.value, decode(value));
  if (parameter.name.size() > kParameterMax || parameter.value.size() > kParameterMax) {
    return Error{Errc::kTooBig, "a query parameter is too long"};
  }
  return parameter;
}

Result<void> parse_query(std::string_view text, RequestTarget& target) {
  while (true) {
    const std::string_view pair = text.substr(0, text.find('&'));
    SLUICE_TRY(auto parameter, parse_parameter(pair));
    if (target.parameter(parameter.name)) {
      return Error{Errc::kMalformed, "a query parameter is repeated"};
    }
    if (target.query.size() == kParametersMax) {
      return Error{Errc::kTooBig, "there are too many query parameters"};
    }
    target.query.push_back(std::move(parameter));
    if (pair.size() == text.size()) return {};
    text.remove_prefix(pair.size() + 1);
  }
}

}  // namespace

std::optional<std::string_view> RequestTarget::parameter(std::string_view name) const {
  for (const auto& parameter : query) {
    if (parameter.name == name) return parameter.value;
  }
  return std::nullopt;
}

Result<RequestTarget> parse_target(std::string_view target) {
  if (target.size() > kTargetMax) return Error{Errc::kTooBig, "the address is too long"};
  if (!is_visible(target) || target.find('#') != std::string_view::npos) {
    return Error{Errc::kMalformed, "the address holds bytes that no address has"};
  }
  RequestTarget parsed;
  const std::size_t question = target.find('?');
  SLUICE_TRY(parse_path(target.substr(0, question), parsed));
  if (question == std::string_view::npos) return parsed;
  const std::string_view query = target.substr(question + 1);
  if (!query.empty()) {
    SLUICE_TRY(parse_query(query, parsed));
  }
  return parsed;
}

}  // namespace sluice::app
