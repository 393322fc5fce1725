// What the whole module has beside verifying: it signs, answers handshakes, and knows the
// catalogue.
//
//   sluice_sign(handle, head, body, now) --> 0, or a reply that says why not
//   sluice_handshake(handle, head, body, now) --> 0 and a reply, a reason, or that it is none
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "js/wasm/calls.h"
#include "signature/catalogue.h"
#include "signature/presets.h"

namespace sluice::js {
namespace {

using codec::FrameReader;
using codec::FrameWriter;

void write_optional(FrameWriter& frame, const std::optional<Bytes>& bytes) {
  frame.flag(bytes.has_value());
  if (bytes) frame.bytes(*bytes);
}

void write_reply(FrameWriter& frame, const signature::HandshakeReply& reply) {
  frame.u32(reply.status);
  write_headers(frame, reply.headers);
  frame.bytes(reply.body);
}

// u8 kind (1 reply, 2 get this URL first), bytes url, the reply.
std::int32_t tell(const signature::HandshakeReply& reply) {
  FrameWriter frame;
  frame.u8(1).bytes({});
  write_reply(frame, reply);
  answer(std::move(frame).take());
  return 0;
}

std::int32_t tell(const signature::HandshakeFetch& fetch) {
  FrameWriter frame;
  frame.u8(2).bytes(fetch.url);
  write_reply(frame, fetch.reply);
  answer(std::move(frame).take());
  return 0;
}

}  // namespace

extern "C" {

// 0: answered, with a frame. 1 to 99: refused. -2: it is no handshake.
SLUICE_EXPORT(sluice_handshake)
std::int32_t sluice_handshake(std::uint32_t handle, const char* head_bytes, std::uint32_t head_size,
                              const char* body, std::uint32_t body_size, double now_ms) {
  const Open* open = find(handle);
  Head head;
  if (open == nullptr || !read_head(*open, {head_bytes, head_size}, head)) return kMisused;
  const signature::Request request{.method = head.method,
                                   .url = head.url,
                                   .headers = state().headers,
                                   .body = {body, body_size}};
  const auto found = open->verifier->handshake(request, {static_cast<std::int64_t>(now_ms)});
  if (!found) return -2;
  return std::visit([](const auto& outcome) { return tell(outcome); }, *found);
}

// `head` begins with bytes id. 0: the reply is list headers, optional url, optional body. -1: the
// reply is text, why not.
SLUICE_EXPORT(sluice_sign)
std::int32_t sluice_sign(std::uint32_t handle, const char* head_bytes, std::uint32_t head_size,
                         const char* body, std::uint32_t body_size, double now_ms) {
  const Open* open = find(handle);
  FrameReader frame({head_bytes, head_size});
  const ByteView id = frame.bytes();
  Head head;
  if (open == nullptr || !frame.ok() || !read_head(*open, frame.rest(), head)) {
    answer("a request of this size, or with so many headers, is not signed");
    return kMisused;
  }
  const auto done = open->verifier->sign({.id = std::string(id),
                                          .now = {static_cast<std::int64_t>(now_ms)},
                                          .headers = state().headers,
                                          .body = {body, body_size},
                                          .method = head.method,
                                          .url = head.url});
  if (!done) {
    answer(Bytes(done.error().context));
    return kMisused;
  }
  FrameWriter reply;
  write_headers(reply, done->headers);
  write_optional(reply, done->url);
  write_optional(reply, done->body);
  answer(std::move(reply).take());
  return 0;
}

// A list of {bytes name, bytes family, bytes title, bytes source}, in order of the names.
SLUICE_EXPORT(sluice_presets) void sluice_presets() {
  FrameWriter frame;
  const auto entries = signature::catalogue();
  frame.count(entries.size());
  for (const auto& entry : entries) {
    const auto scheme = signature::preset(entry.name);
    frame.bytes(entry.name).bytes(scheme ? name(scheme->family) : "");
    frame.bytes(entry.title).bytes(entry.source);
  }
  answer(std::move(frame).take());
}

}  // extern "C"

}  // namespace sluice::js
