#include "signature/request_variants.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace sluice::signature {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

Bytes replaced(ByteView body, std::string_view from, std::string_view to) {
  Bytes result;
  for (std::size_t at = 0;;) {
    const std::size_t found = body.find(from, at);
    result += body.substr(at, found == ByteView::npos ? found : found - at);
    if (found == ByteView::npos) return result;
    result += to;
    at = found + from.size();
  }
}

ByteView trimmed_end(ByteView body) {
  while (!body.empty() && (body.back() == '\n' || body.back() == '\r' || body.back() == ' ')) {
    body.remove_suffix(1);
  }
  return body;
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

Bytes respaced(ByteView json, JsonSpacing spacing) {
  Bytes result;
  bool quoted = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (!quoted && is_space(c)) continue;
    result += c;
    if (quoted && c == '\\' && i + 1 < json.size()) {
      result += json[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && spacing == JsonSpacing::kBlanks && (c == ',' || c == ':')) {
      result += ' ';
    }
  }
  return result;
}

std::vector<BodyVariant> body_variants(ByteView body) {
  const bool marked = body.substr(0, kByteOrderMark.size()) == kByteOrderMark;
  const Bytes unix_ends = replaced(body, "\r\n", "\n");
  std::vector<BodyVariant> all = {
      {"has no byte order mark in front", Bytes(marked ? body.substr(3) : body)},
      {"has a byte order mark in front", Bytes(kByteOrderMark) + Bytes(body)},
      {"has no newline or blank at its end", Bytes(trimmed_end(body))},
      {"ends in a newline", Bytes(body) + "\n"},
      {"ends in CR LF", Bytes(body) + "\r\n"},
      {"has LF where CR LF arrived", unix_ends},
      {"has CR LF where LF arrived", replaced(unix_ends, "\n", "\r\n")},
      {"has no white space between its tokens: it was parsed and written anew",
       respaced(body, JsonSpacing::kNone)},
      {"has a blank behind each comma and colon: it was parsed and written anew",
       respaced(body, JsonSpacing::kBlanks)},
      {"does not escape slashes", replaced(body, "\\/", "/")},
      {"escapes slashes", replaced(body, "/", "\\/")},
      {"is empty", Bytes()},
  };
  std::erase_if(all, [&](const BodyVariant& variant) { return variant.body == body; });
  return all;
}

std::vector<UrlVariant> url_variants(std::string_view text) {
  const std::string url(text);
  const std::size_t authority = url.find("://");
  if (authority == std::string::npos) return {};
  const bool secure = url.compare(0, authority, "https") == 0;
  const std::string other = secure ? "http" : "https";
  const std::size_t path = std::min(url.find_first_of("/?", authority + 3), url.size());
  const std::size_t colon = url.find(':', authority + 3);
  const std::string host = url.substr(authority, std::min(colon, path) - authority);
  const std::string tail = url.substr(path);
  const std::size_t query = std::min(url.find('?'), url.size());
  const std::string before = url.substr(0, query);
  const bool slash = before.back() == '/';

  std::vector<UrlVariant> variants = {
      {"begins with " + other + ":", other + url.substr(authority)},
      {slash ? "has no slash at its end" : "has a slash at its end",
       (slash ? before.substr(0, before.size() - 1) : before + "/") + url.substr(query)},
      {"has no query", before},
  };
  if (colon < path) {
    variants.push_back({"names no port", url.substr(0, colon) + tail});
    variants.push_back({"names no port and begins with " + other + ":", other + host + tail});
  } else {
    variants.push_back({"names the port 443", "https" + host + ":443" + tail});
    variants.push_back({"names the port 80", "http" + host + ":80" + tail});
  }
  std::erase_if(variants, [&](const UrlVariant& variant) { return variant.url == url; });
  return variants;
}

}  // namespace sluice::signature
