// The core's hashing and verifying, exported for bench/verify.mjs.
//
// Inputs cross as they do in the product: the host copies bytes into the module's memory. A request
// is a frame: scheme's key prepared once, then headers and body for each call.
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/headers.h"
#include "codec/frame.h"
#include "crypto/hmac.h"
#include "signature/keys.h"
#include "signature/presets.h"
#include "signature/verify.h"

namespace {

using sluice::Bytes;
using sluice::ByteView;

struct Prepared {
  sluice::signature::Scheme scheme;
  sluice::signature::Keys keys;
  sluice::crypto::HmacKey hmac;
};

std::vector<Prepared>& prepared() {
  static std::vector<Prepared> list;
  return list;
}

ByteView view(const void* p, std::uint32_t n) { return {static_cast<const char*>(p), n}; }

}  // namespace

extern "C" {

[[clang::export_name("bench_alloc")]] void* bench_alloc(std::uint32_t n) { return std::malloc(n); }

// `name`, then `secret`. Gives the number of the pair, or -1 for an unknown scheme.
[[clang::export_name("bench_prepare")]] std::int32_t bench_prepare(const void* p, std::uint32_t n) {
  sluice::codec::FrameReader frame(view(p, n));
  const auto scheme = sluice::signature::preset(frame.bytes());
  const Bytes secret(frame.bytes());
  if (!scheme || !frame.ok()) return -1;
  auto keys = sluice::signature::prepare(*scheme, {{.value = secret}});
  prepared().push_back({.scheme = *scheme,
                        .keys = std::move(keys),
                        .hmac = {sluice::crypto::HashKind::kSha256, secret}});
  return static_cast<std::int32_t>(prepared().size()) - 1;
}

// HMAC-SHA256 under a prepared key.
[[clang::export_name("bench_hmac")]] void bench_hmac(std::uint32_t key, const void* p,
                                                     std::uint32_t n, void* digest) {
  sluice::crypto::Hmac mac(prepared()[key].hmac);
  mac.update(view(p, n));
  const auto finished = mac.finish();
  finished.view().copy(static_cast<char*>(digest), 32);
}

// The same with a key that is made of the secret each time.
[[clang::export_name("bench_hmac_of")]] void bench_hmac_of(const void* secret,
                                                           std::uint32_t secret_size, const void* p,
                                                           std::uint32_t n, void* digest) {
  const auto finished = sluice::crypto::hmac(sluice::crypto::HashKind::kSha256,
                                             view(secret, secret_size), view(p, n));
  finished.view().copy(static_cast<char*>(digest), 32);
}

// Headers, each a name and a value, then the body: 1 when the request is authentic.
[[clang::export_name("bench_verify")]] std::int32_t bench_verify(std::uint32_t key, const void* p,
                                                                 std::uint32_t n, double now_ms) {
  sluice::codec::FrameReader frame(view(p, n));
  sluice::Headers headers;
  const std::uint32_t count = frame.count(8);
  for (std::uint32_t i = 0; i < count; ++i) {
    std::string name(frame.bytes());
    headers.push_back({.name = std::move(name), .value = std::string(frame.bytes())});
  }
  const ByteView body = frame.bytes();
  if (!frame.ok()) return -1;
  const Prepared& pair = prepared()[key];
  const sluice::signature::Request request{
      .method = "POST", .url = "/in", .headers = headers, .body = body};
  const auto verdict = sluice::signature::verify(pair.scheme, pair.keys, request,
                                                 {static_cast<std::int64_t>(now_ms)});
  return std::holds_alternative<sluice::signature::Accepted>(verdict) ? 1 : 0;
}

}  // extern "C"
