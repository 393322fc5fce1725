// What the exports share: the one caller's verifiers, its input and its reply.
//
// The caller writes into memory that `sluice_input` hands out, and reads the reply before it calls
// again. Bytes are little-endian and unaligned, as in bindings/abi/README.md:
//
//   head   bytes method, bytes url, then for each header: u32 its number among those that the
//          scheme reads, or kNamed and bytes name; bytes value
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/headers.h"
#include "codec/frame.h"
#include "library/verifier.h"

#define SLUICE_EXPORT(name) [[clang::export_name(#name)]]

namespace sluice::js {

inline constexpr std::uint32_t kNamed = 0xffffffff;
inline constexpr std::size_t kOpenMax = 256;  // The caller closes the one it used least.
inline constexpr std::size_t kHeadersMax = 1024;
inline constexpr std::int32_t kMisused = -1;

struct Open {
  std::unique_ptr<library::Verifier> verifier;
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

struct Head {
  ByteView method;
  ByteView url;
};

[[nodiscard]] State& state();
[[nodiscard]] Open* find(std::uint32_t handle);
[[nodiscard]] std::uint32_t address(const void* pointer);

// The text that the reply points to, until the next call.
void answer(Bytes text);

// Fills the state's list of headers. False: it is none.
[[nodiscard]] bool read_head(const Open& open, ByteView bytes, Head& head);

void write_headers(codec::FrameWriter& frame, const Headers& headers);

// The reply to a refusal, and what the export returns.
[[nodiscard]] std::int32_t tell(const signature::Refusal& refusal);

}  // namespace sluice::js
