// Headers, bodies and schemes of strangers: nothing crashes, nothing is accepted without the key,
// and what an allowed scheme signs it verifies.
//
// Input: a byte that picks the preset, or a generated scheme, which takes the next 40 bytes; then
// the values of its headers by lines, then the body.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.h"
#include "signature/diagnosis.h"
#include "signature/generated_scheme.h"
#include "signature/presets.h"
#include "signature/sign.h"
#include "signature/verify.h"

namespace {

using namespace sluice;
using namespace sluice::signature;

constexpr Instant kNow{1'700'000'000'000};
constexpr std::size_t kSchemeBytes = 40;

Scheme scheme_of(std::string_view bytes) {
  std::size_t next = 0;
  return generated_scheme([&](std::size_t bound) {
    if (next == bytes.size()) return std::size_t{0};
    return static_cast<unsigned char>(bytes[next++]) % bound;
  });
}

// Each site gets one line, where it is a header.
Headers headers_of(const Scheme& scheme, std::string_view& rest) {
  Headers headers;
  const auto add = [&](const Site& site) {
    if (site.place != Place::kHeader && site.place != Place::kNumberedHeaders) return;
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const bool numbered = site.place == Place::kNumberedHeaders;
    headers.push_back({site.name + (numbered ? "1" : ""), std::string(rest.substr(0, end))});
    rest.remove_prefix(std::min(end + 1, rest.size()));
  };
  add(scheme.signature.from);
  add(scheme.time.from);
  for (const auto& part : scheme.message) {
    if (part.kind == PartKind::kHeader) add({Place::kHeader, part.text});
  }
  for (const auto& rule : scheme.identity) add(rule.site);
  return headers;
}

void round_trip(const Scheme& scheme, const std::vector<Secret>& secrets, const Headers& given,
                std::string_view body) {
  const SignInput input{.id = "id",
                        .now = kNow,
                        .headers = given,
                        .body = body,
                        .url = "https://hooks.example/in/a?id=1"};
  const auto made = sign(scheme, secrets, input);
  if (!made) return;
  Headers headers = made->headers;
  for (const Header& header : given) {
    if (count(headers, header.name) == 0) headers.push_back(header);
  }
  const Bytes sent = made->body.value_or(Bytes(body));
  const std::string url = made->url.value_or(std::string(input.url));
  const Request request{.method = "POST", .url = url, .headers = headers, .body = sent};
  const auto verdict = verify(scheme, secrets, request, kNow);
  const auto* refusal = std::get_if<Refusal>(&verdict);
  if (refusal == nullptr) return;
  // A time that was given may be any, and so may be a body that is not the form it should be.
  SLUICE_ASSERT(refusal->reason != Reason::kSignatureMismatch &&
                refusal->reason != Reason::kSignatureMalformed);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto names = preset_names();
  const bool generated = data[0] >= names.size() || (data[0] & 1) != 0;
  Scheme scheme;
  if (generated) {
    scheme = scheme_of(rest.substr(0, kSchemeBytes));
    rest.remove_prefix(std::min(kSchemeBytes, rest.size()));
    if (!check(scheme)) return 0;
  } else {
    scheme = *preset(names[data[0]]);
  }
  const Headers headers = headers_of(scheme, rest);
  const std::vector<Secret> secrets = {{.value = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}};
  const Request request{
      .method = "POST", .url = "https://hooks.example/?id=1", .headers = headers, .body = rest};
  const auto verdict = verify(scheme, secrets, request, kNow);
  SLUICE_ASSERT(!std::holds_alternative<Accepted>(verdict));
  if (const auto* refusal = std::get_if<Refusal>(&verdict)) {
    SLUICE_ASSERT(!name(refusal->reason).empty());
    if (rest.size() < 256) (void)diagnose(scheme, secrets, request, *refusal, kNow);
  }
  if (generated) round_trip(scheme, secrets, headers, rest);
  return 0;
}
