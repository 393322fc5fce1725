// Headers and bodies of strangers: nothing crashes, and nothing is accepted without the key.
//
// Input: a byte that picks the preset, then the values of its headers by lines, then the body.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.h"
#include "signature/presets.h"
#include "signature/verify.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  using namespace sluice::signature;
  if (size == 0) return 0;
  const auto names = preset_names();
  const Scheme scheme = *preset(names[data[0] % names.size()]);
  std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto line = [&rest] {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string text(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return text;
  };
  Headers headers;
  headers.push_back({scheme.signature.from.name, line()});
  if (scheme.time.from.place == Place::kHeader) headers.push_back({scheme.time.from.name, line()});
  for (const auto& rule : scheme.identity) headers.push_back({rule.site.name, line()});

  const std::vector<Secret> secrets = {{.value = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}};
  const Request request{.method = "POST", .url = "/", .headers = headers, .body = rest};
  const auto verdict = verify(scheme, secrets, request, Instant{1'700'000'000'000});
  const auto* refusal = std::get_if<Refusal>(&verdict);
  SLUICE_ASSERT(refusal != nullptr && !name(refusal->reason).empty());
  return 0;
}
