#include "base/id.h"

#include "base/assert.h"

namespace sluice::inline base {

Seq SeqSource::next(Instant now) {
  const auto milliseconds = static_cast<std::uint64_t>(now.ms < 0 ? 0 : now.ms);
  const Seq by_clock = (milliseconds & 0xffff'ffff'ffffU) << 16;
  last_ = by_clock > last_ ? by_clock : last_ + 1;
  SLUICE_ASSERT(last_ != 0);
  return last_;
}

std::optional<std::uint64_t> parse_fixed_hex(std::string_view text) {
  if (text.size() != 16) return std::nullopt;
  std::uint64_t number = 0;
  for (const char c : text) {
    std::uint64_t digit = 0;
    if (c >= '0' && c <= '9') {
      digit = static_cast<std::uint64_t>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      digit = static_cast<std::uint64_t>(c - 'a' + 10);
    } else {
      return std::nullopt;
    }
    number = (number << 4) | digit;
  }
  return number;
}

std::string format(const Id& id) { return format("", id); }

std::string format(std::string_view prefix, const Id& id) {
  std::string text;
  text.reserve(prefix.size() + 32);
  return text.append(prefix).append(fixed_hex(id.seq)).append(fixed_hex(id.random));
}

std::optional<Id> parse_id(std::string_view prefix, std::string_view text) {
  if (text.size() != prefix.size() + 32 || text.substr(0, prefix.size()) != prefix) {
    return std::nullopt;
  }
  const auto seq = parse_fixed_hex(text.substr(prefix.size(), 16));
  const auto random = parse_fixed_hex(text.substr(prefix.size() + 16));
  if (!seq || !random) return std::nullopt;
  return Id{.seq = *seq, .random = *random};
}

}  // namespace sluice::inline base
