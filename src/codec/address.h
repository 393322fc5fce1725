// IP addresses, and which of them the public internet routes.
//
// A URL from a manifest or an API page must not lead into a private network, in none of the
// spellings that some resolver accepts: 127.1, 0x7f.1, 2130706433, [::ffff:7f00:1], 64:ff9b::/96.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::codec {

struct Ipv4 {
  std::uint32_t bits = 0;  // Host order: 127.0.0.1 is 0x7f000001.

  friend bool operator==(const Ipv4&, const Ipv4&) = default;
};

struct Ipv6 {
  std::array<std::uint8_t, 16> bytes{};  // Network order.

  friend bool operator==(const Ipv6&, const Ipv6&) = default;
};

// One to four parts, decimal, octal (leading 0) or hex (0x), one dot at the end allowed, the last
// part fills the rest. None when out of range or not of this form.
[[nodiscard]] std::optional<Ipv4> parse_ipv4(std::string_view text);

// Without brackets. Zone ids are refused. The last 32 bits may be dotted decimal.
[[nodiscard]] std::optional<Ipv6> parse_ipv6(std::string_view text);

[[nodiscard]] std::string format(Ipv4 address);
[[nodiscard]] std::string format(const Ipv6& address);  // RFC 5952.

// Whether the address is globally reachable by IANA's special-purpose registries; multicast and
// reserved space are not. An IPv6 address that embeds an IPv4 one is judged by that as well.
[[nodiscard]] bool is_global(Ipv4 address);
[[nodiscard]] bool is_global(const Ipv6& address);

}  // namespace sluice::codec
