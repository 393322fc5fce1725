// Native only: uses sockets. A server on loopback that says exactly what a test tells it to.
#pragma once

#include <event2/listener.h>

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "native/event_loop.h"

struct bufferevent;

namespace sluice::native {

enum class Then : std::uint8_t {
  kKeepOpen,  // Waits for the next request.
  kClose,
  kFlood,  // Goes on sending for ever.
  kDrip,   // A byte every 20 ms, for ever.
};

class LoopbackPeer {
 public:
  // Answers each request (as it sees its first bytes) with `answer`.
  LoopbackPeer(EventLoop& loop, std::string answer, Then then);
  LoopbackPeer(const LoopbackPeer&) = delete;
  LoopbackPeer& operator=(const LoopbackPeer&) = delete;
  ~LoopbackPeer();

  [[nodiscard]] std::string url(const std::string& path = "/") const;
  [[nodiscard]] const std::string& received() const { return received_; }
  [[nodiscard]] int connections() const { return connections_; }

 private:
  void accept(int socket);
  void take(bufferevent* stream);
  void go_on(bufferevent* stream);

  EventLoop& loop_;
  std::string answer_;
  Then then_;
  evconnlistener* listener_;
  std::uint16_t port_ = 0;
  std::string received_;
  int connections_ = 0;
  std::vector<bufferevent*> streams_;
  std::set<bufferevent*> answered_;
  std::unique_ptr<Timer> drip_;
};

}  // namespace sluice::native
