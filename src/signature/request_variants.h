// What becomes of a request on its way: bytes that proxies, frameworks and editors add or take.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace sluice::signature {

struct BodyVariant {
  std::string_view what;  // How it differs from the body, after "the body that was signed ...".
  Bytes body;
};

// Those that differ from `body`, a dozen at most.
[[nodiscard]] std::vector<BodyVariant> body_variants(ByteView body);

// JSON without white space between its tokens, or with one blank behind each ',' and ':'. Strings
// stay as they are; what is no JSON comes out changed in some way.
enum class JsonSpacing : std::uint8_t { kNone, kBlanks };
[[nodiscard]] Bytes respaced(ByteView json, JsonSpacing spacing);

struct UrlVariant {
  std::string what;  // After "the URL that was signed ...".
  std::string url;
};

// Another protocol, port, slash at the end, no query: half a dozen at most.
[[nodiscard]] std::vector<UrlVariant> url_variants(std::string_view url);

}  // namespace sluice::signature
