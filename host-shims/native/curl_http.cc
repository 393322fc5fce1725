#include "native/curl_http.h"

#include <curl/curl.h>
#include <event2/event.h>

#include <utility>

#include "native/curl_transfer.h"

namespace sluice::native {

namespace {

constexpr std::size_t kIdleHandlesMax = 256;
constexpr long kConnectionsMax = 256;  // Kept open for reuse.

}  // namespace

struct CurlHttp::Socket {
  CurlHttp* owner = nullptr;
  event* handle = nullptr;
  ~Socket() {
    if (handle != nullptr) event_free(handle);
  }
};

CurlHttp::CurlHttp(EventLoop& loop) : loop_(loop) {
  curl_global_init(CURL_GLOBAL_DEFAULT);
  multi_ = curl_multi_init();
  SLUICE_ASSERT(multi_ != nullptr);
  timer_ = std::make_unique<Timer>(loop.base(), [this] { drive(CURL_SOCKET_TIMEOUT, 0); });
  const auto on_socket_typed = [](CURL* easy, curl_socket_t socket, int what, void* self,
                                  void* data) { return on_socket(easy, socket, what, self, data); };
  const auto on_timer_typed = [](CURLM* multi, long timeout_ms, void* self) {
    return on_timer(multi, timeout_ms, self);
  };
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, +on_socket_typed);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, +on_timer_typed);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kConnectionsMax);
}

CurlHttp::~CurlHttp() {
  while (!transfers_.empty()) cancel(transfers_.begin()->first);
  for (void* handle : idle_) curl_easy_cleanup(handle);
  curl_multi_cleanup(multi_);
}

Result<TransferId> CurlHttp::start(HttpRequest request, Done done) {
  if (transfers_.size() >= kTransfersMax) {
    return Error{Errc::kOverloaded, "too many requests at once"};
  }
  if (!is_sendable(request)) return Error{Errc::kBadArgument, "a field cannot be sent"};
  auto transfer = std::make_unique<CurlTransfer>();
  transfer->id = ++last_id_;
  transfer->request = std::move(request);
  transfer->done = std::move(done);
  transfer->handle = take_handle();
  transfer->prepare();
  const TransferId id = transfer->id;
  curl_multi_add_handle(multi_, transfer->handle);
  transfers_.emplace(id, std::move(transfer));
  return id;
}

void CurlHttp::cancel(TransferId id) {
  const auto found = transfers_.find(id);
  if (found == transfers_.end()) return;
  const auto transfer = std::move(found->second);
  transfers_.erase(found);
  curl_multi_remove_handle(multi_, transfer->handle);
  give_back(transfer->handle);
}

void* CurlHttp::take_handle() {
  if (idle_.empty()) {
    CURL* handle = curl_easy_init();
    SLUICE_ASSERT(handle != nullptr);
    return handle;
  }
  void* handle = idle_.back();
  idle_.pop_back();
  return handle;
}

void CurlHttp::give_back(void* handle) {
  if (idle_.size() >= kIdleHandlesMax) {
    curl_easy_cleanup(handle);
    return;
  }
  curl_easy_reset(handle);
  idle_.push_back(handle);
}

int CurlHttp::on_socket(void*, int socket, int what, void* self, void* socket_data) {
  auto& http = *static_cast<CurlHttp*>(self);
  auto* known = static_cast<Socket*>(socket_data);
  if (what == CURL_POLL_REMOVE) {
    curl_multi_assign(http.multi_, socket, nullptr);
    delete known;
    return 0;
  }
  if (known == nullptr) {
    known = new Socket{.owner = &http, .handle = nullptr};
    curl_multi_assign(http.multi_, socket, known);
  } else {
    event_free(std::exchange(known->handle, nullptr));
  }
  const int reading = (what & CURL_POLL_IN) != 0 ? EV_READ : 0;
  const int writing = (what & CURL_POLL_OUT) != 0 ? EV_WRITE : 0;
  const auto ready = [](evutil_socket_t ready_socket, short events, void* data) {
    const int in = (events & EV_READ) != 0 ? CURL_CSELECT_IN : 0;
    const int out = (events & EV_WRITE) != 0 ? CURL_CSELECT_OUT : 0;
    static_cast<Socket*>(data)->owner->drive(ready_socket, in | out);
  };
  known->handle = event_new(http.loop_.base(), socket,
                            static_cast<short>(reading | writing | EV_PERSIST), +ready, known);
  event_add(known->handle, nullptr);
  return 0;
}

int CurlHttp::on_timer(void*, long timeout_ms, void* self) {
  auto& http = *static_cast<CurlHttp*>(self);
  if (timeout_ms < 0) {
    http.timer_->stop();
  } else {
    http.timer_->start(milliseconds(timeout_ms));
  }
  return 0;
}

void CurlHttp::drive(int socket, int actions) {
  int running = 0;
  curl_multi_socket_action(multi_, socket, actions, &running);
  collect();
}

void CurlHttp::collect() {
  int left = 0;
  while (CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    char* data = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &data);
    const CURLcode code = message->data.result;  // `message` dies with the handle's removal.
    auto& transfer = *reinterpret_cast<CurlTransfer*>(data);
    HttpOutcome outcome = transfer.outcome(code);
    const Done done = std::move(transfer.done);
    cancel(transfer.id);
    done(std::move(outcome));
  }
}

}  // namespace sluice::native
