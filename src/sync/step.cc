#include "sync/step.h"

#include <cstddef>

#include "codec/rfc3339.h"
#include "codec/url.h"

namespace sluice::sync {
namespace {

constexpr std::string_view kBegin = "{begin}";
constexpr std::string_view kEnd = "{end}";

void replace_all(std::string& text, std::string_view placeholder, const std::string& value) {
  std::size_t at = 0;
  while ((at = text.find(placeholder, at)) != std::string::npos) {
    text.replace(at, placeholder.size(), value);
    at += value.size();  // The value holds no placeholder, and is not looked into.
  }
}

}  // namespace

bool is_template(std::string_view text) {
  while (!text.empty()) {
    const std::size_t at = text.find_first_of("{}");
    if (at == std::string_view::npos) return true;
    text.remove_prefix(at);
    if (text.substr(0, kBegin.size()) == kBegin) {
      text.remove_prefix(kBegin.size());
    } else if (text.substr(0, kEnd.size()) == kEnd) {
      text.remove_prefix(kEnd.size());
    } else {
      return false;
    }
  }
  return true;
}

std::string fill(std::string_view text, const Window& window) {
  std::string filled(text);
  replace_all(filled, kBegin, codec::format_rfc3339(window.begin));
  replace_all(filled, kEnd, codec::format_rfc3339(window.end));
  return filled;
}

Result<std::string> page_url(const RequestShape& shape, const Window& window, std::uint32_t page) {
  SLUICE_ASSERT(page >= 1);
  SLUICE_TRY(auto url, codec::parse_url(shape.url));
  for (const auto& [name, value] : shape.query) {
    codec::append_query(url, name, fill(value, window));
  }
  if (!shape.page_parameter.empty()) {
    codec::append_query(url, shape.page_parameter, std::to_string(page));
  }
  return codec::canonical(url);
}

Result<std::string> follow(std::string_view current, std::string_view link) {
  SLUICE_TRY(const auto here, codec::parse_url(current));
  std::string absolute(link);
  if (link.empty()) return Error{Errc::kMalformed, "next page: empty URL"};
  const bool has_authority = link.substr(0, 2) == "//";
  if (link[0] == '/' && !has_authority) absolute = codec::origin(here) + absolute;
  if (link[0] == '?') absolute = codec::origin(here) + here.path + absolute;
  const auto next = codec::parse_url(absolute);
  if (!next) return Error{Errc::kMalformed, "next page: not a URL"};
  if (next->has_userinfo || codec::origin(*next) != codec::origin(here)) {
    return Error{Errc::kBlocked, "next page: leads to another origin"};
  }
  return codec::canonical(*next);
}

}  // namespace sluice::sync
