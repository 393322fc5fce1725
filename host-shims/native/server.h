// Inbound HTTP on libevent's evhttp: whole requests, bounded in size, time and number.
//
// A body is counted while it is read, and one over the limit is answered 413 without the core. All
// bodies together are bounded as well: while they are over the limit, connections that go on
// sending are closed.
// A request that has not arrived whole after `kRequestTimeMax` loses its connection, however
// steadily it drips. A client that leaves does not stop what its request has started: the answer
// is then written to nobody.
#pragma once

#include <event2/http.h>
#include <event2/listener.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "host/engine.h"
#include "native/event_loop.h"

struct bufferevent;

namespace sluice::native {

inline constexpr std::size_t kRequestsMax = 1024;     // Being answered at once.
inline constexpr std::size_t kConnectionsMax = 4096;  // Open at once; more wait to be accepted.
inline constexpr std::size_t kBytesMax = 256 * 1024 * 1024;  // Of bodies, over all connections.
inline constexpr std::size_t kHeadersMax = 32 * 1024;
inline constexpr Duration kRequestTimeMax = seconds(30);

struct ServerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free one.
  std::uint32_t body_max = 1024 * 1024;
  std::string origin =
      {};  // How callers spell scheme and authority; empty: http and the Host field.
  Duration request_time_max = kRequestTimeMax;
  std::size_t requests_max = kRequestsMax;
  std::size_t bytes_max = kBytesMax;
};

class Server {
 public:
  using Answer = std::function<void(HttpResponse)>;
  using Handler = std::function<void(InboundRequest, Answer)>;

  [[nodiscard]] static Result<std::unique_ptr<Server>> listen(EventLoop& loop,
                                                              ServerOptions options,
                                                              Handler handler);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::size_t in_progress() const { return in_progress_; }
  // Open, or closed a moment ago.
  [[nodiscard]] std::size_t connections() const { return connections_.size(); }

  // No new connections; requests on the open ones are answered 503 and their connections closed.
  void stop_accepting();

 private:
  struct Connection;

  Server(EventLoop& loop, ServerOptions options, Handler handler);

  Result<void> bind();
  bufferevent* adopt_connection();
  void sweep();
  [[nodiscard]] Duration sweep_every() const;
  void pause_or_go_on();
  void take(evhttp_request* request);
  void answer(evhttp_request* request, HttpResponse response, bool close);
  [[nodiscard]] InboundRequest read(evhttp_request* request) const;

  EventLoop& loop_;
  ServerOptions options_;
  Handler handler_;
  evhttp* http_ = nullptr;
  evconnlistener* listener_ = nullptr;  // Owned by `http_`.
  std::unordered_map<bufferevent*, std::unique_ptr<Connection>> connections_;
  std::size_t sweep_at_ = 0;  // Connections; bounds how many closed ones are kept.
  std::unique_ptr<Timer> sweeper_;
  std::uint16_t port_ = 0;
  std::size_t in_progress_ = 0;
  std::size_t arriving_ = 0;  // Bytes in the input buffers of all connections.
  std::size_t taken_ = 0;     // Bytes of the bodies in progress.
  bool accepting_ = true;
  bool paused_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace sluice::native
