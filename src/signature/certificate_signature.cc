#include "signature/certificate_signature.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "signature/certificate_key.h"
#include "signature/lookup.h"

namespace sluice::signature {
namespace {

Refusal refuse(Reason reason, std::string detail) { return {reason, std::move(detail)}; }

// The URL to fetch from; empty when the request names none that the scheme allows.
std::string url_of(const FetchedKey& rule, const Request& request) {
  if (!rule.url.empty()) return rule.url;
  Shelf shelf;
  const Found found = find_at(rule.url_from, request, shelf);
  if (found.presence != Presence::kThere) return {};
  return certificate_url(rule, found.text).value_or(std::string());
}

std::optional<Algorithm> algorithm_of(const Scheme& scheme, const Request& request) {
  if (!scheme.algorithm_by) return scheme.algorithm;
  Shelf shelf;
  const Found found = find_at(scheme.algorithm_by->from, request, shelf);
  if (found.presence != Presence::kThere) return std::nullopt;
  for (const auto& choice : scheme.algorithm_by->choices) {
    if (choice.value == found.text) return choice.algorithm;
  }
  return std::nullopt;
}

Keys keys_of(crypto::PublicKey key) {
  Keys keys;
  Key& one = keys.usable.emplace_back();
  one.not_before = key.not_before;
  one.not_after = key.not_after;
  one.public_key = std::make_shared<const crypto::PublicKey>(std::move(key));
  return keys;
}

// A key of a kind that the algorithm does not take, so that no signature is by it.
Keys no_keys(Algorithm algorithm) {
  const bool takes_ed25519 = key_kind_of(algorithm) == crypto::KeyKind::kEd25519;
  crypto::PublicKey key;
  key.kind = takes_ed25519 ? crypto::KeyKind::kP256 : crypto::KeyKind::kEd25519;
  return keys_of(std::move(key));
}

}  // namespace

Verdict verify_certificate_signature(const Scheme& scheme, const FetchedKeys& fetched,
                                     const Request& request, Instant now) {
  const auto algorithm = algorithm_of(scheme, request);
  if (!algorithm) {
    return refuse(Reason::kSignatureMalformed,
                  "the signature's version is not one of the scheme's");
  }
  const std::string url = url_of(scheme.fetched, request);
  if (url.empty()) {
    return refuse(Reason::kSignatureMalformed,
                  "the certificate's URL is missing, or not one that the scheme allows");
  }
  auto found = fetched.certificate(url, now);
  if (auto* wanted = std::get_if<KeyWanted>(&found)) {
    Verdict without = verify_signed(scheme, *algorithm, no_keys(*algorithm), request, now);
    const auto* refusal = std::get_if<Refusal>(&without);
    if (refusal != nullptr && refusal->reason != Reason::kSignatureMismatch) return without;
    return std::move(*wanted);
  }
  const crypto::Certificate& certificate = *std::get<const crypto::Certificate*>(found);
  const CertificateFault fault = check(certificate, scheme.fetched.subject, now);
  if (fault != CertificateFault::kNone) {
    const bool dated = fault != CertificateFault::kOtherSubject;
    return refuse(dated ? Reason::kKeyExpired : Reason::kSignatureMismatch,
                  std::string(name(fault)));
  }
  return verify_signed(scheme, *algorithm, keys_of(certificate.key), request, now);
}

Result<void> check_certificate_scheme(const Scheme& scheme) {
  const FetchedKey& rule = scheme.fetched;
  SLUICE_TRY(check_fixed_url(rule));
  if (rule.url.empty() == (rule.url_from.place == Place::kNone)) {
    return Error{Errc::kBadArgument,
                 "a certificate is fetched from a URL: a fixed one, or one that the request names"};
  }
  if (rule.url.empty() && rule.hosts.empty()) {
    return Error{Errc::kBadArgument,
                 "whoever sends a webhook would choose the key: say which hosts it may come from"};
  }
  for (const auto& host : rule.hosts) {
    if (is_host_pattern(host)) continue;
    return Error{Errc::kBadArgument,
                 "a host pattern is a name in lower case whose last two labels hold no '*'"};
  }
  const auto takes_public_key = [](Algorithm algorithm) { return !is_symmetric(algorithm); };
  if (!takes_public_key(scheme.algorithm)) {
    return Error{Errc::kBadArgument, "a certificate holds a public key, and HMAC takes none"};
  }
  if (!scheme.algorithm_by) return {};
  const auto& choices = scheme.algorithm_by->choices;
  if (choices.empty() || choices.size() > 8) {
    return Error{Errc::kBadArgument, "between 1 and 8 values choose the algorithm"};
  }
  for (const auto& choice : choices) {
    if (!takes_public_key(choice.algorithm)) {
      return Error{Errc::kBadArgument, "a certificate holds a public key, and HMAC takes none"};
    }
    if (is_legacy(choice.algorithm) && !scheme.allow_legacy) {
      return Error{Errc::kBadArgument,
                   "one of the algorithms is broken: allow_legacy says it is meant"};
    }
  }
  return {};
}

}  // namespace sluice::signature
