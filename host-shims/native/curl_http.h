// Outgoing HTTP: libcurl's multi interface on the sockets of the loop.
//
// Every request has one deadline that includes its body, keeps at most `response_max` bytes of it,
// follows no redirect and uses no proxy. Addresses are judged where they are known for certain:
// when the socket is opened, after the resolver has answered. So a public name that resolves to a
// private address is refused, whatever it resolved to when the manifest was read.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "host/http.h"
#include "native/event_loop.h"

namespace sluice::native {

inline constexpr std::size_t kTransfersMax = 1024;  // Of a process, over all cells.
inline constexpr std::size_t kResponseHeadersMax = 64 * 1024;

using TransferId = std::uint64_t;

struct CurlTransfer;

class CurlHttp {
 public:
  using Done = std::function<void(HttpOutcome)>;

  explicit CurlHttp(EventLoop& loop);
  CurlHttp(const CurlHttp&) = delete;
  CurlHttp& operator=(const CurlHttp&) = delete;
  ~CurlHttp();

  // Starts a request; `done` is called once, later, from the loop. Errors: kOverloaded,
  // kBadArgument (a field that would break the request's framing); `done` is not called then.
  [[nodiscard]] Result<TransferId> start(HttpRequest request, Done done);

  // Ends a transfer without an outcome. Unknown ids are ignored.
  void cancel(TransferId id);

  [[nodiscard]] std::size_t in_flight() const { return transfers_.size(); }

 private:
  struct Socket;

  static int on_socket(void* easy, int socket, int what, void* self, void* socket_data);
  static int on_timer(void* multi, long timeout_ms, void* self);

  void* take_handle();
  void give_back(void* handle);
  void drive(int socket, int actions);
  void collect();

  EventLoop& loop_;
  void* multi_;
  std::unique_ptr<Timer> timer_;
  std::map<TransferId, std::unique_ptr<CurlTransfer>> transfers_;
  std::vector<void*> idle_;  // Easy handles, kept for the next request.
  TransferId last_id_ = 0;
};

}  // namespace sluice::native
