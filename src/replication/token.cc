#include "replication/token.h"

#include <array>
#include <charconv>

namespace sluice::replication {
namespace {

constexpr std::size_t kStreamMax = 48;
constexpr std::size_t kPositionDigitsMax = 20;

bool is_name(std::string_view text) {
  if (text.empty() || text.size() > kStreamMax) return false;
  if (text[0] < 'a' || text[0] > 'z') return false;
  for (const char c : text) {
    const bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    if (!fits) return false;
  }
  return true;
}

std::optional<Position> parse_position(std::string_view text) {
  if (text.empty() || text.size() > kPositionDigitsMax) return std::nullopt;
  if (text[0] == '0' && text.size() > 1) return std::nullopt;
  Position position = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), position);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return position;
}

}  // namespace

std::string format(const Token& token) {
  return token.stream + "." + sluice::format(token.history) + "." + std::to_string(token.position) +
         "." + sluice::format(token.id);
}

std::optional<Token> parse_token(std::string_view text) {
  std::array<std::string_view, 4> parts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t dot = text.find('.');
    const bool is_last = i + 1 == parts.size();
    if ((dot == std::string_view::npos) != is_last) return std::nullopt;
    parts[i] = text.substr(0, dot);
    if (!is_last) text.remove_prefix(dot + 1);
  }
  if (!is_name(parts[0])) return std::nullopt;
  const auto history = parse_id("", parts[1]);
  const auto position = parse_position(parts[2]);
  const auto id = parse_id("", parts[3]);
  if (!history || !position || !id) return std::nullopt;
  if (*position == 0 && *id != Id{}) return std::nullopt;  // Nothing stands before the first entry.
  return Token{std::string(parts[0]), *history, *position, *id};
}

std::string_view name(Gap gap) {
  switch (gap) {
    case Gap::kNone: return "none";
    case Gap::kStream: return "stream_mismatch";
    case Gap::kHistory: return "history_changed";
    case Gap::kTooNew: return "token_too_new";
    case Gap::kTooOld: return "token_too_old";
    case Gap::kEntry: return "entry_mismatch";
  }
  return "none";
}

Gap check_token(const Token& token, const StreamState& state) {
  if (token.stream != state.stream) return Gap::kStream;
  if (token.history != state.history) return Gap::kHistory;
  if (token.position > state.last) return Gap::kTooNew;
  if (token.position < state.trimmed) return Gap::kTooOld;
  // The entry of a token exactly at the trimmed edge is gone, yet nothing behind it is.
  if (token.position == 0 || token.position == state.trimmed) return Gap::kNone;
  if (state.at_token != token.id) return Gap::kEntry;
  return Gap::kNone;
}

}  // namespace sluice::replication
