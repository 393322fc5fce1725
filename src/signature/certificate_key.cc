#include "signature/certificate_key.h"

#include <algorithm>

#include "base/headers.h"
#include "codec/url.h"

namespace sluice::signature {
namespace {

bool is_label_byte(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }

// One label against one pattern without dots, which holds at most one '*'.
bool fits_label(std::string_view pattern, std::string_view label) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == label;
  const std::string_view before = pattern.substr(0, star);
  const std::string_view after = pattern.substr(star + 1);
  if (label.size() <= before.size() + after.size()) return false;
  return label.substr(0, before.size()) == before &&
         label.substr(label.size() - after.size()) == after &&
         std::all_of(label.begin(), label.end(), is_label_byte);
}

// Takes the first label off.
std::string_view take_label(std::string_view& rest) {
  const std::size_t dot = std::min(rest.find('.'), rest.size());
  const std::string_view label = rest.substr(0, dot);
  rest.remove_prefix(std::min(rest.size(), dot + 1));
  return label;
}

}  // namespace

bool fits_host(std::string_view pattern, std::string_view host) {
  if (std::count(pattern.begin(), pattern.end(), '.') !=
      std::count(host.begin(), host.end(), '.')) {
    return false;
  }
  while (!pattern.empty() && !host.empty()) {
    if (!fits_label(take_label(pattern), take_label(host))) return false;
  }
  return pattern.empty() && host.empty();
}

bool is_host_pattern(std::string_view pattern) {
  if (pattern.empty() || pattern.size() > 253) return false;
  std::size_t labels = 0;
  std::size_t last_star = 0;
  std::string_view rest = pattern;
  while (!rest.empty()) {
    const std::string_view label = take_label(rest);
    ++labels;
    const auto stars = std::count(label.begin(), label.end(), '*');
    if (label.empty() || label.size() > 63 || stars > 1) return false;
    if (stars == 1) last_star = labels;
    const auto allowed = [](char c) { return is_label_byte(c) || c == '*'; };
    if (!std::all_of(label.begin(), label.end(), allowed)) return false;
  }
  return pattern.back() != '.' && labels >= 2 && last_star + 2 <= labels;
}

std::optional<std::string> certificate_url(const FetchedKey& rule, std::string_view text) {
  if (text.empty() || text.size() > kCertificateUrlMax) return std::nullopt;
  if (text.find('#') != std::string_view::npos) return std::nullopt;
  const auto url = codec::parse_url(text);
  if (!url.has_value() || !url->secure || url->has_userinfo || url->port != 443) {
    return std::nullopt;
  }
  if (url->query || url->address.index() != 0) return std::nullopt;
  const auto& suffix = rule.path_suffix;
  const auto& path = url->path;
  if (path.size() <= suffix.size() || path.substr(path.size() - suffix.size()) != suffix) {
    return std::nullopt;
  }
  const auto fits = [&](const std::string& pattern) { return fits_host(pattern, url->host); };
  if (std::none_of(rule.hosts.begin(), rule.hosts.end(), fits)) return std::nullopt;
  return codec::canonical(*url);
}

Result<void> check_fixed_url(const FetchedKey& rule) {
  if (rule.url.empty()) return {};
  const auto url = codec::parse_url(rule.url);
  if (url.has_value() && !url->has_userinfo) return {};
  return Error{Errc::kBadArgument, "the URL of the published keys is none that can be fetched"};
}

bool may_fetch(const FetchedKey& rule, std::string_view url) {
  if (!rule.url.empty()) return url == rule.url;
  return rule.url_from.place != Place::kNone && certificate_url(rule, url) == url;
}

CertificateFault check(const crypto::Certificate& certificate, std::string_view subject,
                       Instant now) {
  const auto& key = certificate.key;
  if (key.not_after && *key.not_after < now) return CertificateFault::kExpired;
  if (key.not_before && now < *key.not_before) return CertificateFault::kNotYetValid;
  if (subject.empty() || lower_case(certificate.common_name) == subject) {
    return CertificateFault::kNone;
  }
  const auto& names = certificate.dns_names;
  const auto is_subject = [&](const Bytes& each) { return lower_case(each) == subject; };
  return std::any_of(names.begin(), names.end(), is_subject) ? CertificateFault::kNone
                                                             : CertificateFault::kOtherSubject;
}

std::string_view name(CertificateFault fault) {
  switch (fault) {
    case CertificateFault::kNone: break;
    case CertificateFault::kExpired: return "certificate_expired";
    case CertificateFault::kNotYetValid: return "certificate_not_yet_valid";
    case CertificateFault::kOtherSubject: return "certificate_of_another_subject";
  }
  return "certificate_valid";
}

}  // namespace sluice::signature
