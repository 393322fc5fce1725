// Answers the question whether this address takes a provider's webhooks.
//
//   unverified -> handshake(kUnverified) -> answer | verify -> handshake(kVerified) -> answer |
//   event
//
// What is signed is verified first. What is echoed is bounded, printable ASCII, and goes out as
// plain text that no browser takes for a page. What is hashed with a secret is a bare token, so
// that the answer never is the signature of a body that the caller would like to have signed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/headers.h"
#include "base/result.h"
#include "base/time.h"
#include "signature/handshake_rule.h"
#include "signature/keys.h"
#include "signature/scheme.h"
#include "signature/verify.h"

namespace sluice::signature {

inline constexpr std::size_t kEchoMax = 1024;
inline constexpr std::size_t kTokenMax = 256;  // Of what is hashed, or echoed in a header.

struct HandshakeReply {
  std::uint16_t status = 200;
  Headers headers;
  Bytes body;
};

// Get this URL, whose host is the provider's; answer `reply` when that is answered with 2xx.
struct HandshakeFetch {
  std::string url;
  HandshakeReply reply;
};

using HandshakeAnswer = std::variant<HandshakeReply, HandshakeFetch, Refusal>;

// What a handshake works with, beside the request.
struct HandshakeContext {
  const Scheme& scheme;
  const Keys& keys;
  ByteView verify_token;  // Of the source; empty where it has none.
  Instant now;
};

enum class Sender : std::uint8_t { kUnverified, kVerified };

// What answers the request, when it is a handshake that may be answered to such a sender.
[[nodiscard]] std::optional<HandshakeAnswer> handshake(const HandshakeContext& context,
                                                       const Request& request, Sender sender);

// Whether some handshake of this method is answered to such a sender: otherwise it need not be
// asked for.
[[nodiscard]] bool has_handshake(const Scheme& scheme, std::string_view method, Sender sender);

// What a source takes, for the Allow header: "GET, POST".
[[nodiscard]] std::string allowed_methods(const Scheme& scheme);

// Whether the scheme's handshakes can be used, and are safe. The context says what is wrong.
[[nodiscard]] Result<void> check_handshakes(const Scheme& scheme);

}  // namespace sluice::signature
