#include "codec/address.h"

#include <cstddef>
#include <vector>

namespace sluice::codec {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// One part of an IPv4 spelling. "0x" alone is 0, as resolvers have it.
std::optional<std::uint64_t> parse_part(std::string_view part) {
  if (part.empty() || part.size() > 40) return std::nullopt;
  std::uint64_t base = 10;
  if (part.size() >= 2 && part[0] == '0' && (part[1] | 0x20) == 'x') {
    base = 16;
    part.remove_prefix(2);
  } else if (part.size() >= 2 && part[0] == '0') {
    base = 8;
    part.remove_prefix(1);
  }
  std::uint64_t value = 0;
  for (const char c : part) {
    const int digit = hex_value(c);
    if (digit < 0 || static_cast<std::uint64_t>(digit) >= base) return std::nullopt;
    value = value * base + static_cast<std::uint64_t>(digit);
    if (value > UINT32_MAX) return std::nullopt;
  }
  return value;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

// Four decimal parts without leading zeros, as IPv6 text embeds them.
std::optional<Ipv4> parse_dotted(std::string_view text) {
  const auto parts = split(text, '.');
  if (parts.size() != 4) return std::nullopt;
  Ipv4 address;
  for (const auto part : parts) {
    if (part.empty() || part.size() > 3 || (part.size() > 1 && part[0] == '0')) return std::nullopt;
    std::uint32_t value = 0;
    for (const char c : part) {
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + static_cast<std::uint32_t>(c - '0');
    }
    if (value > 255) return std::nullopt;
    address.bits = address.bits << 8 | value;
  }
  return address;
}

// Appends the 16-bit groups of one side of "::".
bool append_groups(std::string_view side, std::vector<std::uint16_t>& groups) {
  if (side.empty()) return true;
  const auto parts = split(side, ':');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (groups.size() > 8) return false;
    if (i + 1 == parts.size() && parts[i].find('.') != std::string_view::npos) {
      const auto tail = parse_dotted(parts[i]);
      if (!tail) return false;
      groups.push_back(static_cast<std::uint16_t>(tail->bits >> 16));
      groups.push_back(static_cast<std::uint16_t>(tail->bits & 0xffff));
      return true;
    }
    if (parts[i].empty() || parts[i].size() > 4) return false;
    std::uint32_t value = 0;
    for (const char c : parts[i]) {
      const int digit = hex_value(c);
      if (digit < 0) return false;
      value = value << 4 | static_cast<std::uint32_t>(digit);
    }
    groups.push_back(static_cast<std::uint16_t>(value));
  }
  return true;
}

std::uint16_t group(const Ipv6& address, std::size_t i) {
  return static_cast<std::uint16_t>(address.bytes[2 * i] << 8 | address.bytes[2 * i + 1]);
}

std::string hex_group(std::uint16_t value) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (int shift = 12; shift >= 0; shift -= 4) {
    const auto digit = static_cast<std::size_t>(value >> shift & 15);
    if (digit != 0 || !text.empty() || shift == 0) text += kDigits[digit];
  }
  return text;
}

}  // namespace

std::optional<Ipv4> parse_ipv4(std::string_view text) {
  if (!text.empty() && text.back() == '.') text.remove_suffix(1);
  if (text.empty() || text.size() > 200) return std::nullopt;
  const auto parts = split(text, '.');
  if (parts.size() > 4) return std::nullopt;

  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto value = parse_part(parts[i]);
    if (!value) return std::nullopt;
    const bool last = i + 1 == parts.size();
    const std::uint64_t width = last ? 8 * (5 - parts.size()) : 8;
    if (*value >> width != 0) return std::nullopt;
    bits = bits << width | *value;
  }
  return Ipv4{static_cast<std::uint32_t>(bits)};
}

std::optional<Ipv6> parse_ipv6(std::string_view text) {
  if (text.size() < 2 || text.size() > 45) return std::nullopt;
  std::vector<std::uint16_t> head;
  std::vector<std::uint16_t> tail;
  const std::size_t gap = text.find("::");
  if (gap == std::string_view::npos) {
    if (!append_groups(text, head) || head.size() != 8) return std::nullopt;
  } else {
    const std::string_view before = text.substr(0, gap);
    if (before.find('.') != std::string_view::npos) return std::nullopt;
    if (!append_groups(before, head) || !append_groups(text.substr(gap + 2), tail)) {
      return std::nullopt;
    }
    if (head.size() + tail.size() > 7) return std::nullopt;
    head.resize(8 - tail.size(), 0);
    head.insert(head.end(), tail.begin(), tail.end());
  }
  Ipv6 address;
  for (std::size_t i = 0; i < 8; ++i) {
    address.bytes[2 * i] = static_cast<std::uint8_t>(head[i] >> 8);
    address.bytes[2 * i + 1] = static_cast<std::uint8_t>(head[i] & 255);
  }
  return address;
}

std::string format(Ipv4 address) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) {
    text += std::to_string(address.bits >> shift & 255);
    if (shift > 0) text += '.';
  }
  return text;
}

std::string format(const Ipv6& address) {
  std::size_t gap = 8;
  std::size_t gap_size = 1;  // A single zero group is written out.
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t n = 0;
    while (i + n < 8 && group(address, i + n) == 0) ++n;
    if (n > gap_size) {
      gap = i;
      gap_size = n;
    }
  }
  std::string text;
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == gap) {
      text += "::";
      i += gap_size - 1;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    text += hex_group(group(address, i));
  }
  return text;
}

}  // namespace sluice::codec
