#include "signature/request.h"

#include "signature/lookup.h"

namespace sluice::signature {

bool is_form(const Request& request) {
  constexpr std::string_view kForm = "application/x-www-form-urlencoded";
  const Found type = find_header(request, "content-type");
  if (type.text.size() < kForm.size()) return false;
  if (lower_case(type.text.substr(0, kForm.size())) != kForm) return false;
  return type.text.size() == kForm.size() || type.text[kForm.size()] == ';' ||
         type.text[kForm.size()] == ' ';
}

std::string_view path_of(std::string_view url) {
  url = url.substr(0, url.find('#'));
  const std::size_t scheme = url.find("://");
  const std::size_t query = url.find('?');
  if (scheme == std::string_view::npos || query < scheme) return url;
  const std::size_t path = url.find_first_of("/?", scheme + 3);
  if (path == std::string_view::npos) return "/";
  return url.substr(path);
}

}  // namespace sluice::signature
