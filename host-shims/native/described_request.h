// One request as the command line describes it, for `verify`, `sign` and `send`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/headers.h"
#include "base/time.h"
#include "native/commands.h"
#include "signature/keys.h"
#include "signature/scheme.h"

namespace sluice::native {

// What the provider publishes at a URL.
struct Document {
  std::string url;  // Canonical.
  Bytes text;
};

struct DescribedRequest {
  std::optional<signature::Scheme> scheme;  // None: there is no such scheme, which was said.
  std::vector<signature::Secret> secrets;
  std::vector<Document> documents;
  Headers headers;
  Bytes body;
  Instant now;
};

// Says what is wrong on stderr, and returns the exit code: 1.
int complain(const std::string& what);

// 0, or the exit code when the description is unusable, which was said on stderr.
[[nodiscard]] int describe(const Arguments& arguments, const Variables& environment,
                           DescribedRequest& described);

// "a=b" around its first '='; none where there is no '=' or nothing before it.
struct Assignment {
  std::string name;
  std::string value;
};
[[nodiscard]] std::optional<Assignment> parse_assignment(const std::string& text);

}  // namespace sluice::native
