#include "crypto/certificate_chain.h"

#include <cstddef>

namespace sluice::crypto {
namespace {

constexpr Error kNoWay{Errc::kUnauthorized, "the chain of certificates leads to no anchor"};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(ByteView a, ByteView b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

bool pattern_matches(ByteView pattern, ByteView host) {
  if (pattern.substr(0, 2) != "*.") return same_name(pattern, host);
  const auto dot = host.find('.');
  if (dot == 0 || dot == ByteView::npos) return false;
  // A wildcard for all of a top-level domain is nobody's name.
  const ByteView rest = pattern.substr(1);
  return rest.find('.', 1) != ByteView::npos && same_name(rest, host.substr(dot));
}

Result<void> check_limits(const Certificate& certificate, Instant now) {
  if (!certificate.key.not_before || now < *certificate.key.not_before) {
    return Error{Errc::kUnauthorized, "a certificate of the chain is not valid yet"};
  }
  if (!certificate.key.not_after || now > *certificate.key.not_after) {
    return Error{Errc::kUnauthorized, "a certificate of the chain has expired"};
  }
  if (certificate.has_unknown_limits) {
    return Error{Errc::kUnauthorized, "a certificate of the chain has limits that are not known"};
  }
  return {};
}

// `authorities` stand between the issuer and the leaf.
Result<void> check_issuer(const Certificate& issuer, const Certificate& issued,
                          std::size_t authorities, Instant now) {
  if (issuer.subject != issued.issuer) return kNoWay;
  SLUICE_TRY(check_limits(issuer, now));
  if (!issuer.is_authority || !issuer.may_sign_certificates) {
    return Error{Errc::kUnauthorized, "a certificate was issued by one that may not issue any"};
  }
  if (issuer.path_length_max && *issuer.path_length_max < authorities) {
    return Error{Errc::kUnauthorized, "the chain is longer than one of its authorities allows"};
  }
  if (!is_signed_by(issued, issuer.key)) {
    return Error{Errc::kUnauthorized, "a certificate's signature is not its issuer's"};
  }
  return {};
}

// Why no anchor vouches for `issued`: the last reason other than another name.
Result<void> check_anchors(const ChainQuestion& question, const Certificate& issued,
                           std::size_t authorities) {
  Error reason = kNoWay;
  for (const Certificate& anchor : question.anchors) {
    if (anchor.whole == issued.whole) return {};
    const auto checked = check_issuer(anchor, issued, authorities, question.now);
    if (checked) return {};
    if (checked.error() != kNoWay) reason = checked.error();
  }
  return reason;
}

}  // namespace

bool names_host(const Certificate& certificate, ByteView host) {
  if (host.empty()) return false;
  for (const Bytes& pattern : certificate.dns_names) {
    if (pattern_matches(pattern, host)) return true;
  }
  return false;
}

Result<PublicKey> check_chain(const ChainQuestion& question) {
  const auto chain = question.chain;
  if (chain.empty() || chain.size() > kChainMax) {
    return Error{Errc::kUnauthorized, "a chain has one to four certificates"};
  }
  if (!question.host.empty() && !names_host(chain[0], question.host)) {
    return Error{Errc::kUnauthorized, "the certificate is for another host"};
  }
  SLUICE_TRY(check_limits(chain[0], question.now));
  for (std::size_t i = 0;; ++i) {
    const auto anchored = check_anchors(question, chain[i], i);
    if (anchored) return chain[0].key;
    if (i + 1 == chain.size()) return anchored.error();
    SLUICE_TRY(check_issuer(chain[i + 1], chain[i], i, question.now));
  }
}

}  // namespace sluice::crypto
