// One pass over a JSON text that checks all of it and keeps the place of one value.
//
// Nothing recurses: what is open is one bit a level. How far the pointer's steps lead to where the
// scanner is, is one number, `matched_`:
//
//   {"a":{"x":1,"b":[7,8]},"c":2}    steps a, b, 1
//      ^1     ^1  ^2   ^3    ^0      matched_ behind each key or index
//
// For codec/json_pointer.h alone; others use `find_raw`.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/json_pointer.h"

namespace sluice::codec {

class JsonScanner {
 public:
  JsonScanner(std::string_view text, std::vector<std::string> steps);

  [[nodiscard]] std::optional<RawValue> run();

 private:
  [[nodiscard]] bool walk();
  [[nodiscard]] bool member_or_close();
  [[nodiscard]] bool begin_value();
  [[nodiscard]] bool open(JsonKind kind);
  void close();
  [[nodiscard]] bool key();
  void element();
  void finish_if_wanted();

  [[nodiscard]] bool string();
  [[nodiscard]] bool escape();
  [[nodiscard]] bool hex4(std::uint32_t& code);
  [[nodiscard]] bool number();
  [[nodiscard]] bool digits();
  [[nodiscard]] bool word(std::string_view expected);

  void skip_space();
  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
  // The next byte; NUL, which is no part of any JSON text, at the end.
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  [[nodiscard]] bool in_object() const {
    return (objects_[(depth_ - 1) / 64] >> ((depth_ - 1) % 64) & 1U) != 0;
  }

  std::string_view text_;
  std::size_t at_ = 0;

  std::uint32_t depth_ = 0;
  std::array<std::uint64_t, kRawDepthMax / 64> objects_{};
  bool after_value_ = false;

  std::vector<std::string> steps_;
  std::vector<std::uint32_t> seen_;  // Per step: matching keys, or elements so far.
  std::uint32_t matched_ = 0;
  bool repeated_ = false;

  bool inside_wanted_ = false;
  std::optional<RawValue> wanted_;
  std::size_t wanted_begin_ = 0;
  JsonKind wanted_kind_{};
};

// A quoted string without its quotes and escapes; none when it is no valid one.
[[nodiscard]] std::optional<std::string> unescape_json(std::string_view quoted);

}  // namespace sluice::codec
