// Builds the tree from nlohmann's event parser, which does not recurse.
//
// Its events carry no positions, so the parser reads through an iterator that counts: behind every
// event the count says where the token ended, and the next token begins behind separators.
#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <tuple>
#include <utility>

#include "base/assert.h"
#include "base/sort.h"
#include "codec/json.h"
#include "codec/json_pointer.h"

namespace sluice::codec {
namespace {

class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, const char** furthest) : at_(at), furthest_(furthest) {}

  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    *furthest_ = ++at_;
    return *this;
  }
  CountingIterator operator++(int) {
    const CountingIterator before = *this;
    ++*this;
    return before;
  }
  friend bool operator!=(const CountingIterator& a, const CountingIterator& b) {
    return a.at_ != b.at_;
  }

 private:
  const char* at_;
  const char** furthest_;
};

constexpr std::string_view kTooShort = "the text ends too early";

bool is_separator(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',' || c == ':';
}

bool is_in_number(char c) {
  return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

}  // namespace

// The event handler: a stack of open containers, the innermost last.
class JsonBuilder {
 public:
  using Source = nlohmann::json;

  JsonBuilder(std::string_view source, const JsonLimits& limits, const char** furthest)
      : source_(source), limits_(limits), furthest_(furthest) {}

  bool null() { return add(scalar(JsonKind::kNull)); }
  bool boolean(bool value) {
    Json json = scalar(JsonKind::kBool);
    json.bool_ = value;
    return add(std::move(json));
  }
  bool number_integer(Source::number_integer_t) { return number(); }
  bool number_unsigned(Source::number_unsigned_t) { return number(); }
  bool number_float(Source::number_float_t, const std::string&) { return number(); }
  bool string(std::string& text) {
    Json json = scalar(JsonKind::kString);
    json.text_ = std::move(text);
    return add(std::move(json));
  }
  bool binary(Source::binary_t&) { return false; }
  bool key(std::string& text) {
    (void)token();
    open_.back().key = std::move(text);
    return true;
  }
  bool start_object(std::size_t) { return open(JsonKind::kObject); }
  bool start_array(std::size_t) { return open(JsonKind::kArray); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool parse_error(std::size_t, const std::string&, const Source::exception& error) {
    what_ = error.id == 406 ? "a number out of range" : explain(error.what());
    // The parser stands behind the byte it refuses, or at the end.
    if (what_ != kTooShort && *furthest_ > source_.data()) --*furthest_;
    return false;
  }

  [[nodiscard]] Errc code() const { return code_; }
  [[nodiscard]] std::string_view what() const { return what_; }
  Json take() && { return std::move(root_); }

 private:
  struct Open {
    Json value;
    std::string key;  // Of the member being read.
  };

  // The source range of the token just read.
  std::pair<std::uint32_t, std::uint32_t> token() {
    std::size_t begin = end_;
    while (begin < source_.size() && is_separator(source_[begin])) ++begin;
    auto end = static_cast<std::size_t>(*furthest_ - source_.data());
    SLUICE_ASSERT(begin < end && end <= source_.size());
    end_ = end;
    return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  }

  Json scalar(JsonKind kind) {
    Json json;
    json.kind_ = kind;
    std::tie(json.begin_, json.end_) = token();
    return json;
  }

  bool number() {
    Json json = scalar(JsonKind::kNumber);
    std::size_t end = json.begin_;  // The parser has looked at the byte behind the number too.
    while (end < source_.size() && is_in_number(source_[end])) ++end;
    json.end_ = static_cast<std::uint32_t>(end);
    end_ = end;
    json.text_ = std::string(json.slice(source_));
    return add(std::move(json));
  }

  bool open(JsonKind kind) {
    if (open_.size() >= limits_.depth_max) return refuse(Errc::kTooBig, "nested too deep");
    open_.push_back({scalar(kind), {}});
    return true;
  }

  bool close() {
    Json value = std::move(open_.back().value);
    const auto [begin, end] = token();
    (void)begin;
    value.end_ = end;
    open_.pop_back();
    if (limits_.duplicate_keys == DuplicateKeys::kRefuse && has_duplicates(value)) {
      end_ = value.begin_;
      return refuse(Errc::kMalformed, "a key is repeated in the object that begins here");
    }
    return add(std::move(value));
  }

  bool add(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (Open& top = open_.back(); top.value.is_array()) {
      top.value.items_.push_back(std::move(value));
    } else {
      top.value.members_.push_back({std::move(top.key), std::move(value)});
      top.key.clear();
    }
    return true;
  }

  static bool has_duplicates(const Json& object) {
    std::vector<std::string_view> keys;
    keys.reserve(object.members().size());
    for (const auto& member : object.members()) keys.push_back(member.key);
    sort(keys);
    return std::adjacent_find(keys.begin(), keys.end()) != keys.end();
  }

  // The library's message, which quotes the source, as one of our own.
  static std::string_view explain(std::string_view message) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kMeanings{{
        {"unexpected end of input", kTooShort},
        {"missing closing quote", kTooShort},
        {"expected end of input", "something follows the document"},
        {"UTF-8", "invalid UTF-8"},
        {"control character", "a control character in a string"},
        {"surrogate", "half a surrogate pair in a string"},
        {"backslash", "an unknown escape in a string"},
        {"'\\u'", "an unknown escape in a string"},
        {"object key", "a key in double quotes is expected here"},
        {"object separator", "a colon is expected here"},
    }};
    for (const auto& [part, meaning] : kMeanings) {
      if (message.find(part) != std::string_view::npos) return meaning;
    }
    return "not valid JSON here";
  }

  bool refuse(Errc code, std::string_view what) {
    code_ = code;
    what_ = what;
    *furthest_ = source_.data() + end_;
    return false;
  }

  std::string_view source_;
  JsonLimits limits_;
  const char** furthest_;
  std::size_t end_ = 0;  // Behind the last token.
  std::vector<Open> open_;
  Json root_;
  Errc code_ = Errc::kMalformed;
  std::string_view what_;
};

namespace {

Error fail(std::string_view source, std::size_t offset, Error error, JsonFault* fault) {
  if (fault != nullptr) {
    *fault = locate(source, static_cast<std::uint32_t>(std::min(offset, source.size())));
    fault->what = error.context;
  }
  return error;
}

}  // namespace

Result<Json> parse_json(std::string_view source, const JsonLimits& limits, JsonFault* fault) {
  SLUICE_ASSERT(limits.depth_max <= kRawDepthMax);  // The tree is dropped by recursion.
  if (source.size() > limits.size_max) {
    return fail(source, 0, {Errc::kTooBig, "JSON text too long"}, fault);
  }
  // The library takes a NUL for the end, and skips a byte order mark.
  if (const std::size_t nul = source.find('\0'); nul != std::string_view::npos) {
    return fail(source, nul, {Errc::kMalformed, "a NUL byte"}, fault);
  }
  if (source.substr(0, 3) == "\xef\xbb\xbf") {
    return fail(source, 0, {Errc::kMalformed, "a byte order mark"}, fault);
  }
  const char* furthest = source.data();
  const char* const end = source.data() + source.size();
  JsonBuilder builder(source, limits, &furthest);
  const bool whole = nlohmann::json::sax_parse(CountingIterator(source.data(), &furthest),
                                               CountingIterator(end, &furthest), &builder);
  if (!whole) {
    const auto offset = static_cast<std::size_t>(furthest - source.data());
    return fail(source, offset, {builder.code(), builder.what()}, fault);
  }
  return std::move(builder).take();
}

}  // namespace sluice::codec
