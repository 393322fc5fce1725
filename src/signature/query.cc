#include "signature/query.h"

#include <algorithm>

#include "codec/url.h"

namespace sluice::signature {
namespace {

constexpr int kParametersMax = 64;

std::optional<std::string> decode(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return codec::percent_decode(spaced);
}

}  // namespace

std::optional<std::string> query_parameter(std::string_view url, std::string_view name) {
  const std::size_t question = url.find('?');
  if (question == std::string_view::npos) return std::nullopt;
  std::string_view rest = url.substr(question + 1);
  rest = rest.substr(0, rest.find('#'));
  std::optional<std::string> found;
  for (int i = 0; !rest.empty(); ++i) {
    if (i == kParametersMax) return std::nullopt;
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    const std::string_view key = pair.substr(0, pair.find('='));
    if (decode(key) != name) continue;
    if (found) return std::nullopt;
    found = decode(pair.substr(std::min(pair.size(), key.size() + 1)));
    if (!found) return std::nullopt;
  }
  return found;
}

}  // namespace sluice::signature
