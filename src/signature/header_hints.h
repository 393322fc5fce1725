// Headers that a refused request does not have: those that it may have under another name.
//
//   x-hub-signature-256 arrived as http-x-hub-signature-256: a proxy or a framework renamed it
//   the request carries stripe-signature, where the scheme stripe has its signature
#pragma once

#include <string>
#include <vector>

#include "signature/request.h"
#include "signature/scheme.h"

namespace sluice::signature {

// Renamed ones first, then those of other presets, once for each header.
[[nodiscard]] std::vector<std::string> header_hints(const Scheme& scheme, const Request& request);

}  // namespace sluice::signature
