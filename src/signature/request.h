// What arrived.
#pragma once

#include <string_view>

#include "base/bytes.h"
#include "base/headers.h"

namespace sluice::signature {

struct Request {
  std::string_view method;
  std::string_view url;  // In full, as the provider knows it.
  const Headers& headers;
  ByteView body;
  // Whether Accepted::digest is wanted where an identity, though unsigned, was found: a hash costs
  // as much as the signature.
  bool wants_digest = true;
};

// Whether the request says that its body is a form.
[[nodiscard]] bool is_form(const Request& request);

// Path and query; "/" where the URL has no path.
[[nodiscard]] std::string_view path_of(std::string_view url);

}  // namespace sluice::signature
