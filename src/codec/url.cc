#include "codec/url.h"

#include <algorithm>

#include "base/headers.h"

namespace sluice::codec {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

// Whether the host's last label makes it a number, so that it must be an IPv4 address.
bool ends_in_number(std::string_view host) {
  if (!host.empty() && host.back() == '.') host.remove_suffix(1);
  const std::size_t dot = host.rfind('.');
  const std::string_view last = dot == std::string_view::npos ? host : host.substr(dot + 1);
  if (last.empty()) return false;
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (std::all_of(last.begin(), last.end(), digit)) return true;
  return last.size() >= 2 && last[0] == '0' && last[1] == 'x' &&
         std::all_of(last.begin() + 2, last.end(), [](char c) { return hex_value(c) >= 0; });
}

Result<void> check_labels(std::string_view name) {
  if (name.empty() || name.size() > 253) {
    return Error{Errc::kMalformed, "the host name is empty or too long"};
  }
  std::size_t label = 0;
  for (const char c : name) {
    if (!is_name_byte(c)) return Error{Errc::kMalformed, "the host holds a forbidden byte"};
    label = c == '.' ? 0 : label + 1;
    if (label > 63) return Error{Errc::kMalformed, "a label of the host is too long"};
  }
  if (name.front() == '.' || name.find("..") != std::string_view::npos) {
    return Error{Errc::kMalformed, "a label of the host is empty"};
  }
  return {};
}

Result<void> parse_host(std::string_view text, Url& url) {
  if (!text.empty() && text.front() == '[') {
    if (text.back() != ']') return Error{Errc::kMalformed, "an IPv6 address lacks its bracket"};
    const auto address = parse_ipv6(text.substr(1, text.size() - 2));
    if (!address) return Error{Errc::kMalformed, "not an IPv6 address"};
    url.address = *address;
    url.host = "[" + format(*address) + "]";
    return {};
  }
  const auto decoded = percent_decode(text);
  if (!decoded) return Error{Errc::kMalformed, "a '%' without two hex digits in the host"};
  std::string name = lower_case(*decoded);
  SLUICE_TRY(check_labels(name));
  if (ends_in_number(name)) {
    const auto address = parse_ipv4(name);
    if (!address) return Error{Errc::kMalformed, "not an IPv4 address"};
    url.address = *address;
    url.host = format(*address);
    return {};
  }
  if (name.back() == '.') name.pop_back();  // The root label names the same host.
  url.host = std::move(name);
  return {};
}

Result<void> parse_port(std::string_view text, Url& url) {
  if (text.empty()) return {};
  std::uint32_t port = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return Error{Errc::kMalformed, "the port is not a number"};
    port = port * 10 + static_cast<std::uint32_t>(c - '0');
    if (port > 65535) return Error{Errc::kMalformed, "the port is above 65535"};
  }
  if (port == 0) return Error{Errc::kMalformed, "port 0"};
  url.port = static_cast<std::uint16_t>(port);
  return {};
}

Result<void> parse_authority(std::string_view text, Url& url) {
  if (const std::size_t at = text.rfind('@'); at != std::string_view::npos) {
    url.has_userinfo = true;
    url.userinfo = text.substr(0, at);
    text.remove_prefix(at + 1);
  }
  std::size_t colon = text.rfind(':');
  const std::size_t bracket = text.rfind(']');
  if (colon != std::string_view::npos && bracket != std::string_view::npos && colon < bracket) {
    colon = std::string_view::npos;
  }
  if (colon != std::string_view::npos) SLUICE_TRY(parse_port(text.substr(colon + 1), url));
  return parse_host(text.substr(0, colon), url);
}

// Resolves "." and ".." as fetch does, so that the canonical text is what is requested.
std::string remove_dots(std::string_view path) {
  const auto is_dot = [](std::string_view s) { return s == "." || lower_case(s) == "%2e"; };
  const auto is_dots = [](std::string_view s) {
    const std::string l = lower_case(s);
    return l == ".." || l == ".%2e" || l == "%2e." || l == "%2e%2e";
  };
  std::string out;
  while (!path.empty()) {  // Each round takes a slash and a segment.
    path.remove_prefix(1);
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string_view segment = path.substr(0, end);
    path.remove_prefix(end);
    const bool last = path.empty();
    if (is_dots(segment)) {
      out.resize(out.empty() ? 0 : out.rfind('/'));
      if (last) out += '/';
    } else if (is_dot(segment)) {
      if (last) out += '/';
    } else {
      out += '/';
      out += segment;
    }
  }
  return out;
}

}  // namespace

Result<Url> parse_url(std::string_view text) {
  if (text.size() > kUrlMax) return Error{Errc::kTooBig, "the URL is too long"};
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < '\x7f' && c != '\\' && c != '"' && c != '<' && c != '>' && c != '^' &&
           c != '`' && c != '{' && c != '|' && c != '}';
  });
  if (!plain) return Error{Errc::kMalformed, "the URL holds a byte that must be percent-encoded"};

  Url url;
  const std::size_t colon = text.find("://");
  const std::string scheme = lower_case(text.substr(0, std::min(colon, std::size_t{16})));
  if (colon == std::string_view::npos || (scheme != "https" && scheme != "http")) {
    return Error{Errc::kMalformed, "the URL does not begin with https:// or http://"};
  }
  url.secure = scheme == "https";
  url.port = url.secure ? 443 : 80;
  text.remove_prefix(colon + 3);
  text = text.substr(0, text.find('#'));

  const std::size_t authority_end = std::min(text.find_first_of("/?"), text.size());
  SLUICE_TRY(parse_authority(text.substr(0, authority_end), url));
  text.remove_prefix(authority_end);
  if (const std::size_t mark = text.find('?'); mark != std::string_view::npos) {
    url.query = std::string(text.substr(mark + 1));
    text = text.substr(0, mark);
  }
  url.path = text.empty() ? "/" : remove_dots(text);
  return url;
}

std::string authority(const Url& url) {
  const bool usual = url.port == (url.secure ? 443 : 80);
  return usual ? url.host : url.host + ":" + std::to_string(url.port);
}

std::string origin(const Url& url) {
  return (url.secure ? "https://" : "http://") + authority(url);
}

std::string canonical(const Url& url) {
  std::string text = origin(url) + url.path;
  if (url.query) text += "?" + *url.query;
  return text;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (text.size() - i < 3) return std::nullopt;
    const int high = hex_value(text[i + 1]);
    const int low = hex_value(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high << 4 | low);
    i += 2;
  }
  return out;
}

void append_query(Url& url, std::string_view name, std::string_view value) {
  if (!url.query) url.query.emplace();
  if (!url.query->empty()) *url.query += '&';
  *url.query += percent_encode(name) + "=" + percent_encode(value);
}

}  // namespace sluice::codec
