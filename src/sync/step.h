// The requests of a step: one GET for each page of a window.
//
//   https://api.example/orders ? since={begin} & until={end} & page=2
//                                2026-01-02T03:04:05.678Z
//
// A page may name its successor by URL. Only the step's own origin is followed: a step's headers
// carry credentials, and a page must not be able to send them elsewhere.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "sync/window.h"

namespace sluice::sync {

struct RequestShape {
  std::string url;  // Canonical.
  std::vector<std::pair<std::string, std::string>> query;
  std::string page_parameter;  // Empty where pages have no numbers.
};

// Whether the braces in `text` are those of known placeholders: {begin} and {end}.
[[nodiscard]] bool is_template(std::string_view text);

// The placeholders of `text` filled in.
[[nodiscard]] std::string fill(std::string_view text, const Window& window);

// The URL of page `page`, counted from 1.
[[nodiscard]] Result<std::string> page_url(const RequestShape& shape, const Window& window,
                                           std::uint32_t page);

// The URL that `link` names, seen from the page at `current`: absolute, or beginning with a slash
// or a question mark. kMalformed where it is none of these, kBlocked where it leads elsewhere.
[[nodiscard]] Result<std::string> follow(std::string_view current, std::string_view link);

}  // namespace sluice::sync
