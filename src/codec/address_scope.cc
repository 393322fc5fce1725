// IANA's special-purpose address registries, as far as they say "not globally reachable".
#include <algorithm>
#include <cstddef>

#include "codec/address.h"

namespace sluice::codec {
namespace {

struct Range4 {
  std::uint32_t base;
  std::uint32_t prefix;
};

constexpr Range4 kSpecial4[] = {
    {0x00000000, 8},   // 0.0.0.0/8        this network
    {0x0a000000, 8},   // 10.0.0.0/8       private
    {0x64400000, 10},  // 100.64.0.0/10    carrier-grade NAT
    {0x7f000000, 8},   // 127.0.0.0/8      loopback
    {0xa9fe0000, 16},  // 169.254.0.0/16   link-local, cloud metadata
    {0xac100000, 12},  // 172.16.0.0/12    private
    {0xc0000000, 24},  // 192.0.0.0/24     protocol assignments
    {0xc0000200, 24},  // 192.0.2.0/24     documentation
    {0xc0586300, 24},  // 192.88.99.0/24   6to4 relays
    {0xc0a80000, 16},  // 192.168.0.0/16   private
    {0xc6120000, 15},  // 198.18.0.0/15    benchmarks
    {0xc6336400, 24},  // 198.51.100.0/24  documentation
    {0xcb007100, 24},  // 203.0.113.0/24   documentation
    {0xe0000000, 4},   // 224.0.0.0/4      multicast
    {0xf0000000, 4},   // 240.0.0.0/4      reserved, broadcast
};

struct Range6 {
  std::array<std::uint8_t, 16> base;
  std::uint32_t prefix;
};

// Inside 2000::/3. All else is not global: 100::/64 discards, 5f00::/16 are SRv6 segments, fc00::/7
// is unique local, fe80::/10 and fec0::/10 are link-local and site-local, ff00::/8 is multicast,
// 64:ff9b:1::/48 translates to private networks.
constexpr Range6 kSpecial6[] = {
    {{0x20, 0x01, 0x00, 0x00}, 23},  // 2001::/23       Teredo, ORCHID, benchmarks
    {{0x20, 0x01, 0x0d, 0xb8}, 32},  // 2001:db8::/32   documentation
    {{0x3f, 0xff}, 20},              // 3fff::/20       documentation
};

constexpr std::array<std::uint8_t, 16> kNat64 = {0x00, 0x64, 0xff, 0x9b};

bool contains(const std::array<std::uint8_t, 16>& base, std::uint32_t prefix, const Ipv6& address) {
  for (std::uint32_t bit = 0; bit < prefix; bit += 8) {
    const std::uint32_t kept = std::min<std::uint32_t>(8, prefix - bit);
    const auto mask = static_cast<std::uint8_t>(0xff00 >> kept & 0xff);
    const std::size_t i = bit / 8;
    if (((base[i] ^ address.bytes[i]) & mask) != 0) return false;
  }
  return true;
}

Ipv4 embedded(const Ipv6& address, std::size_t at) {
  Ipv4 inner;
  for (std::size_t i = 0; i < 4; ++i) inner.bits = inner.bits << 8 | address.bytes[at + i];
  return inner;
}

}  // namespace

bool is_global(Ipv4 address) {
  return std::none_of(std::begin(kSpecial4), std::end(kSpecial4), [&](const Range4& range) {
    return ((address.bits ^ range.base) >> (32 - range.prefix)) == 0;
  });
}

bool is_global(const Ipv6& address) {
  const auto& bytes = address.bytes;
  const bool zero_start =
      std::all_of(bytes.begin(), bytes.begin() + 10, [](std::uint8_t byte) { return byte == 0; });
  if (zero_start) {
    // ::, ::1 and the IPv4-compatible ::a.b.c.d; ::ffff:a.b.c.d is IPv4-mapped.
    const bool compatible = bytes[10] == 0 && bytes[11] == 0;
    const bool mapped = bytes[10] == 0xff && bytes[11] == 0xff;
    return (compatible || mapped) && is_global(embedded(address, 12));
  }
  if (contains(kNat64, 96, address)) return is_global(embedded(address, 12));
  if (bytes[0] == 0x20 && bytes[1] == 0x02) return is_global(embedded(address, 2));  // 6to4.
  if (bytes[0] >> 5 != 1) return false;  // Outside global unicast space.
  return std::none_of(std::begin(kSpecial6), std::end(kSpecial6), [&](const Range6& range) {
    return contains(range.base, range.prefix, address);
  });
}

}  // namespace sluice::codec
