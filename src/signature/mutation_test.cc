// Whatever is changed about a signed request, it is refused.
#include <array>
#include <string>
#include <vector>

#include "base/prng.h"
#include "doctest/doctest.h"
#include "signature/mutated.h"
#include "signature/presets.h"
#include "signature/sign.h"
#include "signature/verify.h"

namespace sluice::signature {
namespace {

// Those that an HMAC over headers alone makes.
constexpr std::array<std::string_view, 8> kPresets = {
    "github", "integration", "shopify", "shopimind", "slack", "standard", "stripe", "svix"};

constexpr Instant kNow{1'700'000'000'000};
constexpr std::uint64_t kMutationsPerPreset = 2'500;

bool is_unsigned_identity(const Scheme& scheme, const std::string& header) {
  return !scheme.identity.empty() && scheme.identity[0].site.name == header &&
         !is_signed(scheme, scheme.identity[0].site);
}

TEST_SUITE("signature/mutation") {
  TEST_CASE(
      "of 20,000 changes to signed bytes, signatures, signed headers, times and keys none is "
      "accepted") {
    std::uint64_t tried = 0;
    std::uint64_t accepted = 0;
    std::uint64_t mismatches = 0;
    for (const std::string_view each : kPresets) {
      CAPTURE(each);
      const Scheme scheme = *preset(each);
      for (std::uint64_t seed = 1; seed <= kMutationsPerPreset; ++seed) {
        Prng prng(seed);
        std::string body = R"({"id":"evt_)" + std::to_string(below(prng, 1000)) + R"("})";
        if (prng.chance(1, 4)) body = random_bytes(prng, below(prng, 80));
        Bytes secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS" +
                       std::string(1, static_cast<char>('A' + below(prng, 26)));
        const SignInput input{.id = "msg_1", .now = kNow, .headers = {}, .body = body};
        auto headers = sign(scheme, {{.value = secret}}, input)->headers;

        const std::size_t target = below(prng, headers.size() + 2);
        if (target == headers.size()) {
          body = mutated(prng, body);
        } else if (target > headers.size()) {
          // The last two bytes leave the key's prefix alone, which is no part of every key.
          secret[secret.size() - 1 - below(prng, 2)] ^= 1;
        } else if (!is_unsigned_identity(scheme, headers[target].name)) {
          headers[target].value = mutated(prng, headers[target].value);
        } else {
          continue;
        }
        const Request request{.method = "POST", .url = "/", .headers = headers, .body = body};
        const auto verdict = verify(scheme, std::vector<Secret>{{.value = secret}}, request, kNow);
        ++tried;
        if (const auto* refusal = std::get_if<Refusal>(&verdict)) {
          mismatches += refusal->reason == Reason::kSignatureMismatch ? 1 : 0;
        } else {
          ++accepted;
          CHECK_MESSAGE(false, seed);
        }
      }
    }
    CHECK(accepted == 0);
    CHECK(tried > 10'000);
    CHECK(mismatches > 5'000);  // The changes reach the last check.
  }
}

}  // namespace
}  // namespace sluice::signature
