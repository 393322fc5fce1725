#include "codec/address.h"

#include <string>
#include <utility>

#include "doctest/doctest.h"

namespace sluice::codec {
namespace {

TEST_SUITE("codec/address") {
  TEST_CASE("every spelling of an IPv4 address is read") {
    const std::string_view texts[] = {"127.0.0.1",    "127.1",         "127.0.1",
                                      "2130706433",   "0x7f000001",    "0x7f.1",
                                      "0X7F.0.0.0x1", "0177.0.0.1",    "017700000001",
                                      "127.0.0.1.",   "0177.0x0.0.01", "127.000000.0.1"};
    for (const std::string_view text : texts) {
      CAPTURE(text);
      CHECK(parse_ipv4(text) == Ipv4{0x7f000001});
    }
    CHECK(parse_ipv4("0") == Ipv4{0});
    CHECK(parse_ipv4("0x") == Ipv4{0});
    CHECK(parse_ipv4("255.255.255.255") == Ipv4{0xffffffff});
    CHECK(parse_ipv4("4294967295") == Ipv4{0xffffffff});
    CHECK(parse_ipv4("1.16777215") == Ipv4{0x01ffffff});
    CHECK(parse_ipv4("1.2.65535") == Ipv4{0x0102ffff});
  }

  TEST_CASE("what is no IPv4 address is refused") {
    const std::string_view texts[] = {
        "",           ".",         "..",         "256.0.0.1",  "1.256.0.1",
        "1.2.3.256",  "1.2.65536", "1.16777216", "4294967296", "1.2.3.4.5",
        "1..2",       "08.0.0.1",  "0x1g.0.0.1", "1.2.3.4..",  "-1",
        "+1",         "1.2.3.a",   " 1",         "1 ",         "99999999999999999999",
        "0x100000000"};
    for (const std::string_view text : texts) {
      CAPTURE(text);
      CHECK_FALSE(parse_ipv4(text));
    }
  }

  TEST_CASE("IPv6 text is read and written canonically") {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"::", "::"},
        {"::1", "::1"},
        {"1::", "1::"},
        {"0:0:0:0:0:0:0:1", "::1"},
        {"2001:DB8::0001", "2001:db8::1"},
        {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
        {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
        {"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
        {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
        {"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"},
        {"::ffff:127.0.0.1", "::ffff:7f00:1"},
        {"64:ff9b::10.0.0.1", "64:ff9b::a00:1"},
        {"1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"}};
    for (const auto& each : cases) {
      const std::string_view text = each.first;
      const std::string_view written = each.second;
      CAPTURE(text);
      const auto address = parse_ipv6(text);
      CHECK(address.has_value());
      if (!address) continue;
      CHECK(format(*address) == written);
      CHECK(parse_ipv6(format(*address)) == address);
    }
  }

  TEST_CASE("what is no IPv6 address is refused") {
    const std::string_view texts[] = {"",
                                      ":",
                                      ":::",
                                      "1",
                                      "1:2",
                                      "1:2:3:4:5:6:7",
                                      "1:2:3:4:5:6:7:8:9",
                                      "1::2::3",
                                      "12345::",
                                      "::g",
                                      "fe80::1%eth0",
                                      "fe80::1%25eth0",
                                      "[::1]",
                                      "::1.2.3",
                                      "::1.2.3.256",
                                      "::01.2.3.4",
                                      "1.2.3.4::",
                                      "::1.2.3.4:1",
                                      "1:2:3:4:5:6:7:1.2.3.4",
                                      ":1",
                                      "1:",
                                      "1:2:3:4:5:6:7:8::",
                                      "::1 ",
                                      "::0x1"};
    for (const std::string_view text : texts) {
      CAPTURE(text);
      CHECK_FALSE(parse_ipv6(text));
    }
  }

  TEST_CASE("special-purpose IPv4 space is not global, up to its edges") {
    const std::pair<std::string_view, std::string_view> ranges[] = {
        {"0.0.0.0", "0.255.255.255"},       {"10.0.0.0", "10.255.255.255"},
        {"100.64.0.0", "100.127.255.255"},  {"127.0.0.0", "127.255.255.255"},
        {"169.254.0.0", "169.254.255.255"}, {"172.16.0.0", "172.31.255.255"},
        {"192.0.0.0", "192.0.0.255"},       {"192.0.2.0", "192.0.2.255"},
        {"192.88.99.0", "192.88.99.255"},   {"192.168.0.0", "192.168.255.255"},
        {"198.18.0.0", "198.19.255.255"},   {"198.51.100.0", "198.51.100.255"},
        {"203.0.113.0", "203.0.113.255"},   {"224.0.0.0", "255.255.255.255"}};
    for (const auto& range : ranges) {
      CAPTURE(range.first);
      const std::uint32_t low = parse_ipv4(range.first)->bits;
      const std::uint32_t high = parse_ipv4(range.second)->bits;
      CHECK_FALSE(is_global(Ipv4{low}));
      CHECK_FALSE(is_global(Ipv4{high}));
      CHECK_FALSE(is_global(Ipv4{low + (high - low) / 2}));
      if (low != 0) CHECK(is_global(Ipv4{low - 1}));
      if (high != UINT32_MAX) CHECK(is_global(Ipv4{high + 1}));
    }
    CHECK(is_global(Ipv4{0x01010101}));
    CHECK(is_global(Ipv4{0x08080808}));
  }

  TEST_CASE("special-purpose IPv6 space is not global") {
    const std::string_view texts[] = {"::",
                                      "::1",
                                      "::2",
                                      "::127.0.0.1",
                                      "::ffff:10.0.0.1",
                                      "::ffff:169.254.169.254",
                                      "::ffff:0:1.2.3.4",
                                      "64:ff9b::192.168.0.1",
                                      "64:ff9b:1::1",
                                      "64:ff9b:1::8.8.8.8",
                                      "100::1",
                                      "100:0:0:1::1",
                                      "2001::1",
                                      "2001:1ff:ffff::",
                                      "2001:10::1",
                                      "2001:db8::1",
                                      "2001:db8:ffff:ffff::",
                                      "2002:7f00:1::",
                                      "2002:a00:1::1",
                                      "2002:a9fe:a9fe::1",
                                      "3fff::1",
                                      "3fff:fff:ffff::1",
                                      "5f00::1",
                                      "fc00::1",
                                      "fdff::1",
                                      "fe80::1",
                                      "febf::1",
                                      "fec0::1",
                                      "feff::1",
                                      "ff00::1",
                                      "ff02::1",
                                      "4000::1",
                                      "8000::1",
                                      "::1:0:0:0"};
    for (const std::string_view text : texts) {
      CAPTURE(text);
      CHECK_FALSE(is_global(*parse_ipv6(text)));
    }
  }

  TEST_CASE("global unicast IPv6 is global, and so is what embeds a global IPv4 address") {
    const std::string_view texts[] = {"2606:4700:4700::1111", "2001:4860:4860::8888",
                                      "2001:200::1",          "2001:db7:ffff::1",
                                      "2001:db9::1",          "2003::1",
                                      "2002:808:808::1",      "64:ff9b::8.8.8.8",
                                      "::ffff:8.8.8.8",       "3ffe::1",
                                      "3fff:1000::1",         "2000::1"};
    for (const std::string_view text : texts) {
      CAPTURE(text);
      CHECK(is_global(*parse_ipv6(text)));
    }
  }
}

}  // namespace
}  // namespace sluice::codec
