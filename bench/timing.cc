// Does the time of a refusal tell anything? Two classes of input take turns at random, and Welch's
// t-test says whether their times differ: dudect's method (Reparaz, Balasch, Verbauwhede 2017).
//
//   compare   digests that differ in their first byte, against such that differ in their last
//   control   the same by a comparison that ends early: it has to be noticed
//   refusal   a wrong secret at an installation that exists, against one that does not
//   token     a token that begins like the secret, against one that does not
//
// Slow measurements are the machine's, so the test is done on what is faster than each of five
// percentiles, and the largest |t| counts. Prints JSON.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "app/engine.h"
#include "base/prng.h"
#include "crypto/equal.h"
#include "signature/presets.h"
#include "signature/sign.h"
#include "signature/verify.h"
#include "sim/world.h"

namespace {

using sluice::Bytes;
using sluice::ByteView;
using sluice::Prng;

constexpr std::size_t kSize = 32;
constexpr int kCallsOfOne = 64;  // A comparison is too short to be timed alone.
constexpr std::array<double, 5> kPercentiles{0.5, 0.75, 0.9, 0.97, 1.0};

struct Sample {
  bool second = false;
  double ns = 0;
};

double now_ns() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double, std::nano>(now).count();
}

struct Moments {
  double count = 0;
  double mean = 0;
  double squares = 0;

  void add(double x) {
    count += 1;
    const double off = x - mean;
    mean += off / count;
    squares += off * (x - mean);
  }
  [[nodiscard]] double error() const { return squares / (count - 1) / count; }
};

double welch(const std::vector<Sample>& samples, double limit, double& difference) {
  std::array<Moments, 2> classes;
  for (const Sample& sample : samples) {
    if (sample.ns <= limit) classes[sample.second ? 1 : 0].add(sample.ns);
  }
  const auto& [a, b] = classes;
  if (a.count < 100 || b.count < 100) return 0;
  difference = b.mean - a.mean;
  return difference / std::sqrt(a.error() + b.error());
}

void report(const char* name, std::vector<Sample> samples, int calls, bool last) {
  std::vector<double> sorted;
  for (const Sample& sample : samples) sorted.push_back(sample.ns);
  std::sort(sorted.begin(), sorted.end());
  double t_max = 0;
  double ns = 0;
  for (const double percentile : kPercentiles) {
    const auto at = static_cast<std::size_t>(percentile * static_cast<double>(sorted.size() - 1));
    double difference = 0;
    const double t = std::abs(welch(samples, sorted[at], difference));
    if (t <= t_max) continue;
    t_max = t;
    ns = difference;
  }
  std::printf(R"({"name":"%s","measurements":%zu,"median_ns":%.2f,"t":%.2f,"difference_ns":%.3f}%s)"
              "\n",
              name, samples.size(), sorted[sorted.size() / 2] / calls, t_max, ns / calls,
              last ? "" : ",");
}

// Ends at the first difference, as memcmp may.
[[gnu::noinline]] bool equal_early(ByteView a, ByteView b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

std::vector<Sample> compare(Prng& prng, std::size_t measurements,
                            const std::function<bool(ByteView, ByteView)>& equal) {
  std::vector<Sample> samples;
  Bytes a(kSize, '\0');
  Bytes b(kSize, '\0');
  bool any = false;
  for (std::size_t i = 0; i < measurements; ++i) {
    Sample sample{.second = prng.below(2) == 1};
    for (char& byte : a) byte = static_cast<char>(prng.below(256));
    b = a;
    b[sample.second ? kSize - 1 : 0] ^= 1;
    const double from = now_ns();
    for (int call = 0; call < kCallsOfOne; ++call) {
      any = equal(a, b) || any;
      asm volatile("" : : "r"(a.data()), "r"(b.data()) : "memory");
    }
    sample.ns = now_ns() - from;
    samples.push_back(sample);
  }
  if (any) std::abort();
  return samples;
}

constexpr char kManifest[] = R"({"slug": "timing", "installations": ["alpha"],
  "sources": {"hub": {"scheme": "github", "secrets": ["env:SECRET"]}},
  "routes": [], "endpoints": {}})";

std::unique_ptr<sluice::Engine> make(sluice::Host& host, sluice::Reply& reply, sluice::Boot boot) {
  auto engine = sluice::app::make_engine(host, reply, std::move(boot));
  return engine.has_value() ? *std::move(engine) : nullptr;
}

// The whole way of a request through the front, in memory.
std::vector<Sample> refusal(Prng& prng, std::size_t measurements) {
  sluice::sim::World world(1, sluice::sim::Faults::none(), make);
  world.boot.manifest = kManifest;
  world.boot.environment = {{"SECRET", "a secret that is shared"}};
  world.traced = false;
  const Bytes body(1024, 'x');
  const auto signed_by = sluice::signature::sign(
      *sluice::signature::preset("github"), {{.value = "another secret"}},
      {.id = "id", .now = world.timeline().wall(), .headers = {}, .body = body});
  std::vector<Sample> samples;
  for (std::size_t i = 0; i < measurements; ++i) {
    Sample sample{.second = prng.below(2) == 1};
    sluice::InboundRequest request;
    request.method = "POST";
    request.target = sample.second ? "/in/omega/hub" : "/in/alpha/hub";
    request.origin = "https://hooks.example";
    request.headers = signed_by->headers;
    request.body = body;
    unsigned status = 0;
    world.request(std::move(request), [&](auto response) {
      if (response) status = response->status;
    });
    const double from = now_ns();
    while (status == 0 && world.step()) continue;
    sample.ns = now_ns() - from;
    if (status != 401) std::abort();
    samples.push_back(sample);
  }
  return samples;
}

std::vector<Sample> token(Prng& prng, std::size_t measurements) {
  const auto scheme = *sluice::signature::preset("gitlab-token");
  const Bytes secret = "a-token-that-is-as-long-as-tokens-are-usually-made";
  const auto keys = sluice::signature::prepare(scheme, {{.value = secret}});
  Bytes near = secret;
  near.back() ^= 1;
  Bytes far = secret;
  far.front() ^= 1;
  std::vector<Sample> samples;
  for (std::size_t i = 0; i < measurements; ++i) {
    Sample sample{.second = prng.below(2) == 1};
    sluice::Headers headers{{scheme.signature.from.name, sample.second ? near : far},
                            {"content-type", "application/json"}};
    const sluice::signature::Request request{
        .method = "POST", .url = {}, .headers = headers, .body = "{}"};
    const double from = now_ns();
    const auto verdict = sluice::signature::verify(scheme, keys, request, {1'750'000'000'000});
    sample.ns = now_ns() - from;
    if (!std::holds_alternative<sluice::signature::Refusal>(verdict)) std::abort();
    samples.push_back(sample);
  }
  return samples;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t measurements = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 400'000;
  Prng prng(7);
  std::printf("[\n");
  report("compare", compare(prng, measurements, &sluice::crypto::equal), kCallsOfOne, false);
  report("control", compare(prng, measurements, &equal_early), kCallsOfOne, false);
  report("refusal", refusal(prng, measurements / 4), 1, false);
  report("token", token(prng, measurements), 1, true);
  std::printf("]\n");
  return 0;
}
