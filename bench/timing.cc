// Does the time of a refusal tell anything? Two classes of input take turns at random, and Welch's
// t-test says whether their times differ: dudect's method (Reparaz, Balasch, Verbauwhede 2017).
//
//   compare   digests that differ in their first byte, against such that differ in their last
//   control   the same by a comparison that ends early: it has to be noticed
//   memcmp    the same by memcmp, of a page: it has to be noticed as well
//   refusal   a wrong secret at an installation that exists, against one that does not
//   digit     a signature whose first digit is wrong, against one whose last digit is
//   nothing   one and the same refusal: it must not be noticed
//   token     a token that begins like the secret, against one that does not
//
// Slow measurements are the machine's, so the test is done on what is faster than each of six
// percentiles, and the largest |t| counts. Prints JSON.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "app/engine.h"
#include "base/prng.h"
#include "crypto/equal.h"
#include "quiet_host.h"
#include "signature/presets.h"
#include "signature/sign.h"
#include "signature/verify.h"

namespace {

using sluice::Bytes;
using sluice::ByteView;
using sluice::Prng;

constexpr std::size_t kSize = 32;
constexpr std::size_t kPage = 4096;
constexpr std::size_t kRefusalsFirst = 200;  // Then the front logs refusals no longer.
constexpr int kCallsOfOne = 64;              // A comparison is too short to be timed alone.
constexpr std::array<double, 6> kPercentiles{0.25, 0.5, 0.75, 0.9, 0.97, 1.0};

struct Sample {
  bool second = false;
  double ns = 0;
};

double now_ns() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double, std::nano>(now).count();
}

// What was written to prepare a measurement is written, and no part of it.
void settle() { std::atomic_thread_fence(std::memory_order_seq_cst); }

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

struct Comparison {
  std::function<bool(ByteView, ByteView)> equal;
  std::size_t size = kSize;
};

bool equal_by_memcmp(ByteView a, ByteView b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size()) == 0;
}

std::vector<Sample> compare(Prng& prng, std::size_t measurements, const Comparison& comparison) {
  std::vector<Sample> samples;
  const std::size_t size = comparison.size;
  Bytes a(size, '\0');
  Bytes b(size, '\0');
  bool any = false;
  for (std::size_t i = 0; i < measurements; ++i) {
    Sample sample{.second = prng.below(2) == 1};
    for (char& byte : a) byte = static_cast<char>(prng.below(256));
    b = a;
    // Both bytes are written in both classes, or the writes alone would tell them apart.
    b.front() ^= static_cast<char>(!sample.second);
    b.back() ^= static_cast<char>(sample.second);
    settle();
    const double from = now_ns();
    for (int call = 0; call < kCallsOfOne; ++call) {
      any = comparison.equal(a, b) || any;
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

constexpr char kSecret[] = "a secret that is shared";
constexpr char kHeader[] = "x-hub-signature-256";

struct Knock {
  std::string installation;
  std::string signature;
};

// One of two texts of one length. Both are read whole, from the same places and without a branch:
// what a choice does to caches and predictors would be measured as well.
std::string choose(const std::string& one, const std::string& other, bool second) {
  const auto mask = static_cast<char>(-static_cast<int>(second));
  std::string text = one;
  for (std::size_t i = 0; i < text.size(); ++i) {
    text[i] = static_cast<char>(text[i] ^ ((one[i] ^ other[i]) & mask));
  }
  return text;
}

Knock choose(const std::array<Knock, 2>& knocks, bool second) {
  return {.installation = choose(knocks[0].installation, knocks[1].installation, second),
          .signature = choose(knocks[0].signature, knocks[1].signature, second)};
}

// A digit of the same kind: letters and digits are not decoded alike, which tells no secret.
void spoil(char& digit) {
  if (digit == 'f' || digit == '9') {
    --digit;
  } else {
    ++digit;
  }
}

std::string signed_by(std::string_view secret, ByteView body) {
  const auto done = sluice::signature::sign(*sluice::signature::preset("github"),
                                            {{.value = std::string(secret)}},
                                            {.id = "id", .now = {0}, .headers = {}, .body = body});
  return std::string(*sluice::find(done->headers, kHeader));
}

// Whatever else it is refused for would be another measurement, of something that tells nothing.
void expect_mismatch(const Knock& knock, ByteView body) {
  const sluice::Headers headers{{.name = kHeader, .value = knock.signature}};
  const auto verdict = sluice::signature::verify(
      *sluice::signature::preset("github"), {{.value = kSecret}},
      {.method = "POST", .url = {}, .headers = headers, .body = body}, {1'750'000'000'000});
  const auto* refused = std::get_if<sluice::signature::Refusal>(&verdict);
  if (refused == nullptr || refused->reason != sluice::signature::Reason::kSignatureMismatch) {
    std::fputs("timing: a request is not refused for its signature\n", stderr);
    std::exit(1);
  }
}

sluice::InboundRequest request_of(const Knock& knock, const Bytes& body) {
  sluice::InboundRequest request;
  request.method = "POST";
  request.target = "/in/" + knock.installation + "/hub";
  request.origin = "https://hooks.example";
  request.headers = {{.name = kHeader, .value = knock.signature}};
  request.body = body;
  return request;
}

// The whole way of a request through the front, and nothing else: a difference is a few
// nanoseconds, which a simulated world around it would hide.
std::vector<Sample> refusal(Prng& prng, std::size_t measurements, const Bytes& body,
                            const std::array<Knock, 2>& knocks) {
  for (const Knock& knock : knocks) expect_mismatch(knock, body);
  sluice::bench::QuietHost host;
  sluice::Boot boot;
  boot.manifest = kManifest;
  boot.environment = {{"SECRET", kSecret}};
  const auto engine = sluice::app::make_engine(host, host, std::move(boot));
  if (!engine.has_value()) std::abort();
  std::vector<Sample> samples;
  for (std::size_t i = 0; i < measurements + kRefusalsFirst; ++i) {
    Sample sample{.second = prng.below(2) == 1};
    auto request = request_of(choose(knocks, sample.second), body);
    const auto task = static_cast<sluice::TaskId>(i + 1);
    settle();
    const double from = now_ns();
    (*engine)->http(task, std::move(request));
    host.scheduler().run(task);
    sample.ns = now_ns() - from;
    if (host.answer.status != 401) std::abort();
    if (i >= kRefusalsFirst) samples.push_back(sample);
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
    sluice::Headers headers{{scheme.signature.from.name, choose(far, near, sample.second)},
                            {"content-type", "application/json"}};
    const sluice::signature::Request request{
        .method = "POST", .url = {}, .headers = headers, .body = "{}"};
    settle();
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
  report("compare", compare(prng, measurements, {&sluice::crypto::equal}), kCallsOfOne, false);
  report("control", compare(prng, measurements, {&equal_early}), kCallsOfOne, false);
  report("memcmp", compare(prng, measurements / 10, {&equal_by_memcmp, kPage}), kCallsOfOne, false);

  const Bytes body(64, 'x');  // Hashing more would hide what is looked for.
  const std::string wrong = signed_by("another secret", body);
  std::string first = signed_by(kSecret, body);
  std::string last = first;
  spoil(first[std::string_view("sha256=").size()]);
  spoil(last.back());
  const auto refused = [&](const Knock& one, const Knock& other) {
    return refusal(prng, measurements, body, {one, other});
  };
  report("refusal", refused({"alpha", wrong}, {"omega", wrong}), 1, false);
  report("digit", refused({"alpha", first}, {"alpha", last}), 1, false);
  report("nothing", refused({"alpha", wrong}, {"alpha", wrong}), 1, false);
  report("token", token(prng, measurements), 1, true);
  std::printf("]\n");
  return 0;
}
