// Why was this request refused? What an operator would try next, tried.
//
// A mismatch has no reason of its own: bytes differ. So the request is verified again with one
// thing changed at a time (the secret trimmed, the body's last newline gone, http for https), and
// what then verifies is named:
//
//   secret 0 matches when it is taken as plain text; the scheme takes it as base64
//
// For the operator alone, on demand: a caller learns nothing of it. Texts hold names, numbers and
// places, no bytes of secrets, bodies or signatures. The work is bounded by kTrialsMax.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "signature/verify.h"

namespace sluice::signature {

inline constexpr std::size_t kTrialsMax = 96;
inline constexpr std::size_t kDiagnosedBodyMax = 1024 * 1024;
inline constexpr std::size_t kHintsMax = 8;

// Numbered by hand and never renumbered: they may be stored with refusals.
enum class HintKind : std::uint8_t {
  kSecretForm = 1,      // It works in another form: plain instead of base64, with its prefix.
  kSecretSpace = 2,     // It works without the white space or quotes around it.
  kSecretUnusable = 3,  // It cannot be a secret of this scheme.
  kSecretExpired = 4,   // It works, outside its validity.
  kBodyChanged = 5,     // The body is not the one that was signed.
  kHeaderName = 6,      // The signature came under another name.
  kHeaderRepeated = 7,
  kClock = 8,
  kTimeFormat = 9,
  kUrl = 10,          // Another spelling of the URL verifies.
  kEncoding = 11,     // Hex instead of base64, or another prefix.
  kAlgorithm = 12,    // Another algorithm verifies.
  kTruncated = 13,    // The signature has not all of its characters.
  kCertificate = 14,  // The provider's certificate is outside its dates, or of somebody else.
};

// As admin and the command line spell it: "secret_form".
[[nodiscard]] std::string_view name(HintKind kind);

struct Hint {
  HintKind kind{};
  std::string text;

  friend bool operator==(const Hint&, const Hint&) = default;
};

// At most kHintsMax, what is certain before what is suspected. For the families that sign a message
// of parts; others have hints on secrets, headers and clocks.
[[nodiscard]] std::vector<Hint> diagnose(const Scheme& scheme, const std::vector<Secret>& secrets,
                                         const Request& request, const Refusal& refusal,
                                         Instant now);

}  // namespace sluice::signature
