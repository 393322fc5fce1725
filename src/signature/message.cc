#include "signature/message.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace sluice::signature {
namespace {

struct Word {
  PartKind kind;
  std::string_view text;
};

// Those that take a name end in a colon.
constexpr std::array<Word, 13> kWords{{
    {PartKind::kBody, "body"},
    {PartKind::kTimestamp, "timestamp"},
    {PartKind::kUrl, "url"},
    {PartKind::kUrlPath, "url:path"},
    {PartKind::kMethod, "method"},
    {PartKind::kFormSorted, "form-sorted"},
    {PartKind::kCrc32, "crc32"},
    {PartKind::kSha256, "sha256"},
    {PartKind::kHeader, "header:"},
    {PartKind::kQuery, "query:"},
    {PartKind::kForm, "form:"},
    {PartKind::kJson, "json:"},
    {PartKind::kParameter, "parameter:"},
}};

}  // namespace

std::optional<MessagePart> parse_part(std::string_view text) {
  for (const Word& word : kWords) {
    if (word.text.back() != ':') {
      if (text == word.text) return MessagePart{word.kind, {}};
      continue;
    }
    if (text.size() <= word.text.size() || text.substr(0, word.text.size()) != word.text) continue;
    return MessagePart{word.kind, std::string(text.substr(word.text.size()))};
  }
  return std::nullopt;
}

std::optional<std::vector<MessagePart>> parse_message(std::string_view text) {
  std::vector<MessagePart> message;
  while (!text.empty()) {
    const std::size_t open = std::min(text.find_first_of("{}"), text.size());
    if (open > 0) message.push_back({PartKind::kLiteral, std::string(text.substr(0, open))});
    text.remove_prefix(open);
    if (!text.empty()) {
      const std::size_t close = text.find('}');
      if (text.front() == '}' || close == std::string_view::npos) return std::nullopt;
      auto part = parse_part(text.substr(1, close - 1));
      if (!part) return std::nullopt;
      message.push_back(*std::move(part));
      text.remove_prefix(close + 1);
    }
    if (message.size() > kPartsMax) return std::nullopt;
  }
  return message;
}

std::string format_message(const std::vector<MessagePart>& message) {
  std::string text;
  for (const MessagePart& part : message) {
    if (part.kind == PartKind::kLiteral) {
      text += part.text;
      continue;
    }
    for (const Word& word : kWords) {
      if (word.kind != part.kind) continue;
      text += part.before + "{" + std::string(word.text) + part.text + "}" + part.after;
    }
  }
  return text;
}

}  // namespace sluice::signature
