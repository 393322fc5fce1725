// A URL's canonical text parses to itself, and the policy judges both alike.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "codec/url.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice::codec;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  auto url = parse_url(text);
  if (!url) return 0;
  const std::string once = canonical(*url);
  const auto again = parse_url(once);
  // Only the dots that are resolved and the numbers that are spelled out may make a text longer.
  SLUICE_ASSERT(again.has_value() || once.size() > kUrlMax);
  if (again) {
    SLUICE_ASSERT(canonical(*again) == once);
    SLUICE_ASSERT(again->host == url->host && again->port == url->port);
    url->has_userinfo = false;
    SLUICE_ASSERT(check_public(*again, {}).has_value() == check_public(*url, {}).has_value());
  }
  if (const auto decoded = percent_decode(text)) {
    SLUICE_ASSERT(percent_decode(percent_encode(*decoded)) == *decoded);
  }
  return 0;
}
