#include "codec/form.h"

#include <algorithm>

#include "codec/url.h"

namespace sluice::codec {
namespace {

// A space is a plus here; all else is written as in a URL.
std::optional<std::string> decode(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return percent_decode(spaced);
}

std::optional<FormField> parse_field(std::string_view text) {
  const std::size_t at = std::min(text.find('='), text.size());
  auto name = decode(text.substr(0, at));
  auto value = decode(at == text.size() ? std::string_view() : text.substr(at + 1));
  if (!name || !value) return std::nullopt;
  return FormField{*std::move(name), *std::move(value)};
}

}  // namespace

std::optional<std::vector<FormField>> parse_form(std::string_view text) {
  std::vector<FormField> fields;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    if (end > 0) {
      if (fields.size() == kFormFieldsMax) return std::nullopt;
      auto field = parse_field(text.substr(0, end));
      if (!field) return std::nullopt;
      fields.push_back(*std::move(field));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return fields;
}

FormFind find_field(std::string_view text, std::string_view name, std::string& value) {
  const auto fields = parse_form(text);
  if (!fields) return FormFind::kMalformed;
  FormFind found = FormFind::kAbsent;
  for (const FormField& field : *fields) {
    if (field.name != name) continue;
    if (found == FormFind::kFound) return FormFind::kRepeated;
    found = FormFind::kFound;
    value = field.value;
  }
  return found;
}

std::string encode_form(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                       c == '*' || c == '-' || c == '.' || c == '_';
    if (plain) {
      encoded += c;
    } else if (c == ' ') {
      encoded += '+';
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded += '%';
      encoded += kDigits[byte >> 4];
      encoded += kDigits[byte & 15];
    }
  }
  return encoded;
}

std::string format_form(const std::vector<FormField>& fields) {
  std::string text;
  for (const FormField& field : fields) {
    if (!text.empty()) text += '&';
    text += encode_form(field.name) + "=" + encode_form(field.value);
  }
  return text;
}

std::string_view query_of(std::string_view url) {
  url = url.substr(0, url.find('#'));
  const std::size_t mark = url.find('?');
  return mark == std::string_view::npos ? std::string_view() : url.substr(mark + 1);
}

}  // namespace sluice::codec
