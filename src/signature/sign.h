// Signs a request by the same data that verifies it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/headers.h"
#include "base/result.h"
#include "base/time.h"
#include "signature/keys.h"
#include "signature/scheme.h"

namespace sluice::signature {

struct SignInput {
  std::string id;   // Names the delivery; the same at every attempt.
  Instant now;      // The time that is signed, unless the request carries one.
  Headers headers;  // Signed headers that already have their value; others are ignored.
  ByteView body;
  std::string_view method = "POST";
  std::string_view url = {};  // As the receiver knows it.
};

struct Signed {
  Headers headers;  // To add: signature, time and identity.
  // Instead of the given ones, where the scheme puts something there.
  std::optional<std::string> url = std::nullopt;
  std::optional<Bytes> body = std::nullopt;
};

// Every secret that is valid at `now` signs, where the scheme can carry several signatures;
// otherwise the first one does. Asymmetric schemes are signed with private keys; the salt of
// RSA-PSS is drawn from the message, so that signing again gives the same request.
[[nodiscard]] Result<Signed> sign(const Scheme& scheme, const Keys& keys, const SignInput& input);
[[nodiscard]] Result<Signed> sign(const Scheme& scheme, const std::vector<Secret>& secrets,
                                  const SignInput& input);

}  // namespace sluice::signature
