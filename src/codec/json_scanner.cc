#include "codec/json_scanner.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "codec/utf8.h"

namespace sluice::codec {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Whether eight bytes of a string are all plain: printable ASCII, no quote, no backslash. May say
// no to eight plain ones never, and to others always.
bool all_plain(const char* bytes) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHighs = 0x8080808080808080;
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  const std::uint64_t quote = (word ^ (kOnes * '"')) - kOnes;
  const std::uint64_t backslash = (word ^ (kOnes * '\\')) - kOnes;
  const std::uint64_t control = word - kOnes * 0x20;
  return ((word | quote | backslash | control) & kHighs) == 0;
}

}  // namespace

JsonScanner::JsonScanner(std::string_view text, std::vector<std::string> steps)
    : text_(text), steps_(std::move(steps)), seen_(steps_.size(), 0) {}

std::optional<RawValue> JsonScanner::run() {
  if (!walk() || repeated_) return std::nullopt;
  return wanted_;
}

bool JsonScanner::walk() {
  skip_space();
  if (!begin_value()) return false;
  while (depth_ > 0) {
    if (!member_or_close()) return false;
  }
  skip_space();
  return at_end();
}

bool JsonScanner::member_or_close() {
  skip_space();
  const bool object = in_object();
  if (peek() == (object ? '}' : ']')) {
    close();
    return true;
  }
  if (after_value_) {
    if (peek() != ',') return false;
    ++at_;
    skip_space();
  }
  if (!object) {
    element();
  } else if (!key()) {
    return false;
  }
  return begin_value();
}

bool JsonScanner::begin_value() {
  const bool wanted = matched_ == depth_ && depth_ == steps_.size() && !inside_wanted_;
  if (wanted) {
    inside_wanted_ = true;
    wanted_begin_ = at_;
  }
  JsonKind kind{};
  bool good = false;
  switch (peek()) {
    case '{':
      kind = JsonKind::kObject;
      good = open(kind);
      break;
    case '[':
      kind = JsonKind::kArray;
      good = open(kind);
      break;
    case '"':
      kind = JsonKind::kString;
      good = string();
      break;
    case 't':
      kind = JsonKind::kBool;
      good = word("true");
      break;
    case 'f':
      kind = JsonKind::kBool;
      good = word("false");
      break;
    case 'n':
      kind = JsonKind::kNull;
      good = word("null");
      break;
    default:
      kind = JsonKind::kNumber;
      good = number();
      break;
  }
  if (!good) return false;
  if (wanted) wanted_kind_ = kind;
  const bool container = kind == JsonKind::kObject || kind == JsonKind::kArray;
  after_value_ = !container;
  if (!container) finish_if_wanted();
  return true;
}

void JsonScanner::finish_if_wanted() {
  if (!inside_wanted_ || depth_ != steps_.size()) return;
  inside_wanted_ = false;
  wanted_ = RawValue{wanted_kind_, text_.substr(wanted_begin_, at_ - wanted_begin_)};
}

bool JsonScanner::open(JsonKind kind) {
  if (depth_ == kRawDepthMax) return false;
  const std::uint64_t bit = std::uint64_t{1} << (depth_ % 64);
  auto& word = objects_[depth_ / 64];
  word = kind == JsonKind::kObject ? word | bit : word & ~bit;
  ++depth_;
  ++at_;
  return true;
}

void JsonScanner::close() {
  ++at_;
  --depth_;
  after_value_ = true;
  finish_if_wanted();
}

bool JsonScanner::key() {
  const std::size_t begin = at_;
  if (peek() != '"' || !string()) return false;
  const std::string_view quoted = text_.substr(begin, at_ - begin);
  matched_ = std::min(matched_, depth_ - 1);
  if (matched_ == depth_ - 1 && matched_ < steps_.size()) {
    const std::string_view inside = quoted.substr(1, quoted.size() - 2);
    const std::string& step = steps_[matched_];
    const bool escaped = inside.find('\\') != std::string_view::npos;
    if (escaped ? unescape_json(quoted) == step : inside == step) {
      repeated_ = repeated_ || seen_[matched_]++ > 0;
      ++matched_;
    }
  }
  skip_space();
  if (peek() != ':') return false;
  ++at_;
  skip_space();
  return true;
}

void JsonScanner::element() {
  matched_ = std::min(matched_, depth_ - 1);
  if (matched_ < depth_ - 1 || matched_ == steps_.size()) return;
  const std::uint32_t position = seen_[matched_]++;
  if (parse_index(steps_[matched_]) == position) ++matched_;
}

bool JsonScanner::string() {
  ++at_;
  while (true) {
    while (text_.size() - at_ >= 8 && all_plain(text_.data() + at_)) at_ += 8;
    if (at_end()) return false;
    const auto c = static_cast<unsigned char>(text_[at_]);
    if (c == '"') {
      ++at_;
      return true;
    }
    if (c < 0x20) return false;
    if (c == '\\') {
      if (!escape()) return false;
    } else if (c < 0x80) {
      ++at_;
    } else {
      const std::size_t size = utf8_size(text_.substr(at_));
      if (size == 0) return false;
      at_ += size;
    }
  }
}

bool JsonScanner::escape() {
  ++at_;
  const char c = peek();
  ++at_;
  if (c != 'u') {
    return c == '"' || c == '\\' || c == '/' || c == 'b' || c == 'f' || c == 'n' || c == 'r' ||
           c == 't';
  }
  std::uint32_t code = 0;
  if (!hex4(code) || (code >= 0xdc00 && code <= 0xdfff)) return false;
  if (code < 0xd800 || code > 0xdbff) return true;
  if (!word("\\u") || !hex4(code)) return false;
  return code >= 0xdc00 && code <= 0xdfff;
}

bool JsonScanner::hex4(std::uint32_t& code) {
  code = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = peek();
    std::uint32_t digit = 0;
    if (is_digit(c)) {
      digit = static_cast<std::uint32_t>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      digit = static_cast<std::uint32_t>(c - 'a' + 10);
    } else if (c >= 'A' && c <= 'F') {
      digit = static_cast<std::uint32_t>(c - 'A' + 10);
    } else {
      return false;
    }
    code = code << 4 | digit;
    ++at_;
  }
  return true;
}

bool JsonScanner::number() {
  if (peek() == '-') ++at_;
  if (peek() == '0') {
    ++at_;
  } else if (!digits()) {
    return false;
  }
  if (peek() == '.') {
    ++at_;
    if (!digits()) return false;
  }
  if (peek() == 'e' || peek() == 'E') {
    ++at_;
    if (peek() == '+' || peek() == '-') ++at_;
    if (!digits()) return false;
  }
  return true;
}

bool JsonScanner::digits() {
  const std::size_t begin = at_;
  while (is_digit(peek())) ++at_;
  return at_ > begin;
}

bool JsonScanner::word(std::string_view expected) {
  if (text_.substr(at_, expected.size()) != expected) return false;
  at_ += expected.size();
  return true;
}

void JsonScanner::skip_space() {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t') return;
    ++at_;
  }
}

}  // namespace sluice::codec
