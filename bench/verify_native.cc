// HMAC-SHA256 by the same code natively, for the share that wasm costs; and whole verifications of
// 1 KiB, which bench/library.mjs sets beside the providers' own libraries.
#include <benchmark/benchmark.h>

#include <string>
#include <variant>

#include "crypto/hmac.h"
#include "signature/presets.h"
#include "signature/sign.h"
#include "signature/verify.h"

namespace {

namespace signature = sluice::signature;

constexpr sluice::Instant kNow{1'750'000'000'000};
constexpr char kShared[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
// The key of RFC 7515, A.3: it is public.
constexpr char kPrivate[] = R"({"kty":"EC","crv":"P-256",
  "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
  "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
  "d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"})";

void hmac_sha256(benchmark::State& state) {
  const sluice::crypto::HmacKey key(sluice::crypto::HashKind::kSha256, std::string(32, 'k'));
  const std::string body(static_cast<std::size_t>(state.range(0)), 'x');
  for (auto _ : state) {
    sluice::crypto::Hmac mac(key);
    mac.update(body);
    benchmark::DoNotOptimize(mac.finish());
  }
}
BENCHMARK(hmac_sha256)->Arg(1024)->Arg(4096)->Arg(16384);

// A request as it arrives, its key prepared as in a manifest.
void verify(benchmark::State& state, const char* preset, const char* secret) {
  const auto scheme = *signature::preset(preset);
  const auto keys = signature::prepare(scheme, {{.value = secret}});
  const std::string body =
      R"({"id":"evt_1","object":"event","text":")" + std::string(980, 'x') + R"("})";
  const auto done =
      signature::sign(scheme, keys, {.id = "msg_1", .now = kNow, .headers = {}, .body = body});
  if (!done) {
    state.SkipWithError("it cannot be signed");
    return;
  }
  const signature::Request request{
      .method = "POST", .url = {}, .headers = done->headers, .body = body};
  for (auto _ : state) {
    const auto verdict = signature::verify(scheme, keys, request, kNow);
    if (!std::holds_alternative<signature::Accepted>(verdict)) {
      state.SkipWithError("it is refused");
      return;
    }
  }
}
BENCHMARK_CAPTURE(verify, stripe, "stripe", kShared);
BENCHMARK_CAPTURE(verify, standard, "standard", kShared);
BENCHMARK_CAPTURE(verify, svix, "svix", kShared);
BENCHMARK_CAPTURE(verify, sendgrid, "sendgrid", kPrivate);

}  // namespace

BENCHMARK_MAIN();
