#include "signature/message_signature_base.h"

#include <algorithm>
#include <array>
#include <optional>

#include "codec/hex.h"
#include "codec/url.h"

namespace sluice::signature {
namespace {

constexpr std::size_t kHeaderNameMax = 64;
constexpr std::size_t kComponentValueMax = 8192;
constexpr std::size_t kQueryPairsMax = 256;
constexpr std::array<std::string_view, 7> kDerived = {
    "@method", "@target-uri", "@authority", "@scheme", "@request-target", "@path", "@query"};

Error malformed(std::string_view what) { return Error{Errc::kMalformed, what}; }

bool is_field_name(std::string_view name) {
  return !name.empty() && name.size() <= kHeaderNameMax &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
         });
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

Result<std::string> header_value(std::string_view name, const Headers& headers) {
  const std::size_t times = count(headers, name);
  if (times == 0) return Error{Errc::kNotFound, "a covered header is missing"};
  if (times > 1) return Error{Errc::kConflict, "a covered header arrived more than once"};
  return std::string(trimmed(*find(headers, name)));
}

// application/x-www-form-urlencoded: '+' is a blank; a '%' that escapes nothing stands for itself.
std::string form_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      if (const auto byte = codec::decode_hex(text.substr(i + 1, 2), codec::HexCase::kAny)) {
        decoded += *byte;
        i += 2;
        continue;
      }
    }
    decoded += text[i] == '+' ? ' ' : text[i];
  }
  return decoded;
}

// With the percent-encode set of forms, in which '*' stays and '~' does not.
std::string form_encoded(std::string_view text) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool kept = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '*' || c == '-' || c == '.' || c == '_';
    if (kept) {
      encoded += c;
    } else {
      encoded += '%';
      encoded += kDigits[byte >> 4];
      encoded += kDigits[byte & 15];
    }
  }
  return encoded;
}

Result<std::string> query_parameter(const codec::Url& url, std::string_view name) {
  std::string_view rest = url.query ? std::string_view(*url.query) : std::string_view();
  std::optional<std::string> found;
  for (std::size_t pairs = 0; !rest.empty(); ++pairs) {
    if (pairs == kQueryPairsMax) return Error{Errc::kTooBig, "the query has too many parameters"};
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (form_encoded(form_decoded(pair.substr(0, equals))) != name) continue;
    if (found) return Error{Errc::kConflict, "a covered query parameter is given twice"};
    found = form_encoded(form_decoded(pair.substr(std::min(pair.size(), equals + 1))));
  }
  if (!found) return Error{Errc::kNotFound, "a covered query parameter is missing"};
  return *std::move(found);
}

// The path and query as they were written, from behind the authority on.
std::string target_of(const codec::Url& url) {
  return url.query ? url.path + "?" + *url.query : url.path;
}

Result<std::string> derived_value(std::string_view name, const Request& request) {
  if (name == "@method") return std::string(request.method);
  const auto url = codec::parse_url(request.url);
  if (!url.has_value()) return malformed("the request's own URL is none");
  if (name == "@target-uri") return std::string(request.url);
  if (name == "@authority") return codec::authority(*url);
  if (name == "@scheme") return std::string(url->secure ? "https" : "http");
  if (name == "@path") return url->path;
  if (name == "@query") return "?" + url->query.value_or(std::string());
  return target_of(*url);
}

Result<std::string> component_value(const FieldItem& component, const Request& request) {
  const Bytes& name = component.value.text;
  if (name == "@query-param") {
    const auto* parameter = find_parameter(component.parameters, "name");
    if (component.parameters.size() != 1 || parameter == nullptr ||
        parameter->kind != BareKind::kString) {
      return malformed("a covered @query-param has no name, or more than that");
    }
    const auto url = codec::parse_url(request.url);
    if (!url.has_value()) return malformed("the request's own URL is none");
    return query_parameter(*url, parameter->text);
  }
  if (!component.parameters.empty()) {
    return malformed("a covered component has parameters that are not supported");
  }
  if (!is_component(name)) return malformed("a covered component is not known here");
  return name[0] == '@' ? derived_value(name, request) : header_value(name, request.headers);
}

bool is_one_line(std::string_view value) {
  return value.size() <= kComponentValueMax && std::all_of(value.begin(), value.end(), [](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return c == '\t' || (byte >= 0x20 && byte < 0x7f);
         });
}

}  // namespace

bool is_component(std::string_view name) {
  if (std::find(kDerived.begin(), kDerived.end(), name) != kDerived.end()) return true;
  return is_field_name(name);
}

Result<std::string> signature_base(const InnerList& input, const Request& request) {
  std::string base;
  for (std::size_t i = 0; i < input.items.size(); ++i) {
    const FieldItem& component = input.items[i];
    if (component.value.kind != BareKind::kString) {
      return malformed("a covered component is no text");
    }
    const auto before = input.items.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::find(input.items.begin(), before, component) != before) {
      return malformed("a component is covered twice");
    }
    SLUICE_TRY(const auto value, component_value(component, request));
    if (!is_one_line(value)) return malformed("a covered value is too long, or no line of ASCII");
    base += serialize(component) + ": " + value + "\n";
    if (base.size() > kSignatureBaseMax) return Error{Errc::kTooBig, "too much is covered"};
  }
  base += "\"@signature-params\": " + serialize(input);
  return base;
}

}  // namespace sluice::signature
