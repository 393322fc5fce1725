// JSON as a bounded tree that remembers where it came from.
//
// A document from outside is kept byte for byte on its way through, so the tree never needs to be
// written out again: every value knows its place in the source, and numbers keep their exact text.
//
//   source   {"data":[{"id":1.50,"x":"a"}]}
//                    |<--- begin..end -->|      slice(source) is the item as it was sent
//
// Depth and size are bounded, NUL, a byte order mark and invalid UTF-8 are refused, and a number
// outside the range of a double is refused (no reader at the other end could hold it).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sluice::codec {

enum class JsonKind : std::uint8_t { kNull, kBool, kNumber, kString, kArray, kObject };

struct JsonMember;

class Json {
 public:
  [[nodiscard]] JsonKind kind() const { return kind_; }
  [[nodiscard]] bool is_null() const { return kind_ == JsonKind::kNull; }
  [[nodiscard]] bool is_string() const { return kind_ == JsonKind::kString; }
  [[nodiscard]] bool is_array() const { return kind_ == JsonKind::kArray; }
  [[nodiscard]] bool is_object() const { return kind_ == JsonKind::kObject; }

  // Absent when the value is of another kind.
  [[nodiscard]] std::optional<std::string_view> as_string() const;
  [[nodiscard]] std::optional<bool> as_bool() const;
  // A number as it is written; "1.50" stays "1.50".
  [[nodiscard]] std::optional<std::string_view> as_number_text() const;
  // A number written as an integer (no fraction, no exponent) that fits.
  [[nodiscard]] std::optional<std::int64_t> as_int64() const;
  // The text of a string, or the source text of a number: what an id is compared by.
  [[nodiscard]] std::optional<std::string_view> as_scalar_text() const;

  // Empty for other kinds.
  [[nodiscard]] const std::vector<Json>& items() const { return items_; }
  [[nodiscard]] const std::vector<JsonMember>& members() const { return members_; }

  // The member named `key`; none when it is absent, repeated, or this is no object.
  [[nodiscard]] const Json* member(std::string_view key) const;

  // RFC 6901: "" is the whole value, "/data/0/id" goes down; none when a step leads nowhere.
  [[nodiscard]] const Json* find(std::string_view pointer) const;

  // The bytes of this value in the text it was parsed from.
  [[nodiscard]] std::string_view slice(std::string_view source) const {
    return source.substr(begin_, end_ - begin_);
  }
  [[nodiscard]] std::uint32_t begin() const { return begin_; }
  [[nodiscard]] std::uint32_t end() const { return end_; }

 private:
  friend class JsonBuilder;

  JsonKind kind_ = JsonKind::kNull;
  bool bool_ = false;
  std::uint32_t begin_ = 0;
  std::uint32_t end_ = 0;
  std::string text_;
  std::vector<Json> items_;
  std::vector<JsonMember> members_;
};

struct JsonMember {
  std::string key;
  Json value;
};

enum class DuplicateKeys : std::uint8_t { kRefuse, kAllow };

struct JsonLimits {
  std::uint32_t depth_max = 64;
  std::uint32_t size_max = 4 * 1024 * 1024;
  DuplicateKeys duplicate_keys = DuplicateKeys::kRefuse;
};

// Why a text is no document, for the person who wrote it.
struct JsonFault {
  std::string_view what;     // A literal.
  std::uint32_t offset = 0;  // In bytes.
  std::uint32_t line = 1;    // From 1.
  std::uint32_t column = 1;  // From 1, in bytes.
};

// `fault`, where given, is filled on failure.
[[nodiscard]] Result<Json> parse_json(std::string_view source, const JsonLimits& limits = {},
                                      JsonFault* fault = nullptr);

// Line and column of a byte of `source`; `what` stays empty. For errors found after parsing.
[[nodiscard]] JsonFault locate(std::string_view source, std::uint32_t offset);

}  // namespace sluice::codec
