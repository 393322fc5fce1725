// One HTTP request at a time, for the commands that ask a server and wait.
#pragma once

#include "host/http.h"

namespace sluice::native {

// Waits for the answer for at most 30 seconds. Private addresses are allowed: a person typed the
// URL. Errors: kIo (no answer), kTimeout, kBadArgument.
[[nodiscard]] Result<HttpResponse> fetch_now(HttpRequest request);

}  // namespace sluice::native
