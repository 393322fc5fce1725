#include "codec/url.h"

#include <string>
#include <utility>

#include "doctest/doctest.h"

namespace sluice::codec {
namespace {

std::string spelled(std::string_view text) {
  const auto url = parse_url(text);
  return url ? canonical(*url) : "refused";
}

// "public", "malformed", or the rule that forbids it.
std::string judged(std::string_view text, const UrlPolicy& policy = {}) {
  const auto url = parse_url(text);
  if (!url) return "malformed";
  const auto verdict = check_public(*url, policy);
  if (!verdict) CHECK(verdict.error().code == Errc::kBlocked);
  return verdict ? "public" : std::string(verdict.error().context);
}

constexpr std::string_view kPrivateHosts[] = {"127.0.0.1",
                                              "127.1",
                                              "127.0.1",
                                              "2130706433",
                                              "0x7f000001",
                                              "0x7f.1",
                                              "0X7F.1",
                                              "0177.0.0.1",
                                              "017700000001",
                                              "127.0.0.1.",
                                              "%31%32%37.0.0.1",
                                              "127%2e0%2e0%2e1",
                                              "0x7f.0x0.0x0.0x1",
                                              "127.255.255.254",
                                              "0",
                                              "0.0.0.0",
                                              "0x0",
                                              "00",
                                              "10.0.0.1",
                                              "10.1",
                                              "0xa.1",
                                              "012.1",
                                              "167772161",
                                              "100.64.0.1",
                                              "100.127.255.255",
                                              "169.254.169.254",
                                              "2852039166",
                                              "0xa9fea9fe",
                                              "0251.0376.0251.0376",
                                              "169.16689662",
                                              "172.16.0.1",
                                              "172.31.255.255",
                                              "192.168.0.1",
                                              "192.168.257",
                                              "0xc0.0xa8.1",
                                              "3232235521",
                                              "192.0.0.1",
                                              "192.0.2.1",
                                              "192.88.99.1",
                                              "198.18.0.1",
                                              "198.19.255.255",
                                              "198.51.100.7",
                                              "203.0.113.9",
                                              "224.0.0.1",
                                              "239.255.255.255",
                                              "240.0.0.1",
                                              "255.255.255.255",
                                              "4294967295",
                                              "[::]",
                                              "[::1]",
                                              "[0:0:0:0:0:0:0:1]",
                                              "[0000::0001]",
                                              "[::127.0.0.1]",
                                              "[::7f00:1]",
                                              "[::ffff:127.0.0.1]",
                                              "[::FFFF:7F00:1]",
                                              "[::ffff:a9fe:a9fe]",
                                              "[::ffff:192.168.0.1]",
                                              "[::ffff:0:127.0.0.1]",
                                              "[64:ff9b::127.0.0.1]",
                                              "[64:ff9b::a00:1]",
                                              "[64:ff9b:1::1]",
                                              "[2002:7f00:1::]",
                                              "[2002:c0a8:1::1]",
                                              "[2001::1]",
                                              "[2001:db8::1]",
                                              "[100::1]",
                                              "[fc00::1]",
                                              "[fd12:3456::1]",
                                              "[fe80::1]",
                                              "[fec0::1]",
                                              "[ff02::1]",
                                              "[3fff::1]",
                                              "[5f00::1]"};

constexpr std::string_view kNoUrls[] = {"",
                                        "https://",
                                        "https:///a",
                                        "https:/example.com",
                                        "https:example.com",
                                        "//example.com",
                                        "/path",
                                        "ftp://example.com/",
                                        "file:///etc/passwd",
                                        "javascript:alert(1)",
                                        "gopher://example.com",
                                        "https://exa mple.com/",
                                        "https://example.com/a b",
                                        "https://example.com/\n",
                                        "https://example.com/\t",
                                        "https://b\xc3\xbc"
                                        "cher.example/",
                                        "https://b%C3%BCcher.example/",
                                        "https://example.com\\@evil.example/",
                                        "https://example.com:0/",
                                        "https://example.com:65536/",
                                        "https://example.com:8x/",
                                        "https://example.com:-1/",
                                        "https://exam%ple.com/",
                                        "https://exam%00ple.com/",
                                        "https://example%2ecom%2f/",
                                        "https://[::1/",
                                        "https://[::1]x/",
                                        "https://::1/",
                                        "https://[fe80::1%25eth0]/",
                                        "https://[1.2.3.4]/",
                                        "https://1.2.3.4.5/",
                                        "https://256.1.1.1/",
                                        "https://1.2.3.08/",
                                        "https://a..example.com/",
                                        "https://.example.com/",
                                        "https://./",
                                        "https://exam|ple.com/",
                                        "https://a<b.example/",
                                        "https://example.0x1ffffffff/",
                                        "https://a:b:c/",
                                        " https://example.com/"};

TEST_SUITE("codec/url") {
  TEST_CASE("a URL has one canonical spelling") {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"https://example.com", "https://example.com/"},
        {"HTTPS://Example.COM:443/a?b#c", "https://example.com/a?b"},
        {"https://example.com:8443/", "https://example.com:8443/"},
        {"http://example.com:80?x=1", "http://example.com/?x=1"},
        {"https://example.com:/x", "https://example.com/x"},
        {"https://example.com./", "https://example.com/"},
        {"https://ex%61mple.com/%61", "https://example.com/%61"},
        {"https://user:pw@example.com/", "https://example.com/"},
        {"http://0x7f.1/", "http://127.0.0.1/"},
        {"http://%31%32%37.1/", "http://127.0.0.1/"},
        {"http://[2001:DB8:0::1]:8080/", "http://[2001:db8::1]:8080/"},
        {"https://example.com/a/./b/../c", "https://example.com/a/c"},
        {"https://example.com/../..", "https://example.com/"},
        {"https://example.com/a/%2e%2E/b", "https://example.com/b"},
        {"https://example.com/a//b/", "https://example.com/a//b/"},
        {"https://example.com?", "https://example.com/?"},
        {"https://a_b.example.com/", "https://a_b.example.com/"},
        {"https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"}};
    for (const auto& each : cases) {
      const std::string_view text = each.first;
      const std::string_view written = each.second;
      CAPTURE(text);
      CHECK(spelled(text) == written);
      CHECK(spelled(written) == written);
    }
  }

  TEST_CASE("what is no http or https URL is refused") {
    for (const std::string_view text : kNoUrls) {
      CAPTURE(text);
      CHECK(spelled(text) == "refused");
    }
    CHECK(spelled(std::string("https://example.com/\0", 21)) == "refused");
    CHECK(spelled("https://" + std::string(64, 'a') + ".example/") == "refused");
    CHECK(spelled("https://" + std::string(63, 'a') + ".example/") != "refused");
    CHECK(spelled("https://example.com/" + std::string(kUrlMax, 'a')) == "refused");
  }

  TEST_CASE("the parts are taken apart") {
    const auto url = parse_url("http://u:p@Example.com:8080/a/b?c=d&e#f");
    CHECK(url.has_value());
    if (!url) return;
    CHECK_FALSE(url->secure);
    CHECK(url->has_userinfo);
    CHECK(url->userinfo == "u:p");
    CHECK(url->host == "example.com");
    CHECK(url->port == 8080);
    CHECK(url->path == "/a/b");
    CHECK(url->query == "c=d&e");
    CHECK(authority(*url) == "example.com:8080");
    CHECK(origin(*url) == "http://example.com:8080");
    CHECK(parse_url("https://a@b@example.com/")->host == "example.com");
  }

  TEST_CASE("a query parameter is appended percent-encoded") {
    auto url = *parse_url("https://example.com/x");
    append_query(url, "since", "2024-01-01T00:00:00Z");
    append_query(url, "a b&", "=?#\xc3\xa9~");
    CHECK(canonical(url) ==
          "https://example.com/x?since=2024-01-01T00%3A00%3A00Z&a%20b%26=%3D%3F%23%C3%A9~");
    auto kept = *parse_url("https://example.com/x?a=%20b");
    append_query(kept, "c", "d");
    CHECK(canonical(kept) == "https://example.com/x?a=%20b&c=d");
    CHECK(percent_decode(percent_encode("\x01 \xff%")) == "\x01 \xff%");
    CHECK_FALSE(percent_decode("%"));
    CHECK_FALSE(percent_decode("%4"));
    CHECK_FALSE(percent_decode("%4g"));
  }

  TEST_CASE("public https is allowed") {
    const std::string_view texts[] = {"https://example.com/",
                                      "https://api.example.com:8443/x",
                                      "https://example.com:8080/",
                                      "https://1.1.1.1/",
                                      "https://[2606:4700:4700::1111]/",
                                      "https://0x1010101/",
                                      "https://[::ffff:8.8.8.8]/",
                                      "https://notlocalhost.example/",
                                      "https://internal.example/"};
    for (const std::string_view text : texts) {
      CAPTURE(text);
      CHECK(judged(text) == "public");
    }
  }

  TEST_CASE("no spelling of a private address is allowed") {
    for (const std::string_view host : kPrivateHosts) {
      CAPTURE(host);
      CHECK(judged("https://" + std::string(host) + "/x") == "the address is not public");
    }
  }

  TEST_CASE("local names, odd ports, plain http and credentials are refused, by name") {
    const std::string_view hosts[] = {"localhost", "LOCALHOST", "localhost.",
                                      "intranet",  "metadata",  "l%6fcalhost"};
    for (const std::string_view host : hosts) {
      CAPTURE(host);
      CHECK(judged("https://" + std::string(host) + "/") == "the host is a single label");
    }
    const std::string_view names[] = {"a.localhost", "printer.local", "metadata.google.internal",
                                      "x.home.arpa", "a.LOCALHOST.",  "home.arpa"};
    for (const std::string_view host : names) {
      CAPTURE(host);
      CHECK(judged("https://" + std::string(host) + "/") == "the host is a local name");
    }
    CHECK(judged("https://example.com:22/") == "an unusual port");
    CHECK(judged("https://example.com:25/") == "an unusual port");
    CHECK(judged("http://example.com/") == "plain http");
    CHECK(judged("https://u@example.com/") == "the URL carries a user or password");
    CHECK(judged("https://@example.com/") == "the URL carries a user or password");
  }

  TEST_CASE("a listed private host is allowed, and nothing beside it") {
    const UrlPolicy policy{.private_hosts = {"127.0.0.1", "dev.local:3000", "[::1]:9", "fd00::1"}};
    CHECK(judged("http://127.0.0.1:9999/x", policy) == "public");
    CHECK(judged("https://0x7f.1/", policy) == "public");
    CHECK(judged("http://127.0.0.2/", policy) == "the address is not public");
    CHECK(judged("http://dev.local:3000/", policy) == "public");
    CHECK(judged("http://DEV.local.:3000/", policy) == "public");
    CHECK(judged("http://dev.local:3001/", policy) == "the host is a local name");
    CHECK(judged("http://x.dev.local:3000/", policy) == "the host is a local name");
    CHECK(judged("http://[::1]:9/", policy) == "public");
    CHECK(judged("http://[::1]:10/", policy) == "the address is not public");
    CHECK(judged("http://[fd00::1]:10/", policy) == "public");
    CHECK(judged("http://u@127.0.0.1/", policy) == "the URL carries a user or password");
  }

  TEST_CASE("an entry that is no host allows nothing") {
    const UrlPolicy policy{.private_hosts = {"", "*", "/", "u@localhost", "localhost/x", "0"}};
    CHECK(judged("http://localhost/x", policy) == "the host is a single label");
    CHECK(judged("http://127.0.0.1/", policy) == "the address is not public");
    CHECK(judged("http://0.0.0.0/", policy) == "public");  // "0" is a spelling of 0.0.0.0.
  }
}

}  // namespace
}  // namespace sluice::codec
