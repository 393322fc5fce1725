// The verifier as a wasm module of its own: no imports, no I/O, one caller.
//
//   sluice_open(frame)  --> handle; the reply says which headers the scheme reads
//   sluice_verify(handle, head, body, now) --> 0, a reason, or what is wanted; details in the reply
//
// The caller writes into memory that `sluice_input` hands out, and reads the reply before it calls
// again. Bytes are little-endian and unaligned, as in bindings/abi/README.md:
//
//   head   bytes method, bytes url, then for each header: u32 its number among those that the
//          scheme reads, or kNamed and bytes name; bytes value
//
// Verifying reads the body where it stands, and its reply is a struct: no frame is built for it.
#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <variant>
#include <vector>

#include "codec/frame.h"
#include "library/verifier.h"
#include "signature/catalogue.h"
#include "signature/presets.h"

#define SLUICE_EXPORT(name) [[clang::export_name(#name)]]

namespace {

using sluice::Bytes;
using sluice::ByteView;
using sluice::Headers;
using sluice::Instant;
using sluice::codec::FrameReader;
using sluice::codec::FrameWriter;
using sluice::library::Verifier;
namespace signature = sluice::signature;

constexpr std::uint32_t kNamed = 0xffffffff;
constexpr std::size_t kOpenMax = 256;  // The caller closes the one it used least.
constexpr std::size_t kHeadersMax = 1024;
constexpr std::int32_t kMisused = -1;
constexpr std::int32_t kWanted = 100;  // And the kind of the document.

struct Open {
  std::unique_ptr<Verifier> verifier;
  std::vector<std::string> headers;
};

// What a verdict says, at the address that `sluice_reply` gives.
struct Reply {
  double signed_at = 0;    // NaN where nothing says when.
  std::uint32_t text = 0;  // The identity; a refusal's detail; the URL; a frame.
  std::uint32_t size = 0;
  std::uint32_t secret = 0;
  std::uint32_t flags = 0;  // 1: the identity is signed.
};

struct State {
  std::array<Open, kOpenMax> open;
  Bytes input;
  Bytes text;  // What `reply` points to.
  Headers headers;
  Reply reply;
};

State& state() {
  static State it;
  return it;
}

std::uint32_t address(const void* pointer) {
  return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(pointer));
}

ByteView view(const char* bytes, std::uint32_t size) { return {bytes, size}; }

void answer(Bytes text) {
  State& it = state();
  it.text = std::move(text);
  it.reply.text = address(it.text.data());
  it.reply.size = static_cast<std::uint32_t>(it.text.size());
}

Open* find(std::uint32_t handle) {
  if (handle >= kOpenMax) return nullptr;
  Open& open = state().open[handle];
  return open.verifier == nullptr ? nullptr : &open;
}

struct Head {
  ByteView method;
  ByteView url;
};

// Fills the one list of headers again, so that its strings keep their room.
bool read_head(const Open& open, ByteView bytes, Head& head) {
  FrameReader frame(bytes);
  head.method = frame.bytes();
  head.url = frame.bytes();
  Headers& headers = state().headers;
  std::size_t count = 0;
  while (frame.ok() && !frame.rest().empty()) {
    if (count == kHeadersMax) return false;
    if (count == headers.size()) headers.emplace_back();
    sluice::Header& header = headers[count++];
    const std::uint32_t number = frame.u32();
    if (number == kNamed) {
      header.name.assign(frame.bytes());
    } else if (number < open.headers.size()) {
      header.name.assign(open.headers[number]);
    } else {
      return false;
    }
    header.value.assign(frame.bytes());
  }
  headers.resize(count);
  return frame.ok();
}

void write_headers(FrameWriter& frame, const Headers& headers) {
  frame.count(headers.size());
  for (const auto& header : headers) frame.bytes(header.name).bytes(header.value);
}

void write_optional(FrameWriter& frame, const std::optional<Bytes>& bytes) {
  frame.flag(bytes.has_value());
  if (bytes) frame.bytes(*bytes);
}

void write_findings(const std::vector<sluice::manifest::Finding>& findings) {
  FrameWriter frame;
  frame.count(findings.size());
  for (const auto& finding : findings) frame.bytes(finding.at).bytes(finding.message);
  answer(std::move(frame).take());
}

std::optional<Instant> read_instant(FrameReader& frame) {
  if (!frame.flag()) return std::nullopt;
  return Instant{static_cast<std::int64_t>(frame.f64())};
}

std::int32_t tell(const signature::Accepted& accepted) {
  answer(accepted.identity);
  Reply& reply = state().reply;
  reply.secret = static_cast<std::uint32_t>(accepted.secret);
  reply.flags = accepted.identity_signed ? 1 : 0;
  reply.signed_at = accepted.signed_at ? static_cast<double>(accepted.signed_at->ms)
                                       : std::numeric_limits<double>::quiet_NaN();
  return 0;
}

std::int32_t tell(const signature::Refusal& refusal) {
  answer(refusal.detail);
  return static_cast<std::int32_t>(refusal.reason);
}

std::int32_t tell(const signature::KeyWanted& wanted) {
  answer(wanted.url);
  return kWanted + static_cast<std::int32_t>(wanted.kind);
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

// Room for `size` bytes; it moves when it grows. 0: there is none.
SLUICE_EXPORT(sluice_input) std::uint32_t sluice_input(std::uint32_t size) {
  if (size > 4 * sluice::library::kBodyMax) return 0;
  Bytes& input = state().input;
  if (input.size() < size) {
    input = Bytes();  // Before the larger one is made.
    input.resize(size);
  }
  return address(input.data());
}

SLUICE_EXPORT(sluice_reply) std::uint32_t sluice_reply() { return address(&state().reply); }

// bytes scheme, list secrets {bytes value, optional f64 not_before, optional f64 not_after}, bytes
// verify_token. The reply: flags (1 every header, 2 url, 4 method), list headers {bytes name}. -1:
// it was refused, and the reply is a list of {bytes place, bytes message}; empty when none is free.
SLUICE_EXPORT(sluice_open) std::int32_t sluice_open(const char* bytes, std::uint32_t size) {
  std::vector<sluice::manifest::Finding> findings;
  FrameReader frame(view(bytes, size));
  sluice::library::Setup setup{.scheme = frame.bytes(), .secrets = {}};
  const std::uint32_t count = frame.count(6);
  for (std::uint32_t i = 0; i < count; ++i) {
    auto& secret = setup.secrets.emplace_back();
    secret.value = frame.bytes();
    secret.not_before = read_instant(frame);
    secret.not_after = read_instant(frame);
  }
  setup.verify_token = frame.bytes();
  std::uint32_t handle = 0;
  while (handle < kOpenMax && find(handle) != nullptr) ++handle;
  auto verifier = frame.ok() && handle < kOpenMax ? Verifier::open(setup, findings) : nullptr;
  for (auto& secret : setup.secrets) signature::SecretBytes wiped(std::move(secret.value));
  if (verifier == nullptr) {
    write_findings(findings);
    return kMisused;
  }
  auto reads = verifier->reads();
  FrameWriter reply;
  reply.u8(static_cast<std::uint8_t>((reads.every_header ? 1 : 0) | (reads.url ? 2 : 0) |
                                     (reads.method ? 4 : 0)));
  reply.count(reads.headers.size());
  for (const auto& name : reads.headers) reply.bytes(name);
  answer(std::move(reply).take());
  state().open[handle] = {std::move(verifier), std::move(reads.headers)};
  return static_cast<std::int32_t>(handle);
}

SLUICE_EXPORT(sluice_close) void sluice_close(std::uint32_t handle) {
  if (Open* open = find(handle)) *open = {};
}

// 0: accepted. 1 to 99: refused for that reason. 101, 102: a key set or a certificate is wanted.
SLUICE_EXPORT(sluice_verify)
std::int32_t sluice_verify(std::uint32_t handle, const char* head_bytes, std::uint32_t head_size,
                           const char* body, std::uint32_t body_size, double now_ms) {
  const Open* open = find(handle);
  Head head;
  if (open == nullptr || !read_head(*open, view(head_bytes, head_size), head)) return kMisused;
  const signature::Request request{.method = head.method,
                                   .url = head.url,
                                   .headers = state().headers,
                                   .body = view(body, body_size)};
  const auto verdict = open->verifier->verify(request, {static_cast<std::int64_t>(now_ms)});
  return std::visit([](const auto& outcome) { return tell(outcome); }, verdict);
}

// 0: answered, with a frame. 1 to 99: refused. -2: it is no handshake.
SLUICE_EXPORT(sluice_handshake)
std::int32_t sluice_handshake(std::uint32_t handle, const char* head_bytes, std::uint32_t head_size,
                              const char* body, std::uint32_t body_size, double now_ms) {
  const Open* open = find(handle);
  Head head;
  if (open == nullptr || !read_head(*open, view(head_bytes, head_size), head)) return kMisused;
  const signature::Request request{.method = head.method,
                                   .url = head.url,
                                   .headers = state().headers,
                                   .body = view(body, body_size)};
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
  FrameReader frame(view(head_bytes, head_size));
  const ByteView id = frame.bytes();
  Head head;
  if (open == nullptr || !frame.ok() || !read_head(*open, frame.rest(), head)) {
    answer("a request of this size, or with so many headers, is not signed");
    return kMisused;
  }
  const auto done = open->verifier->sign({.id = std::string(id),
                                          .now = {static_cast<std::int64_t>(now_ms)},
                                          .headers = state().headers,
                                          .body = view(body, body_size),
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

// bytes url, bytes document. -1: the reply is text, why it was not taken.
SLUICE_EXPORT(sluice_put)
std::int32_t sluice_put(std::uint32_t handle, const char* bytes, std::uint32_t size,
                        double fetched_at_ms) {
  const Open* open = find(handle);
  if (open == nullptr) return kMisused;
  FrameReader frame(view(bytes, size));
  const ByteView url = frame.bytes();
  const ByteView document = frame.bytes();
  const auto taken = open->verifier->put(url, document, {static_cast<std::int64_t>(fetched_at_ms)});
  if (taken) return 0;
  answer(Bytes(taken.error().context));
  return kMisused;
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
