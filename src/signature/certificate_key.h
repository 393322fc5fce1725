// A certificate whose URL stands in the request: AWS SNS, PayPal.
//
//   {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1a2b.pem"}
//                               host pattern of the scheme                            suffix
//
// Whoever sends a webhook chooses that URL, so the scheme says which hosts it may name. The
// certificate is believed because it came from such a host over TLS, and its subject is the one
// that the scheme expects; its own chain of issuers adds nothing to that, since a certificate that
// the host itself hands out is the host's word either way.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "crypto/certificate.h"
#include "signature/scheme.h"

namespace sluice::signature {

inline constexpr std::size_t kCertificateUrlMax = 512;

// Whether `host` fits: a '*' stands for one or more letters, digits and hyphens, never for a dot.
[[nodiscard]] bool fits_host(std::string_view pattern, std::string_view host);

// A pattern that leaves the registered name open names nobody: its last two labels are written out.
[[nodiscard]] bool is_host_pattern(std::string_view pattern);

// The URL in its one spelling, when the rule allows it: https on its own port, a host that fits a
// pattern, a path with the suffix, and neither user, query nor port.
[[nodiscard]] std::optional<std::string> certificate_url(const FetchedKey& rule,
                                                         std::string_view text);

// A fixed URL has to be one, without a user or password in it.
[[nodiscard]] Result<void> check_fixed_url(const FetchedKey& rule);

// Whether the caller may fetch `url` for this rule; it is the rule's own, or one that it allows.
[[nodiscard]] bool may_fetch(const FetchedKey& rule, std::string_view url);

enum class CertificateFault : std::uint8_t { kNone = 0, kExpired, kNotYetValid, kOtherSubject };

// Its dates, and that it is issued to `subject`, as common name or DNS name; empty for any.
[[nodiscard]] CertificateFault check(const crypto::Certificate& certificate,
                                     std::string_view subject, Instant now);

// For the operator: "certificate_expired".
[[nodiscard]] std::string_view name(CertificateFault fault);

}  // namespace sluice::signature
