// A receiver of deliveries: takes every POST, counts it, answers 200 at once.
//
//   sink PORT
//
// GET answers how many it has taken. One thread and evhttp, so that a measurement of deliveries
// measures who sends them.
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

struct Sink {
  std::uint64_t taken = 0;

  void answer(evhttp_request* request) {
    std::string body;
    if (evhttp_request_get_command(request) == EVHTTP_REQ_GET) {
      body = std::to_string(taken);
    } else {
      ++taken;
    }
    evbuffer_add(evhttp_request_get_output_buffer(request), body.data(), body.size());
    evhttp_send_reply(request, HTTP_OK, nullptr, nullptr);
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: sink PORT\n");
    return 2;
  }
  event_base* base = event_base_new();
  evhttp* http = evhttp_new(base);
  Sink sink;
  evhttp_set_gencb(
      http, [](evhttp_request* request, void* self) { static_cast<Sink*>(self)->answer(request); },
      &sink);
  const auto port = static_cast<std::uint16_t>(std::strtoul(argv[1], nullptr, 10));
  if (evhttp_bind_socket(http, "127.0.0.1", port) != 0) {
    std::fprintf(stderr, "sink: port %u is taken\n", static_cast<unsigned>(port));
    return 1;
  }
  event_base_dispatch(base);
  return 0;
}
