// The small sections: installations, limits, admin, development.
#include <algorithm>
#include <utility>

#include "codec/address.h"
#include "codec/url.h"
#include "manifest/sections.h"

namespace sluice::manifest {
namespace {

constexpr Range kBodyMax{1, 16 * 1024 * 1024};
constexpr Range kRetentionMs{3'600'000, days(3660).ms};
constexpr Range kCellBytes{1024 * 1024, 1LL << 40};
constexpr std::size_t kTokensMax = 16;
constexpr std::size_t kTokenShort = 16;
constexpr std::size_t kHostsMax = 64;

bool is_host(std::string_view entry) {
  if (codec::parse_ipv6(entry)) return true;
  const auto url = codec::parse_url("https://" + std::string(entry) + "/");
  return url.has_value() && !url->has_userinfo && url->path == "/" && !url->query;
}

}  // namespace

std::vector<std::string> read_installations(const Object& root, Report& report) {
  std::vector<std::string> installations{"main"};
  const auto& items = root.items("installations", Presence::kOptional, kSectionMax);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string at = below(root.at("installations"), i);
    auto name = text_of(items[i], at, report);
    if (!name || !check_name(*name, at, report) || *name == "main") continue;
    if (std::find(installations.begin(), installations.end(), *name) != installations.end()) {
      report.error(at, "duplicate", "\"" + *name + "\" is in the list already.");
      continue;
    }
    installations.push_back(*std::move(name));
  }
  return installations;
}

Limits read_limits(const Object& root, Report& report) {
  Limits limits;
  const codec::Json* json = root.member("limits", Presence::kOptional);
  if (json == nullptr) return limits;
  const Object object(*json, root.at("limits"),
                      {"body_max", "body_retention_ms", "envelope_retention_ms", "cell_bytes_max"},
                      report);
  if (const auto body_max = object.integer("body_max", kBodyMax)) {
    limits.body_max = static_cast<std::uint32_t>(*body_max);
  }
  if (const auto kept = object.duration("body_retention_ms", kRetentionMs)) {
    limits.body_retention = *kept;
  }
  if (const auto kept = object.duration("envelope_retention_ms", kRetentionMs)) {
    limits.envelope_retention = *kept;
  }
  if (const auto bytes = object.integer("cell_bytes_max", kCellBytes)) {
    limits.cell_bytes_max = static_cast<std::uint64_t>(*bytes);
  }
  return limits;
}

std::vector<std::string> read_admin_tokens(const Object& root, const Context& context) {
  std::vector<std::string> tokens;
  const codec::Json* json = root.member("admin", Presence::kOptional);
  if (json == nullptr) return tokens;
  const Object object(*json, root.at("admin"), {"tokens"}, context.report);
  const auto& items = object.items("tokens", Presence::kOptional, kTokensMax);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string at = below(object.at("tokens"), i);
    auto token = read_token(items[i], at, context);
    if (!token) continue;
    if (token->size() < kTokenShort) {
      context.report.warn(at, "token_short",
                          "This admin token has fewer than 16 bytes and can be guessed.");
    }
    tokens.push_back(*std::move(token));
  }
  return tokens;
}

std::vector<std::string> read_private_hosts(const Object& root, Report& report) {
  std::vector<std::string> hosts;
  const codec::Json* json = root.member("development", Presence::kOptional);
  if (json == nullptr) return hosts;
  const Object object(*json, root.at("development"), {"private_hosts"}, report);
  const auto& items = object.items("private_hosts", Presence::kOptional, kHostsMax);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string at = below(object.at("private_hosts"), i);
    auto host = text_of(items[i], at, report);
    if (!host) continue;
    if (!is_host(*host)) {
      report.error(at, "host_malformed",
                   "Expected \"host\" or \"host:port\", found \"" + shown(*host) + "\".");
      continue;
    }
    report.warn(at, "private_host",
                "Requests to \"" + shown(*host) +
                    "\" may use plain http and private addresses. For development only.");
    hosts.push_back(*std::move(host));
  }
  return hosts;
}

}  // namespace sluice::manifest
