#include "manifest/parse.h"

#include <utility>

#include "codec/hex.h"
#include "codec/json.h"
#include "crypto/hash.h"
#include "manifest/scheme.h"
#include "manifest/sections.h"

namespace sluice::manifest {
namespace {

constexpr std::uint32_t kDepthMax = 16;
constexpr std::uint32_t kSizeMax = 1024 * 1024;
constexpr std::size_t kHashBytes = 16;

std::vector<std::string> keys_of(const Object& root, std::string_view section) {
  std::vector<std::string> keys;
  const codec::Json* json = root.member(section, Presence::kOptional);
  if (json == nullptr) return keys;
  for (const auto& member : json->members()) keys.push_back(member.key);
  return keys;
}

Manifest read(const codec::Json& json, const Environment& environment, Secrets secrets,
              Report& report) {
  const Object root(json, "",
                    {"$schema", "slug", "schemes", "sources", "routes", "endpoints",
                     "installations", "steps", "links", "limits", "admin", "development"},
                    report);
  Manifest manifest;
  if (!json.is_object()) return manifest;
  if (auto slug = root.string("slug", Presence::kRequired)) {
    (void)check_name(*slug, root.at("slug"), report);
    manifest.slug = *std::move(slug);
  }
  manifest.installations = read_installations(root, report);
  manifest.private_hosts = read_private_hosts(root, report);
  manifest.limits = read_limits(root, report);
  const Context context{.report = report,
                        .environment = environment,
                        .secrets = secrets,
                        .private_hosts = manifest.private_hosts,
                        .body_max = manifest.limits.body_max,
                        .sources = keys_of(root, "sources"),
                        .endpoints = keys_of(root, "endpoints"),
                        .installations = manifest.installations,
                        .schemes = read_schemes(root, report)};
  manifest.sources = read_sources(root, context);
  manifest.routes = read_routes(root, context);
  manifest.endpoints = read_endpoints(root, context);
  manifest.steps = read_steps(root, context);
  manifest.links = read_links(root, context);
  manifest.admin_tokens = read_admin_tokens(root, context);
  return manifest;
}

template <class T>
const T* named(const std::vector<T>& list, std::string_view name) {
  for (const T& item : list) {
    if (item.name == name) return &item;
  }
  return nullptr;
}

}  // namespace

const Source* Manifest::source(std::string_view name) const { return named(sources, name); }
const Endpoint* Manifest::endpoint(std::string_view name) const { return named(endpoints, name); }
const Step* Manifest::step(std::string_view name) const { return named(steps, name); }
const Link* Manifest::link(std::string_view name) const { return named(links, name); }

bool Manifest::has_installation(std::string_view name) const {
  for (const std::string& installation : installations) {
    if (installation == name) return true;
  }
  return false;
}

Parsed parse(std::string_view text, const Environment& environment, Secrets secrets) {
  Report report;
  Parsed parsed;
  const codec::JsonLimits limits{.depth_max = kDepthMax,
                                 .size_max = kSizeMax,
                                 .duplicate_keys = codec::DuplicateKeys::kRefuse};
  codec::JsonFault fault;
  const auto json = codec::parse_json(text, limits, &fault);
  if (json) {
    parsed.manifest = read(*json, environment, secrets, report);
  } else {
    report.error("", "json_malformed",
                 "Line " + std::to_string(fault.line) + ", column " + std::to_string(fault.column) +
                     ": " + std::string(fault.what) + ".");
  }
  const auto digest = crypto::sha256(text);
  parsed.manifest.hash = codec::encode_hex(crypto::view(digest).substr(0, kHashBytes));
  parsed.errors = report.take_errors();
  parsed.warnings = report.take_warnings();
  return parsed;
}

}  // namespace sluice::manifest
