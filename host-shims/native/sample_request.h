// A webhook as a provider would send it, before it is signed: one that looks real where the
// provider is well known, and otherwise one that has whatever its scheme signs or names.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/headers.h"
#include "base/time.h"
#include "host/random.h"
#include "signature/scheme.h"

namespace sluice::native {

struct SampleRequest {
  std::string event;
  Headers headers;  // The content type, the event, and what the scheme signs and needs given.
  Bytes body;
  std::string query;  // "a=1&b=2", to be added to the URL; mostly empty.
};

// `event` empty: the usual one.
[[nodiscard]] SampleRequest sample_request(const signature::Scheme& scheme, std::string_view event,
                                           Instant now, Random& random);

}  // namespace sluice::native
