// Native only: uses sockets.
#include "loopback_peer.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <netinet/in.h>

#include <algorithm>
#include <utility>

#include "base/assert.h"

namespace sluice::native {

LoopbackPeer::LoopbackPeer(EventLoop& loop, std::string answer, Then then)
    : loop_(loop), answer_(std::move(answer)), then_(then) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto on_accept = [](evconnlistener*, evutil_socket_t socket, sockaddr*, int, void* self) {
    static_cast<LoopbackPeer*>(self)->accept(socket);
  };
  listener_ = evconnlistener_new_bind(loop.base(), on_accept, this,
                                      LEV_OPT_CLOSE_ON_FREE | LEV_OPT_REUSEABLE, 16,
                                      reinterpret_cast<sockaddr*>(&address), sizeof address);
  SLUICE_ASSERT(listener_ != nullptr);
  socklen_t size = sizeof address;
  getsockname(evconnlistener_get_fd(listener_), reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  drip_ = std::make_unique<Timer>(loop.base(), [this] {
    for (bufferevent* stream : streams_) bufferevent_write(stream, "x", 1);
    drip_->start(milliseconds(20));
  });
}

LoopbackPeer::~LoopbackPeer() {
  evconnlistener_free(listener_);
  for (bufferevent* stream : streams_) bufferevent_free(stream);
}

std::string LoopbackPeer::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

void LoopbackPeer::accept(int socket) {
  ++connections_;
  bufferevent* stream = bufferevent_socket_new(loop_.base(), socket, BEV_OPT_CLOSE_ON_FREE);
  streams_.push_back(stream);
  bufferevent_setcb(
      stream, [](bufferevent* ready, void* self) { static_cast<LoopbackPeer*>(self)->take(ready); },
      [](bufferevent* ready, void* self) { static_cast<LoopbackPeer*>(self)->go_on(ready); },
      [](bufferevent* ready, short, void*) { bufferevent_disable(ready, EV_READ | EV_WRITE); },
      this);
  bufferevent_enable(stream, EV_READ | EV_WRITE);
}

void LoopbackPeer::take(bufferevent* stream) {
  evbuffer* input = bufferevent_get_input(stream);
  std::string bytes(evbuffer_get_length(input), '\0');
  evbuffer_remove(input, bytes.data(), bytes.size());
  received_ += bytes;
  if (bytes.find("HTTP/1.1\r\n") == std::string::npos) return;  // The rest of a request.
  answered_.insert(stream);
  bufferevent_write(stream, answer_.data(), answer_.size());
  if (then_ == Then::kDrip) drip_->start(milliseconds(20));
  if (answer_.empty()) go_on(stream);
}

void LoopbackPeer::go_on(bufferevent* stream) {
  if (!answered_.contains(stream)) return;
  if (then_ == Then::kClose) {
    answered_.erase(stream);
    streams_.erase(std::find(streams_.begin(), streams_.end(), stream));
    bufferevent_free(stream);
  } else if (then_ == Then::kFlood) {
    const std::string flood(64 * 1024, 'x');
    bufferevent_write(stream, flood.data(), flood.size());
  }
}

}  // namespace sluice::native
