// A request verified with something changed, without regard to its time.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "signature/verify.h"

namespace sluice::signature {

class Trials {
 public:
  Trials(const Scheme& scheme, const std::vector<Secret>& secrets, const Request& request,
         Instant now);

  // Each is the secret that verifies; none, also when too many were tried.
  [[nodiscard]] std::optional<std::size_t> with_scheme(Scheme scheme);
  [[nodiscard]] std::optional<std::size_t> with_secrets(const std::vector<Secret>& secrets);
  [[nodiscard]] std::optional<std::size_t> with_body(ByteView body);
  [[nodiscard]] std::optional<std::size_t> with_url(std::string_view url);

  [[nodiscard]] const Scheme& scheme() const { return scheme_; }

 private:
  std::optional<std::size_t> run(const Scheme& scheme, const std::vector<Secret>& secrets,
                                 const Request& request);

  Scheme scheme_;
  std::vector<Secret> secrets_;
  const Request& request_;
  Instant now_;
  std::size_t tried_ = 0;
};

}  // namespace sluice::signature
