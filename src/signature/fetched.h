// Keys that a provider publishes: which one is wanted, and which have been fetched.
//
// Verifying does no I/O. Where it needs a document that is not here, its verdict says which; the
// caller fetches it, puts it here, and verifies again:
//
//   verify --> KeyWanted{url} --> fetch (flow/fetch_key.h) --> FetchedKeys::put --> verify
//
// A key set is believed for ten minutes. A key id that it lacks may be a new key: the set is
// wanted again, but not within a minute of the last time, however many such ids arrive. A
// certificate is believed for a day, or until it expires.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/certificate.h"
#include "signature/jwks.h"

namespace sluice::signature {

inline constexpr std::size_t kDocumentBytesMax = 64 * 1024;
inline constexpr std::size_t kDocumentsMax = 32;
inline constexpr Duration kKeySetAgeMax = minutes(10);
inline constexpr Duration kCertificateAgeMax = hours(24);
inline constexpr Duration kFetchedAgainAfter = seconds(60);

enum class DocumentKind : std::uint8_t { kKeySet = 1, kCertificate = 2 };

// A document that has to be fetched before there can be a verdict.
struct KeyWanted {
  DocumentKind kind{};
  std::string url;   // Canonical, https, and one that the scheme allows.
  Duration age_max;  // One that was fetched longer ago does not help.

  friend bool operator==(const KeyWanted&, const KeyWanted&) = default;
};

// The set was fetched just now, and has no such key.
struct KeyUnknown {
  friend bool operator==(const KeyUnknown&, const KeyUnknown&) = default;
};

class FetchedKeys {
 public:
  using SetKeys = std::variant<std::vector<const SetKey*>, KeyWanted, KeyUnknown>;
  using CertificateKey = std::variant<const crypto::Certificate*, KeyWanted>;

  // Keys of the set at `url` that may have signed by `algorithm`, at least one; see keys_for.
  [[nodiscard]] SetKeys set_keys(std::string_view url, std::string_view id, Algorithm algorithm,
                                 Instant now) const;

  [[nodiscard]] CertificateKey certificate(std::string_view url, Instant now) const;

  // Takes what was at `wanted.url`. The oldest document makes room for it. Errors: kTooBig,
  // kMalformed, kBadArgument; what was here before stays then.
  Result<void> put(const KeyWanted& wanted, ByteView document, Instant fetched_at);

  [[nodiscard]] std::size_t size() const { return documents_.size(); }

 private:
  struct Document {
    std::variant<KeySet, crypto::Certificate> content;
    Instant fetched_at;
  };

  [[nodiscard]] const Document* find(std::string_view url, Duration age_max, Instant now) const;

  std::map<std::string, Document, std::less<>> documents_;
};

}  // namespace sluice::signature
