#include "codec/json_writer.h"

#include <array>

#include "base/assert.h"
#include "codec/utf8.h"

namespace sluice::codec {
namespace {

void append_escape(std::string& out, unsigned char c) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  out += "\\u00";
  out += kDigits[c >> 4];
  out += kDigits[c & 15];
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  std::size_t i = 0;
  while (i < text.size()) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x20 || c == '"' || c == '\\' || c == 0x7f) {
      append_escape(out, c);
      ++i;
    } else if (c < 0x80) {
      out += text[i];
      ++i;
    } else if (const std::size_t size = utf8_size(text.substr(i)); size > 0) {
      out += text.substr(i, size);
      i += size;
    } else {
      out += "\xef\xbf\xbd";
      ++i;
    }
  }
  out += '"';
}

}  // namespace

void JsonWriter::before_value() {
  if (depth_ == 0) {
    SLUICE_ASSERT(text_.empty());  // One value per text.
    return;
  }
  const std::uint32_t bit = 1U << (depth_ - 1);
  if ((objects_ & bit) != 0) {
    SLUICE_ASSERT(after_key_);
    after_key_ = false;
    return;
  }
  if ((filled_ & bit) != 0) text_ += ',';
  filled_ |= bit;
}

void JsonWriter::begin(char bracket, bool object) {
  before_value();
  SLUICE_ASSERT(depth_ < kDepthMax);
  const std::uint32_t bit = 1U << depth_;
  ++depth_;
  objects_ = object ? objects_ | bit : objects_ & ~bit;
  filled_ &= ~bit;
  text_ += bracket;
}

void JsonWriter::end(char bracket, bool object) {
  SLUICE_ASSERT(depth_ > 0 && !after_key_);
  --depth_;
  SLUICE_ASSERT(((objects_ >> depth_ & 1U) != 0) == object);
  text_ += bracket;
}

JsonWriter& JsonWriter::begin_object() {
  begin('{', true);
  return *this;
}

JsonWriter& JsonWriter::end_object() {
  end('}', true);
  return *this;
}

JsonWriter& JsonWriter::begin_array() {
  begin('[', false);
  return *this;
}

JsonWriter& JsonWriter::end_array() {
  end(']', false);
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  SLUICE_ASSERT(depth_ > 0 && !after_key_);
  const std::uint32_t bit = 1U << (depth_ - 1);
  SLUICE_ASSERT((objects_ & bit) != 0);
  if ((filled_ & bit) != 0) text_ += ',';
  filled_ |= bit;
  append_quoted(text_, name);
  text_ += ':';
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::string(std::string_view text) {
  before_value();
  append_quoted(text_, text);
  return *this;
}

JsonWriter& JsonWriter::signed_number(std::int64_t value) {
  before_value();
  text_ += std::to_string(value);
  return *this;
}

JsonWriter& JsonWriter::unsigned_number(std::uint64_t value) {
  before_value();
  text_ += std::to_string(value);
  return *this;
}

JsonWriter& JsonWriter::boolean(bool value) { return raw(value ? "true" : "false"); }

JsonWriter& JsonWriter::null() { return raw("null"); }

JsonWriter& JsonWriter::raw(std::string_view json) {
  SLUICE_ASSERT(!json.empty());
  before_value();
  text_ += json;
  return *this;
}

std::string JsonWriter::take() && {
  SLUICE_ASSERT(complete());
  return std::move(text_);
}

std::string quote_json(std::string_view text) {
  std::string quoted;
  quoted.reserve(text.size() + 2);
  append_quoted(quoted, text);
  return quoted;
}

}  // namespace sluice::codec
