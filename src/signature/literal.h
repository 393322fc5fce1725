// A text in a table of constants, held as its start alone: half of what a view takes, which tables
// of hundreds of rows feel. It is a literal, so it ends with NUL and holds none.
#pragma once

#include <string_view>

namespace sluice::signature {

class Literal {
 public:
  constexpr Literal() = default;
  constexpr Literal(const char* text) : text_(text) {}  // NOLINT: written as a literal.

  [[nodiscard]] constexpr bool empty() const { return text_ == nullptr || *text_ == '\0'; }
  [[nodiscard]] constexpr std::string_view view() const {
    return text_ == nullptr ? std::string_view() : std::string_view(text_);
  }
  constexpr operator std::string_view() const { return view(); }  // NOLINT: reads as one.

 private:
  const char* text_ = nullptr;
};

}  // namespace sluice::signature
