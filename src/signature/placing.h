// Puts a text where a scheme wants it: into a header, the body, a form or the query.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/headers.h"
#include "base/result.h"
#include "signature/request.h"
#include "signature/site.h"

namespace sluice::signature {

// A request in the making; what is not changed stays unset.
struct Draft {
  Headers headers;  // Those to look at, given and added.
  Headers added;
  std::string url;
  Bytes body;
  bool url_changed = false;
  bool body_changed = false;

  [[nodiscard]] Request request(std::string_view method) const {
    return {.method = method, .url = url, .headers = headers, .body = body};
  }
};

// A value that is there is replaced. In JSON, objects on the way are made; an error where the body
// is something else.
[[nodiscard]] Result<void> place(Draft& draft, const Site& site, std::string_view text);

}  // namespace sluice::signature
