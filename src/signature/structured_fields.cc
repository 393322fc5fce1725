#include "signature/structured_fields.h"

#include <cstddef>
#include <optional>
#include <utility>

#include "codec/base64.h"

namespace sluice::signature {
namespace {

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alpha(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z'); }
bool is_one_of(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }
bool is_token_byte(char c) {
  return is_alpha(c) || is_digit(c) || is_one_of(c, "!#$%&'*+-.^_`|~:/");
}

// RFC 8941, section 4.2. Each step takes what it reads off the front, or fails for good.
class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  std::optional<Dictionary> dictionary() {
    skip(" ");
    Dictionary members;
    while (!rest_.empty()) {
      auto name = key();
      if (!name || find_member(members, *name) != nullptr) return std::nullopt;
      if (members.size() == kStructuredMembersMax) return std::nullopt;
      auto value = member_value();
      if (!value) return std::nullopt;
      members.push_back({.name = *std::move(name), .value = *std::move(value)});
      skip(" \t");
      if (rest_.empty()) return members;
      if (!take(',')) return std::nullopt;
      skip(" \t");
      if (rest_.empty()) return std::nullopt;  // A comma with nothing behind it.
    }
    return members;
  }

 private:
  [[nodiscard]] bool next_is(char c) const { return !rest_.empty() && rest_.front() == c; }

  bool take(char c) {
    if (!next_is(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void skip(std::string_view set) {
    while (!rest_.empty() && is_one_of(rest_.front(), set)) rest_.remove_prefix(1);
  }

  std::optional<std::string> key() {
    if (rest_.empty() || !(is_lower(rest_.front()) || rest_.front() == '*')) return std::nullopt;
    std::size_t end = 1;
    while (end < rest_.size() &&
           (is_lower(rest_[end]) || is_digit(rest_[end]) || is_one_of(rest_[end], "_-.*"))) {
      ++end;
    }
    return std::string(take_front(end));
  }

  std::string_view take_front(std::size_t size) {
    const std::string_view front = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return front;
  }

  std::optional<std::variant<FieldItem, InnerList>> member_value() {
    if (!take('=')) {
      auto given = parameters();
      if (!given) return std::nullopt;
      return FieldItem{.value = {BareKind::kBoolean, "1"}, .parameters = *std::move(given)};
    }
    if (next_is('(')) {
      auto list = inner_list();
      if (!list) return std::nullopt;
      return *std::move(list);
    }
    auto one = item();
    if (!one) return std::nullopt;
    return *std::move(one);
  }

  std::optional<InnerList> inner_list() {
    if (!take('(')) return std::nullopt;
    InnerList list;
    while (!rest_.empty()) {
      skip(" ");
      if (take(')')) {
        auto given = parameters();
        if (!given) return std::nullopt;
        list.parameters = *std::move(given);
        return list;
      }
      if (list.items.size() == kStructuredItemsMax) return std::nullopt;
      auto one = item();
      if (!one || !(next_is(' ') || next_is(')'))) return std::nullopt;
      list.items.push_back(*std::move(one));
    }
    return std::nullopt;
  }

  std::optional<FieldItem> item() {
    auto value = bare_item();
    if (!value) return std::nullopt;
    auto given = parameters();
    if (!given) return std::nullopt;
    return FieldItem{.value = *std::move(value), .parameters = *std::move(given)};
  }

  std::optional<FieldParameters> parameters() {
    FieldParameters given;
    while (take(';')) {
      skip(" ");
      auto name = key();
      if (!name || find_parameter(given, *name) != nullptr) return std::nullopt;
      if (given.size() == kStructuredParametersMax) return std::nullopt;
      BareItem value{BareKind::kBoolean, "1"};
      if (take('=')) {
        auto written = bare_item();
        if (!written) return std::nullopt;
        value = *std::move(written);
      }
      given.push_back({.name = *std::move(name), .value = std::move(value)});
    }
    return given;
  }

  std::optional<BareItem> bare_item() {
    if (rest_.empty()) return std::nullopt;
    const char c = rest_.front();
    if (c == '"') return string();
    if (c == ':') return byte_sequence();
    if (c == '?') return boolean();
    if (c == '-' || is_digit(c)) return number();
    if (is_alpha(c) || c == '*') return token();
    return std::nullopt;
  }

  std::optional<BareItem> string() {
    rest_.remove_prefix(1);
    BareItem found{BareKind::kString, {}};
    while (!rest_.empty()) {
      char c = take_front(1)[0];
      if (c == '"') return found;
      if (c == '\\') {
        if (!next_is('"') && !next_is('\\')) return std::nullopt;
        c = take_front(1)[0];
      }
      if (c < ' ' || c > '~') return std::nullopt;
      found.text += c;
    }
    return std::nullopt;
  }

  std::optional<BareItem> byte_sequence() {
    rest_.remove_prefix(1);
    const std::size_t end = rest_.find(':');
    if (end == std::string_view::npos) return std::nullopt;
    auto bytes = codec::decode_base64(take_front(end));
    rest_.remove_prefix(1);
    if (!bytes) return std::nullopt;
    return BareItem{BareKind::kBytes, *std::move(bytes)};
  }

  std::optional<BareItem> boolean() {
    rest_.remove_prefix(1);
    if (!next_is('0') && !next_is('1')) return std::nullopt;
    return BareItem{BareKind::kBoolean, Bytes(take_front(1))};
  }

  std::optional<BareItem> number() {
    std::size_t end = next_is('-') ? 1 : 0;
    const std::size_t first = end;
    std::size_t point = 0;
    while (end < rest_.size() && (is_digit(rest_[end]) || (rest_[end] == '.' && point == 0))) {
      if (rest_[end] == '.') point = end;
      ++end;
    }
    const std::size_t whole = (point == 0 ? end : point) - first;
    if (whole == 0) return std::nullopt;
    if (point == 0) {
      if (whole > 15) return std::nullopt;
      return BareItem{BareKind::kInteger, Bytes(take_front(end))};
    }
    const std::size_t fraction = end - point - 1;
    if (whole > 12 || fraction == 0 || fraction > 3) return std::nullopt;
    return BareItem{BareKind::kDecimal, Bytes(take_front(end))};
  }

  std::optional<BareItem> token() {
    std::size_t end = 1;
    while (end < rest_.size() && is_token_byte(rest_[end])) ++end;
    return BareItem{BareKind::kToken, Bytes(take_front(end))};
  }

  std::string_view rest_;
};

std::string serialize(const FieldParameters& parameters) {
  std::string text;
  for (const auto& parameter : parameters) {
    text += ';';
    text += parameter.name;
    const bool is_bare_true =
        parameter.value.kind == BareKind::kBoolean && parameter.value.text == "1";
    if (!is_bare_true) text += '=' + signature::serialize(parameter.value);
  }
  return text;
}

}  // namespace

Result<Dictionary> parse_dictionary(std::string_view text) {
  if (text.size() > kStructuredFieldMax) return Error{Errc::kTooBig, "a field is too long"};
  auto members = Parser(text).dictionary();
  if (!members) return Error{Errc::kMalformed, "a field is no dictionary of RFC 8941"};
  return *std::move(members);
}

const DictionaryMember* find_member(const Dictionary& dictionary, std::string_view name) {
  for (const auto& member : dictionary) {
    if (member.name == name) return &member;
  }
  return nullptr;
}

const BareItem* find_parameter(const FieldParameters& parameters, std::string_view name) {
  for (const auto& parameter : parameters) {
    if (parameter.name == name) return &parameter.value;
  }
  return nullptr;
}

std::string serialize(const BareItem& item) {
  switch (item.kind) {
    case BareKind::kString: {
      std::string text = "\"";
      for (const char c : item.text) {
        if (c == '"' || c == '\\') text += '\\';
        text += c;
      }
      return text + '"';
    }
    case BareKind::kBytes: return ":" + codec::encode_base64(item.text) + ":";
    case BareKind::kBoolean: return "?" + item.text;
    default: return item.text;
  }
}

std::string serialize(const FieldItem& item) {
  return serialize(item.value) + serialize(item.parameters);
}

std::string serialize(const InnerList& list) {
  std::string text = "(";
  for (const auto& item : list.items) {
    if (text.size() > 1) text += ' ';
    text += serialize(item);
  }
  return text + ")" + serialize(list.parameters);
}

}  // namespace sluice::signature
