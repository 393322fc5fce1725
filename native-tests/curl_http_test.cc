// Native only: needs sockets.
#include "native/curl_http.h"

#include <optional>

#include "doctest/doctest.h"
#include "loopback_peer.h"

using namespace sluice;
using namespace sluice::native;

namespace {

struct Client {
  EventLoop loop;
  CurlHttp curl{loop};

  HttpRequest request(std::string url) const {
    HttpRequest made;
    made.method = "POST";
    made.url = std::move(url);
    made.headers = {{.name = "x-one", .value = "1"}, {.name = "content-type", .value = "text/x"}};
    made.body = Bytes("a\0b", 3);
    made.timeout = seconds(5);
    made.response_max = 16;
    made.private_allowed = true;
    return made;
  }

  HttpOutcome fetch(HttpRequest sent) {
    std::optional<HttpOutcome> outcome;
    const auto started = curl.start(std::move(sent), [&](HttpOutcome got) {
      outcome.emplace(std::move(got));
      loop.stop();
    });
    CHECK(started.has_value());
    loop.run();
    CHECK(curl.in_flight() == 0);
    return *std::move(outcome);
  }

  HttpFailure failure(HttpRequest sent) {
    const HttpOutcome outcome = fetch(std::move(sent));
    CHECK(std::holds_alternative<HttpFailure>(outcome));
    if (const auto* failure = std::get_if<HttpFailure>(&outcome)) return *failure;
    return {};
  }

  HttpResponse response(HttpRequest sent) {
    HttpOutcome outcome = fetch(std::move(sent));
    CHECK(std::holds_alternative<HttpResponse>(outcome));
    if (auto* response = std::get_if<HttpResponse>(&outcome)) return std::move(*response);
    return {};
  }
};

constexpr char kFine[] =
    "HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\nX-Two: a\r\nX-Two:  b \r\n\r\nok";

}  // namespace

TEST_SUITE("native/curl_http") {
  TEST_CASE("a request goes out byte for byte, and its answer comes back with all its headers") {
    Client client;
    LoopbackPeer peer(client.loop, kFine, Then::kKeepOpen);
    const HttpResponse response = client.response(client.request(peer.url("/a?b=%20")));
    CHECK(response.status == 202);
    CHECK(response.body == "ok");
    CHECK(!response.truncated);
    CHECK(count(response.headers, "x-two") == 2);
    CHECK(find(response.headers, "x-two") == "a");
    const std::string& sent = peer.received();
    CHECK(sent.find("POST /a?b=%20 HTTP/1.1\r\n") == 0);
    CHECK(sent.find("x-one: 1\r\n") != std::string::npos);
    CHECK(sent.find("content-type: text/x\r\n") != std::string::npos);
    CHECK(sent.find("Content-Length: 3\r\n") != std::string::npos);
    CHECK(sent.find("Expect") == std::string::npos);
    CHECK(sent.substr(sent.size() - 3) == std::string("a\0b", 3));
  }

  TEST_CASE("a connection is used again") {
    Client client;
    LoopbackPeer peer(client.loop, kFine, Then::kKeepOpen);
    for (int i = 0; i < 3; ++i) CHECK(client.response(client.request(peer.url())).status == 202);
    CHECK(peer.connections() == 1);
  }

  TEST_CASE("a peer that never answers is a timeout, and may have seen the request") {
    Client client;
    LoopbackPeer peer(client.loop, "", Then::kKeepOpen);
    HttpRequest request = client.request(peer.url());
    request.timeout = milliseconds(80);
    const HttpFailure failure = client.failure(std::move(request));
    CHECK(failure.fault == HttpFault::kTimeout);
    CHECK(failure.maybe_seen);
  }

  TEST_CASE("the deadline includes the body, however steadily it drips") {
    Client client;
    LoopbackPeer peer(client.loop, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", Then::kDrip);
    HttpRequest request = client.request(peer.url());
    request.response_max = 1000;
    request.timeout = milliseconds(120);
    CHECK(client.failure(std::move(request)).fault == HttpFault::kTimeout);
  }

  TEST_CASE("garbage and an early end are aborted, and may have been seen") {
    Client client;
    for (const char* answer : {"I am no web server\r\n\r\n", "", "HTTP/1.1 200 OK\r\nContent-Le",
                               "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort"}) {
      CAPTURE(answer);
      LoopbackPeer peer(client.loop, answer, Then::kClose);
      const HttpFailure failure = client.failure(client.request(peer.url()));
      CHECK(failure.fault == HttpFault::kAborted);
      CHECK(failure.maybe_seen);
    }
  }

  TEST_CASE("an endless body is cut at the cap and is an answer") {
    Client client;
    LoopbackPeer peer(client.loop, "HTTP/1.1 200 OK\r\n\r\n", Then::kFlood);
    const HttpResponse response = client.response(client.request(peer.url()));
    CHECK(response.status == 200);
    CHECK(response.body == Bytes(16, 'x'));
    CHECK(response.truncated);
  }

  TEST_CASE("endless headers are too large") {
    Client client;
    std::string answer = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < 90; ++i) answer += "x-filler: " + std::string(1000, 'x') + "\r\n";
    LoopbackPeer peer(client.loop, answer, Then::kKeepOpen);
    CHECK(client.failure(client.request(peer.url())).fault == HttpFault::kTooLarge);
  }

  TEST_CASE("a redirect is an answer, and is not followed") {
    Client client;
    LoopbackPeer other(client.loop, kFine, Then::kKeepOpen);
    LoopbackPeer peer(
        client.loop,
        "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + other.url() + "\r\n\r\n",
        Then::kKeepOpen);
    CHECK(client.response(client.request(peer.url())).status == 302);
    CHECK(other.connections() == 0);
  }

  TEST_CASE("a refused connection has not been seen") {
    Client client;
    std::string url;
    {
      LoopbackPeer gone(client.loop, kFine, Then::kKeepOpen);
      url = gone.url();
    }
    const HttpFailure failure = client.failure(client.request(url));
    CHECK(failure.fault == HttpFault::kConnect);
    CHECK(!failure.maybe_seen);
  }

  TEST_CASE("private addresses are refused at connect, in every spelling, and nothing is sent") {
    Client client;
    LoopbackPeer peer(client.loop, kFine, Then::kKeepOpen);
    const std::string port = peer.url().substr(std::string("http://127.0.0.1").size());
    for (const char* host : {"127.0.0.1", "127.1", "0x7f000001", "2130706433", "[::1]", "localhost",
                             "[::ffff:127.0.0.1]", "10.0.0.1", "169.254.169.254", "[fd00::1]"}) {
      CAPTURE(host);
      HttpRequest request = client.request("http://" + std::string(host) + port);
      request.private_allowed = false;
      const HttpFailure failure = client.failure(std::move(request));
      CHECK(failure.fault == HttpFault::kBlocked);
      CHECK(!failure.maybe_seen);
    }
    CHECK(peer.connections() == 0);
  }

  TEST_CASE("other schemes are refused") {
    Client client;
    for (const char* url : {"file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/x"}) {
      CAPTURE(url);
      CHECK(client.failure(client.request(url)).fault == HttpFault::kBlocked);
    }
  }

  TEST_CASE("fields that would break the framing are refused before anything is sent") {
    Client client;
    const auto refused = [&](HttpRequest request) {
      const auto started = client.curl.start(std::move(request), [](HttpOutcome) {});
      CHECK(!started.has_value());
      if (!started.has_value()) CHECK(started.error().code == Errc::kBadArgument);
    };
    HttpRequest value = client.request("http://127.0.0.1:9/");
    value.headers.push_back({.name = "x", .value = "a\r\nhost: b"});
    refused(value);
    HttpRequest name = client.request("http://127.0.0.1:9/");
    name.headers.push_back({.name = "x:y", .value = "a"});
    refused(name);
    HttpRequest method = client.request("http://127.0.0.1:9/");
    method.method = "GET / HTTP/1.1\r\n";
    refused(method);
  }

  TEST_CASE("a cancelled transfer has no outcome") {
    Client client;
    LoopbackPeer peer(client.loop, "", Then::kKeepOpen);
    bool called = false;
    HttpRequest request = client.request(peer.url());
    const auto id = client.curl.start(std::move(request), [&](HttpOutcome) { called = true; });
    CHECK(id.has_value());
    if (id.has_value()) client.curl.cancel(*id);
    CHECK(client.curl.in_flight() == 0);
    CHECK(!called);
  }

  TEST_CASE("more than the process's share of transfers is refused as overload") {
    Client client;
    LoopbackPeer peer(client.loop, "", Then::kKeepOpen);
    std::optional<Errc> refused;
    for (std::size_t i = 0; i <= kTransfersMax; ++i) {
      const auto id = client.curl.start(client.request(peer.url()), [](HttpOutcome) {});
      if (!id.has_value()) refused = id.error().code;
    }
    CHECK(refused == Errc::kOverloaded);
    CHECK(client.curl.in_flight() == kTransfersMax);
  }
}
