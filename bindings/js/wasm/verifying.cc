// The verifier as a wasm module of its own: no imports, no I/O, one caller.
//
//   sluice_open(frame)  --> handle; the reply says which headers the scheme reads
//   sluice_verify(handle, head, body, now) --> 0, a reason, or what is wanted; details in the reply
//
// Verifying reads the body where it stands, and its reply is a struct: no frame is built for it.
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "js/wasm/calls.h"

namespace sluice::js {
namespace {

using codec::FrameReader;
using codec::FrameWriter;

constexpr std::int32_t kWanted = 100;  // And the kind of the document.

ByteView view(const char* bytes, std::uint32_t size) { return {bytes, size}; }

void write_findings(const std::vector<manifest::Finding>& findings) {
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

std::int32_t tell(const signature::KeyWanted& wanted) {
  answer(wanted.url);
  return kWanted + static_cast<std::int32_t>(wanted.kind);
}

}  // namespace

extern "C" {

// Room for `size` bytes; it moves when it grows. 0: there is none.
SLUICE_EXPORT(sluice_input) std::uint32_t sluice_input(std::uint32_t size) {
  if (size > 4 * library::kBodyMax) return 0;
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
  std::vector<manifest::Finding> findings;
  FrameReader frame(view(bytes, size));
  library::Setup setup{.scheme = frame.bytes(), .secrets = {}};
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
  auto verifier =
      frame.ok() && handle < kOpenMax ? library::Verifier::open(setup, findings) : nullptr;
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

}  // extern "C"

}  // namespace sluice::js
