#include "native/server.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/keyvalq_struct.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace sluice::native {

namespace {

using Clock = std::chrono::steady_clock;

constexpr Duration kSweepEveryMax = seconds(1);
constexpr std::size_t kSweepAtLeast = 256;
constexpr int kBacklog = 1024;
constexpr std::size_t kHeadersUsual = 16;
constexpr ev_uint16_t kMethods = EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_HEAD |
                                 EVHTTP_REQ_PUT | EVHTTP_REQ_DELETE | EVHTTP_REQ_OPTIONS |
                                 EVHTTP_REQ_TRACE | EVHTTP_REQ_CONNECT | EVHTTP_REQ_PATCH;

std::string_view method_name(evhttp_cmd_type method) {
  switch (method) {
    case EVHTTP_REQ_GET: return "GET";
    case EVHTTP_REQ_POST: return "POST";
    case EVHTTP_REQ_HEAD: return "HEAD";
    case EVHTTP_REQ_PUT: return "PUT";
    case EVHTTP_REQ_DELETE: return "DELETE";
    case EVHTTP_REQ_OPTIONS: return "OPTIONS";
    case EVHTTP_REQ_TRACE: return "TRACE";
    case EVHTTP_REQ_CONNECT: return "CONNECT";
    case EVHTTP_REQ_PATCH: return "PATCH";
  }
  return "";
}

// Path and query; an absolute target loses its scheme and authority.
std::string_view path_of(std::string_view target) {
  if (target.substr(0, 1) == "/") return target;
  const std::size_t scheme = target.find("://");
  if (scheme == std::string_view::npos) return target;
  const std::size_t slash = target.find('/', scheme + 3);
  return slash == std::string_view::npos ? "/" : target.substr(slash);
}

Headers read_headers(evhttp_request* request) {
  Headers headers;
  headers.reserve(kHeadersUsual);
  const evkeyvalq* fields = evhttp_request_get_input_headers(request);
  for (const evkeyval* field = fields->tqh_first; field != nullptr; field = field->next.tqe_next) {
    headers.push_back({.name = lower_case(field->key), .value = field->value});
  }
  return headers;
}

// Two spellings of one length let two readers disagree about where the next request begins.
bool is_ambiguous(const Headers& headers) {
  const std::size_t lengths = count(headers, "content-length");
  const std::size_t codings = count(headers, "transfer-encoding");
  return lengths > 1 || codings > 1 || (lengths == 1 && codings == 1) || count(headers, "host") > 1;
}

// evhttp reads no body of some methods; what follows would be taken for the next request.
bool has_unread_body(const InboundRequest& request) {
  if (!request.body.empty()) return false;
  return find(request.headers, "content-length").value_or("0") != "0" ||
         count(request.headers, "transfer-encoding") > 0;
}

HttpResponse problem(std::uint16_t status, std::string_view code, std::string_view title) {
  HttpResponse response{.status = status, .headers = {}, .body = {}};
  response.headers.push_back({.name = "content-type", .value = "application/problem+json"});
  response.body.append("{\"type\":\"about:blank\",\"title\":\"").append(title);
  response.body.append("\",\"status\":").append(std::to_string(status));
  response.body.append(",\"code\":\"").append(code).append("\"}");
  return response;
}

}  // namespace

// An open connection, from its acceptance until a sweep notices that evhttp has let go of it. The
// reference held here keeps the bufferevent (and, by BEV_OPT_CLOSE_ON_FREE, its socket) until then,
// so that the sweep may look at it; evhttp clears the callbacks when it frees a connection.
struct Server::Connection {
  Server* server = nullptr;
  bufferevent* stream = nullptr;
  evbuffer_cb_entry* watch = nullptr;
  std::size_t bytes = 0;  // In the input buffer.
  bool receiving = false;
  bool is_cut = false;
  Clock::time_point since;

  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() {
    server->arriving_ -= bytes;
    evbuffer_remove_cb_entry(bufferevent_get_input(stream), watch);
    bufferevent_decref(stream);
  }

  void note(const evbuffer_cb_info& change) {
    if (is_cut) return;
    bytes = bytes + change.n_added - change.n_deleted;
    server->arriving_ = server->arriving_ + change.n_added - change.n_deleted;
    if (change.n_added == 0) return;
    if (!receiving) since = Clock::now();
    receiving = true;
    if (server->arriving_ + server->taken_ > server->options_.bytes_max) cut();
  }

  void cut() {
    is_cut = true;
    server->arriving_ -= std::exchange(bytes, 0);
    shutdown(bufferevent_getfd(stream), SHUT_RDWR);
  }

  [[nodiscard]] bool is_free() const {
    bufferevent_event_cb on_event = nullptr;
    bufferevent_getcb(stream, nullptr, nullptr, &on_event, nullptr);
    return on_event == nullptr;
  }
};

Server::Server(EventLoop& loop, ServerOptions options, Handler handler)
    : loop_(loop), options_(std::move(options)), handler_(std::move(handler)) {
  http_ = evhttp_new(loop.base());
  SLUICE_ASSERT(http_ != nullptr);
  evhttp_set_allowed_methods(http_, kMethods);
  evhttp_set_max_headers_size(http_, kHeadersMax);
  evhttp_set_max_body_size(http_, static_cast<ev_ssize_t>(options_.body_max));
  evhttp_set_default_content_type(http_, nullptr);
  evhttp_set_flags(http_, EVHTTP_SERVER_LINGERING_CLOSE);
  const timeval idle{.tv_sec = 60, .tv_usec = 0};
  evhttp_set_timeout_tv(http_, &idle);
  evhttp_set_gencb(
      http_, [](evhttp_request* request, void* self) { static_cast<Server*>(self)->take(request); },
      this);
  evhttp_set_bevcb(
      http_, [](event_base*, void* self) { return static_cast<Server*>(self)->adopt_connection(); },
      this);
  sweeper_ = std::make_unique<Timer>(loop.base(), [this] {
    sweep();
    sweeper_->start(sweep_every());
  });
  sweeper_->start(sweep_every());
}

Duration Server::sweep_every() const {
  return std::clamp(milliseconds(options_.request_time_max.ms / 4), milliseconds(10),
                    kSweepEveryMax);
}

Server::~Server() {
  *alive_ = false;
  evhttp_free(http_);
  connections_.clear();
}

Result<std::unique_ptr<Server>> Server::listen(EventLoop& loop, ServerOptions options,
                                               Handler handler) {
  std::unique_ptr<Server> server(new Server(loop, std::move(options), std::move(handler)));
  SLUICE_TRY(server->bind());
  return server;
}

Result<void> Server::bind() {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const std::string port = std::to_string(options_.port);
  if (getaddrinfo(options_.host.c_str(), port.c_str(), &hints, &found) != 0) {
    return Error{Errc::kBadArgument, "the address to listen on is unknown"};
  }
  listener_ =
      evconnlistener_new_bind(loop_.base(), nullptr, nullptr,
                              LEV_OPT_REUSEABLE | LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC,
                              kBacklog, found->ai_addr, static_cast<int>(found->ai_addrlen));
  freeaddrinfo(found);
  if (listener_ == nullptr) return Error{Errc::kIo, "the address to listen on is taken"};
  evhttp_bind_listener(http_, listener_);
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  getsockname(evconnlistener_get_fd(listener_), reinterpret_cast<sockaddr*>(&bound), &size);
  port_ = ntohs(bound.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(bound).sin6_port
                                            : reinterpret_cast<const sockaddr_in&>(bound).sin_port);
  return {};
}

bufferevent* Server::adopt_connection() {
  auto connection = std::make_unique<Connection>();
  connection->stream = bufferevent_socket_new(loop_.base(), -1, BEV_OPT_CLOSE_ON_FREE);
  SLUICE_ASSERT(connection->stream != nullptr);
  bufferevent_incref(connection->stream);
  connection->server = this;
  const auto arrived = [](evbuffer*, const evbuffer_cb_info* info, void* data) {
    static_cast<Connection*>(data)->note(*info);
  };
  connection->watch =
      evbuffer_add_cb(bufferevent_get_input(connection->stream), +arrived, connection.get());
  bufferevent* stream = connection->stream;
  if (connections_.size() >= sweep_at_) sweep();
  connections_.emplace(stream, std::move(connection));
  pause_or_go_on();
  return stream;
}

void Server::sweep() {
  const auto latest = Clock::now() - std::chrono::milliseconds(options_.request_time_max.ms);
  for (auto it = connections_.begin(); it != connections_.end();) {
    Connection& connection = *it->second;
    if (connection.is_free()) {
      it = connections_.erase(it);
      continue;
    }
    if (connection.receiving && connection.since < latest && !connection.is_cut) connection.cut();
    ++it;
  }
  sweep_at_ = std::max(kSweepAtLeast, 2 * connections_.size());
  pause_or_go_on();
}

void Server::pause_or_go_on() {
  const bool full = connections_.size() >= kConnectionsMax;
  if (!accepting_ || full == paused_) return;
  paused_ = full;
  if (full) {
    evconnlistener_disable(listener_);
  } else {
    evconnlistener_enable(listener_);
  }
}

void Server::stop_accepting() {
  accepting_ = false;
  if (listener_ != nullptr) evconnlistener_disable(listener_);
}

InboundRequest Server::read(evhttp_request* request) const {
  InboundRequest inbound;
  inbound.method = method_name(evhttp_request_get_command(request));
  inbound.target = path_of(evhttp_request_get_uri(request));
  inbound.headers = read_headers(request);
  const auto host = find(inbound.headers, "host");
  inbound.origin = !options_.origin.empty() ? options_.origin
                                            : "http://" + std::string(host.value_or("localhost"));
  evbuffer* body = evhttp_request_get_input_buffer(request);
  inbound.body.resize(evbuffer_get_length(body));
  evbuffer_remove(body, inbound.body.data(), inbound.body.size());
  return inbound;
}

void Server::take(evhttp_request* request) {
  bufferevent* stream = evhttp_connection_get_bufferevent(evhttp_request_get_connection(request));
  const auto connection = connections_.find(stream);
  if (connection != connections_.end()) connection->second->receiving = false;
  InboundRequest inbound = read(request);
  if (is_ambiguous(inbound.headers)) {
    answer(request, problem(400, "bad_request", "Ambiguous request"), true);
    return;
  }
  if (!accepting_ || in_progress_ >= options_.requests_max) {
    HttpResponse busy = problem(503, "overloaded", "Try again later");
    busy.headers.push_back({.name = "retry-after", .value = "1"});
    answer(request, std::move(busy), !accepting_);
    return;
  }
  const bool close = has_unread_body(inbound);
  ++in_progress_;
  const std::size_t size = inbound.body.size();
  taken_ += size;
  handler_(std::move(inbound), [this, alive = alive_, request, close, size](HttpResponse response) {
    if (!*alive) return;
    --in_progress_;
    taken_ -= size;
    answer(request, std::move(response), close || !accepting_);
  });
}

void Server::answer(evhttp_request* request, HttpResponse response, bool close) {
  evkeyvalq* fields = evhttp_request_get_output_headers(request);
  for (const Header& header : response.headers) {
    evhttp_add_header(fields, header.name.c_str(), header.value.c_str());
  }
  if (close) evhttp_add_header(fields, "connection", "close");
  evbuffer* body = evhttp_request_get_output_buffer(request);
  evbuffer_add(body, response.body.data(), response.body.size());
  evhttp_send_reply(request, response.status, nullptr, nullptr);
}

}  // namespace sluice::native
