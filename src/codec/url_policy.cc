#include <algorithm>

#include "base/headers.h"
#include "codec/url.h"

namespace sluice::codec {
namespace {

// "host" or "host:port", written in any spelling that a URL allows, or a bare IPv6 address.
bool names_host(std::string_view entry, const Url& url) {
  if (const auto bare = parse_ipv6(entry)) return url.host == "[" + format(*bare) + "]";
  const auto listed = parse_url((url.secure ? "https://" : "http://") + std::string(entry) + "/");
  if (!listed || listed->has_userinfo || listed->path != "/" || listed->host != url.host) {
    return false;
  }
  const std::size_t colon = entry.rfind(':');
  const bool has_port = colon != std::string_view::npos && entry.back() != ']';
  return !has_port || listed->port == url.port;
}

bool is_or_is_under(std::string_view host, std::string_view zone) {
  if (host == zone) return true;
  return host.size() > zone.size() && host.substr(host.size() - zone.size()) == zone &&
         host[host.size() - zone.size() - 1] == '.';
}

Result<void> check_host(const Url& url) {
  if (const auto* v4 = std::get_if<Ipv4>(&url.address)) {
    if (!is_global(*v4)) return Error{Errc::kBlocked, "the address is not public"};
    return {};
  }
  if (const auto* v6 = std::get_if<Ipv6>(&url.address)) {
    if (!is_global(*v6)) return Error{Errc::kBlocked, "the address is not public"};
    return {};
  }
  if (url.host.find('.') == std::string::npos) {
    return Error{Errc::kBlocked, "the host is a single label"};
  }
  for (const std::string_view zone : {"localhost", "local", "internal", "home.arpa"}) {
    if (is_or_is_under(url.host, zone)) return Error{Errc::kBlocked, "the host is a local name"};
  }
  return {};
}

}  // namespace

Result<void> check_public(const Url& url, const UrlPolicy& policy) {
  if (url.has_userinfo) return Error{Errc::kBlocked, "the URL carries a user or password"};
  const auto& hosts = policy.private_hosts;
  const auto listed = [&](const std::string& entry) { return names_host(entry, url); };
  if (std::any_of(hosts.begin(), hosts.end(), listed)) return {};

  SLUICE_TRY(check_host(url));
  if (!url.secure) return Error{Errc::kBlocked, "plain http"};
  if (std::find(policy.ports.begin(), policy.ports.end(), url.port) == policy.ports.end()) {
    return Error{Errc::kBlocked, "an unusual port"};
  }
  return {};
}

}  // namespace sluice::codec
