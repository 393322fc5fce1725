// Native only: needs sockets.
#include "native/server.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <chrono>

#include "doctest/doctest.h"

using namespace sluice;
using namespace sluice::native;

namespace {

// A client that sends bytes as they are, and remembers all that came back.
class RawClient {
 public:
  RawClient(EventLoop& loop, std::uint16_t port) {
    stream_ = bufferevent_socket_new(loop.base(), -1, BEV_OPT_CLOSE_ON_FREE);
    bufferevent_setcb(
        stream_,
        [](bufferevent* ready, void* self) {
          evbuffer* input = bufferevent_get_input(ready);
          std::string bytes(evbuffer_get_length(input), '\0');
          evbuffer_remove(input, bytes.data(), bytes.size());
          static_cast<RawClient*>(self)->received_ += bytes;
        },
        nullptr,
        [](bufferevent*, short what, void* self) {
          if ((what & (BEV_EVENT_EOF | BEV_EVENT_ERROR)) != 0) {
            static_cast<RawClient*>(self)->closed_ = true;
          }
        },
        this);
    bufferevent_enable(stream_, EV_READ | EV_WRITE);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bufferevent_socket_connect(stream_, reinterpret_cast<sockaddr*>(&address), sizeof address);
  }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;
  ~RawClient() { bufferevent_free(stream_); }

  void send(const std::string& bytes) { bufferevent_write(stream_, bytes.data(), bytes.size()); }
  [[nodiscard]] const std::string& received() const { return received_; }
  [[nodiscard]] bool is_closed() const { return closed_; }
  [[nodiscard]] bool has(const std::string& text) const {
    return received_.find(text) != std::string::npos;
  }

 private:
  bufferevent* stream_;
  std::string received_;
  bool closed_ = false;
};

struct Site {
  EventLoop loop;
  std::vector<InboundRequest> requests;
  std::vector<Server::Answer> held;
  bool hold = false;
  std::unique_ptr<Server> server;
  std::unique_ptr<Timer> tick;

  explicit Site(ServerOptions options = {}) {
    options.body_max = 1000;
    auto listening = Server::listen(
        loop, std::move(options), [this](InboundRequest request, Server::Answer answer) {
          requests.push_back(std::move(request));
          if (hold) {
            held.push_back(std::move(answer));
            return;
          }
          HttpResponse response{.status = 202, .headers = {}, .body = "taken"};
          response.headers.push_back({.name = "x-two", .value = "2"});
          answer(std::move(response));
        });
    CHECK(listening.has_value());
    if (!listening.has_value()) return;
    server = std::move(*listening);
    tick = std::make_unique<Timer>(loop.base(), [this] { tick->start(milliseconds(5)); });
    tick->start(milliseconds(5));
  }

  template <class Condition>
  bool run_until(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > end) return false;
      loop.run_once();
    }
    return true;
  }
};

std::string post(const std::string& body, const std::string& more = "") {
  return "POST /in/x?a=%20b HTTP/1.1\r\nHost: here:1\r\n" + more +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace

TEST_SUITE("native/server") {
  TEST_CASE("a request arrives as it was sent: target, repeated headers, raw body") {
    Site site;
    RawClient client(site.loop, site.server->port());
    const std::string body("a\0\xff\r\n", 5);
    client.send(post(body, "X-One: 1\r\nx-one: 2\r\nX-EMPTY:\r\n"));
    CHECK(site.run_until([&] { return client.has("taken"); }));
    CHECK(client.received().find("HTTP/1.1 202 ") == 0);
    CHECK(client.has("x-two: 2\r\n"));
    CHECK(site.requests.size() == 1);
    if (site.requests.size() != 1) return;
    const InboundRequest& request = site.requests[0];
    CHECK(request.method == "POST");
    CHECK(request.target == "/in/x?a=%20b");
    CHECK(request.origin == "http://here:1");
    CHECK(request.body == body);
    CHECK(count(request.headers, "x-one") == 2);
    CHECK(find(request.headers, "x-one") == "1");
    CHECK(find(request.headers, "x-empty") == "");
  }

  TEST_CASE("a connection carries many requests, also when they are sent at once") {
    Site site;
    RawClient client(site.loop, site.server->port());
    client.send(post("one") + post("two") + post("three"));
    CHECK(site.run_until([&] { return site.requests.size() == 3; }));
    CHECK(site.run_until([&] { return client.received().rfind("taken") > 200; }));
    CHECK(site.requests[2].body == "three");
    CHECK(!client.is_closed());
  }

  TEST_CASE("a body at the limit is taken, and one byte more is 413 without the core") {
    Site site;
    RawClient fits(site.loop, site.server->port());
    fits.send(post(std::string(1000, 'x')));
    CHECK(site.run_until([&] { return fits.has("taken"); }));
    RawClient over(site.loop, site.server->port());
    over.send(post(std::string(1001, 'x')));
    CHECK(site.run_until([&] { return over.has("HTTP/1.1 413 "); }));
    RawClient chunked(site.loop, site.server->port());
    chunked.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n400\r\n" +
                 std::string(0x400, 'x') + "\r\n0\r\n\r\n");
    CHECK(site.run_until([&] { return chunked.has("HTTP/1.1 413 "); }));
    CHECK(site.requests.size() == 1);
  }

  TEST_CASE("a flood of headers is refused without the core") {
    Site site;
    RawClient client(site.loop, site.server->port());
    std::string flood;
    for (int i = 0; i < 2000; ++i)
      flood += "X-" + std::to_string(i) + ": " + std::string(90, 'x') + "\r\n";
    client.send(post("x", flood));
    CHECK(site.run_until([&] { return client.has("HTTP/1.1 400 ") || client.is_closed(); }));
    CHECK(site.requests.empty());
  }

  TEST_CASE("lengths that two readers could read differently are refused") {
    Site site;
    for (const char* more : {"Content-Length: 4\r\n", "Transfer-Encoding: chunked\r\n"}) {
      CAPTURE(more);
      RawClient client(site.loop, site.server->port());
      client.send(post("0\r\n\r\n", more));
      CHECK(site.run_until([&] { return client.has("HTTP/1.1 400 "); }));
      CHECK(site.run_until([&] { return client.is_closed(); }));
    }
    CHECK(site.requests.empty());
  }

  TEST_CASE("what follows a HEAD that claims a body is never taken for a request") {
    Site site;
    RawClient client(site.loop, site.server->port());
    client.send(
        "HEAD / HTTP/1.1\r\nHost: h\r\nContent-Length: 22\r\n\r\nGET /evil HTTP/1.1\r\n\r\n");
    CHECK(site.run_until([&] { return client.is_closed(); }));
    CHECK(site.requests.size() == 1);
  }

  TEST_CASE("a request that drips in loses its connection in the end") {
    Site site({.request_time_max = milliseconds(100)});
    RawClient client(site.loop, site.server->port());
    client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 500\r\n\r\n");
    Timer drip(site.loop.base(), [&] {
      client.send("x");
      drip.start(milliseconds(10));
    });
    drip.start(milliseconds(10));
    CHECK(site.run_until([&] { return client.is_closed(); }));
    CHECK(site.requests.empty());
    RawClient next(site.loop, site.server->port());
    next.send(post("x"));
    CHECK(site.run_until([&] { return next.has("taken"); }));
  }

  TEST_CASE("a slow answer is no slow request") {
    Site site({.request_time_max = milliseconds(50)});
    site.hold = true;
    RawClient client(site.loop, site.server->port());
    client.send(post("x"));
    CHECK(site.run_until([&] { return site.held.size() == 1; }));
    bool late = false;
    Timer later(site.loop.base(), [&] { late = true; });
    later.start(milliseconds(200));
    CHECK(site.run_until([&] { return late; }));
    CHECK(!client.is_closed());
    site.held[0](HttpResponse{.status = 200, .headers = {}, .body = "late"});
    CHECK(site.run_until([&] { return client.has("late"); }));
  }

  TEST_CASE("a client that leaves stops nothing, and its answer goes nowhere") {
    Site site;
    site.hold = true;
    {
      RawClient client(site.loop, site.server->port());
      client.send(post("x"));
      CHECK(site.run_until([&] { return site.held.size() == 1; }));
    }
    for (int i = 0; i < 5; ++i) site.loop.run_once();
    CHECK(site.server->in_progress() == 1);
    site.held[0](HttpResponse{.status = 200, .headers = {}, .body = "unheard"});
    CHECK(site.server->in_progress() == 0);
    for (int i = 0; i < 5; ++i) site.loop.run_once();
    site.hold = false;
    RawClient next(site.loop, site.server->port());
    next.send(post("x"));
    CHECK(site.run_until([&] { return next.has("taken"); }));
  }

  TEST_CASE("more requests than the limit are told to come back") {
    Site site({.requests_max = 1});
    site.hold = true;
    RawClient first(site.loop, site.server->port());
    first.send(post("x"));
    CHECK(site.run_until([&] { return site.held.size() == 1; }));
    RawClient second(site.loop, site.server->port());
    second.send(post("x"));
    CHECK(site.run_until([&] { return second.has("HTTP/1.1 503 "); }));
    CHECK(second.has("retry-after: 1\r\n"));
    CHECK(second.has("\"code\":\"overloaded\""));
    site.held[0](HttpResponse{.status = 200, .headers = {}, .body = "first"});
    CHECK(site.run_until([&] { return first.has("first"); }));
  }

  TEST_CASE("all bodies together are bounded: who sends on over the limit is cut off") {
    Site site({.bytes_max = 2000});
    const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 900\r\n\r\n";
    RawClient first(site.loop, site.server->port());
    first.send(head + std::string(800, 'x'));
    RawClient second(site.loop, site.server->port());
    second.send(head + std::string(800, 'x'));
    for (int i = 0; i < 10; ++i) site.loop.run_once();
    RawClient third(site.loop, site.server->port());
    third.send(head + std::string(800, 'x'));
    CHECK(site.run_until([&] { return third.is_closed(); }));
    first.send(std::string(100, 'x'));
    CHECK(site.run_until([&] { return first.has("taken"); }));
    second.send(std::string(100, 'x'));
    CHECK(site.run_until([&] { return second.has("taken"); }));
    RawClient fourth(site.loop, site.server->port());
    fourth.send(head + std::string(900, 'x'));
    CHECK(site.run_until([&] { return fourth.has("taken"); }));
  }

  TEST_CASE("a server that stops answers what it has and closes the rest") {
    Site site;
    site.hold = true;
    RawClient busy(site.loop, site.server->port());
    busy.send(post("x"));
    RawClient idle(site.loop, site.server->port());
    CHECK(site.run_until([&] { return site.held.size() == 1; }));
    site.server->stop_accepting();
    idle.send(post("x"));
    CHECK(site.run_until([&] { return idle.has("HTTP/1.1 503 ") && idle.is_closed(); }));
    site.held[0](HttpResponse{.status = 200, .headers = {}, .body = "done"});
    CHECK(site.run_until([&] { return busy.has("done") && busy.is_closed(); }));
  }

  TEST_CASE("connections that come and go are not kept") {
    Site site;
    for (int i = 0; i < 600; ++i) {
      RawClient client(site.loop, site.server->port());
      client.send(post("x"));
      CHECK(site.run_until([&] { return client.has("taken"); }));
    }
    CHECK(site.server->connections() < 600);
  }
}
