// One source of webhooks, as programs that link the core as a library hold it: a scheme with its
// keys, prepared once, and what their provider published.
//
//   open(setup) --> Verifier --> verify, sign, handshake      as often as requests arrive
//
// bindings/js calls it in a module of its own, bindings/c natively. It does no I/O and reads no
// clock.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "manifest/parse.h"
#include "signature/fetched.h"
#include "signature/handshake.h"
#include "signature/keys.h"
#include "signature/scheme.h"
#include "signature/sign.h"
#include "signature/verify.h"

namespace sluice::library {

inline constexpr std::size_t kSecretsMax = 64;
inline constexpr std::size_t kBodyMax = 32 * 1024 * 1024;

struct Setup {
  // The name of a preset, or a definition in JSON: what begins with '{' is one.
  std::string_view scheme;
  std::vector<signature::Secret> secrets;
  Bytes verify_token = {};  // What a handshake asks for; most ask for none.
};

// Which of a request's texts a scheme looks at, beside the body. A caller may leave out the rest.
struct Reads {
  bool every_header = false;
  std::vector<std::string> headers;  // Lower case, in order, each once.
  bool url = false;
  bool method = false;
};

class Verifier {
 public:
  // None when something is wrong with it: each fault is a finding, with its place in the setup.
  [[nodiscard]] static std::unique_ptr<Verifier> open(const Setup& setup,
                                                      std::vector<manifest::Finding>& findings);

  [[nodiscard]] signature::Verdict verify(const signature::Request& request, Instant now) const;

  // See signature::sign.
  [[nodiscard]] Result<signature::Signed> sign(const signature::SignInput& input) const;

  // What answers the request, where it asks whether this address takes webhooks; none for any
  // other, which is an event. A signed one is verified first: a refusal is an answer.
  [[nodiscard]] std::optional<signature::HandshakeAnswer> handshake(
      const signature::Request& request, Instant now) const;

  // Takes a document that a verdict wanted. Errors: kBadArgument (the scheme asks for none, or not
  // from there), kTooBig, kMalformed.
  Result<void> put(std::string_view url, ByteView document, Instant fetched_at);

  [[nodiscard]] const signature::Scheme& scheme() const { return scheme_; }
  [[nodiscard]] Reads reads() const;

 private:
  Verifier(signature::Scheme scheme, signature::Keys keys, Bytes verify_token);

  signature::Scheme scheme_;
  signature::Keys keys_;
  signature::FetchedKeys fetched_;
  signature::SecretBytes verify_token_;
};

}  // namespace sluice::library
