// HMAC-SHA256 by the same code natively, for the share that wasm costs.
#include <benchmark/benchmark.h>

#include <string>

#include "crypto/hmac.h"

namespace {

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

}  // namespace

BENCHMARK_MAIN();
