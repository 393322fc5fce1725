// The bytes under a signature, part by part.
//
//   v0:{timestamp}:{body}        {header:webhook-id}.{timestamp}.{body}        {url}{form-sorted}
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::signature {

inline constexpr std::size_t kPartsMax = 16;

enum class PartKind : std::uint8_t {
  kLiteral = 1,
  kBody = 2,
  kTimestamp = 3,
  kHeader = 4,
  kUrl = 5,          // As the provider knows it, in full.
  kUrlPath = 6,      // Path and query.
  kMethod = 7,       // Upper case.
  kQuery = 8,        // A parameter of the URL, decoded.
  kForm = 9,         // A field of the form in the body, decoded.
  kFormSorted = 10,  // All fields by name, each name and value; equal pairs once.
  kJson = 11,        // A scalar of the body by JSON pointer.
  kCrc32 = 12,       // Of the body, decimal.
  kSha256 = 13,      // Of the body, lower hex.
  kParameter = 14,   // A literal that each source configures for itself.
};

struct MessagePart {
  PartKind kind{};
  std::string text;  // The literal; the name of what is taken; a JSON pointer.
  std::string before = {};
  std::string after = {};
  bool optional = false;  // Absent: `before` and `after` are left out as well.
  bool lower = false;     // ASCII letters in lower case.

  friend bool operator==(const MessagePart&, const MessagePart&) = default;
};

[[nodiscard]] std::optional<std::vector<MessagePart>> parse_message(std::string_view text);

// One part as the longer form names it: "query:data.id", "body", "url:path".
[[nodiscard]] std::optional<MessagePart> parse_part(std::string_view text);

// The template; a part that is optional, lowered or framed shows as its plain form.
[[nodiscard]] std::string format_message(const std::vector<MessagePart>& message);

}  // namespace sluice::signature
