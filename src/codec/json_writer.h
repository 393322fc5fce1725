// Writes JSON front to back into one string: for logs, answers of the admin API and frames.
//
// The writer places commas and colons. It asserts that calls nest (a value inside an object follows
// a key), and replaces invalid UTF-8 by U+FFFD, so that what it writes is always valid.
//
//   JsonWriter json;
//   json.begin_object().field("id", id).field("count", 3).key("tags").begin_array();
//   json.string("a").end_array().end_object();
//   return std::move(json).take();
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace sluice::codec {

class JsonWriter {
 public:
  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();

  JsonWriter& key(std::string_view name);

  JsonWriter& string(std::string_view text);
  template <class T>
    requires(std::is_integral_v<T> && !std::is_same_v<T, bool>)
  JsonWriter& number(T value) {
    if constexpr (std::is_signed_v<T>) {
      return signed_number(value);
    } else {
      return unsigned_number(value);
    }
  }
  JsonWriter& boolean(bool value);
  JsonWriter& null();
  // Text that is already a JSON value, such as a slice of a parsed source.
  JsonWriter& raw(std::string_view json);

  // A member: the key and its value.
  JsonWriter& field(std::string_view name, std::string_view text) { return key(name).string(text); }
  JsonWriter& field(std::string_view name, const char* text) {
    return key(name).string(std::string_view(text));
  }
  template <class T>
    requires std::is_integral_v<T>
  JsonWriter& field(std::string_view name, T value) {
    key(name);
    if constexpr (std::is_same_v<T, bool>) {
      return boolean(value);
    } else {
      return number(value);
    }
  }

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool complete() const { return depth_ == 0 && !text_.empty(); }
  // Asserts that everything begun has ended.
  [[nodiscard]] std::string take() &&;

 private:
  static constexpr std::uint32_t kDepthMax = 32;

  JsonWriter& signed_number(std::int64_t value);
  JsonWriter& unsigned_number(std::uint64_t value);
  void before_value();
  void begin(char bracket, bool object);
  void end(char bracket, bool object);

  std::string text_;
  std::uint32_t depth_ = 0;
  std::uint32_t objects_ = 0;  // Bit n: the container at depth n + 1 is an object.
  std::uint32_t filled_ = 0;   // Bit n: that container has a value already.
  bool after_key_ = false;
};

// `text` with quotes and escapes, as one JSON string.
[[nodiscard]] std::string quote_json(std::string_view text);

}  // namespace sluice::codec
