// Any text as a manifest: it is read or refused, with a bounded number of findings, and a manifest
// without errors has resolved all of its references.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "manifest/parse.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice::manifest;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Parsed parsed = parse(text, {}, Secrets::kUnchecked);
  SLUICE_ASSERT(parsed.errors.size() <= 100);
  SLUICE_ASSERT(parsed.manifest.hash.size() == 32);
  if (!parsed.errors.empty()) return 0;
  const Manifest& manifest = parsed.manifest;
  SLUICE_ASSERT(!manifest.slug.empty());
  SLUICE_ASSERT(manifest.has_installation("main"));
  for (const Route& route : manifest.routes) {
    SLUICE_ASSERT(manifest.source(route.from) != nullptr);
    for (const auto& name : route.to) SLUICE_ASSERT(manifest.endpoint(name) != nullptr);
  }
  for (const Endpoint& endpoint : manifest.endpoints) {
    SLUICE_ASSERT(!endpoint.schedule.empty() && !endpoint.secrets.empty());
  }
  for (const Link& link : manifest.links) {
    SLUICE_ASSERT(manifest.has_installation(link.installation));
  }
  return 0;
}
