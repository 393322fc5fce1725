// Answers of the HTTP surface: JSON, and problem documents (RFC 9457) for everything else.
//
//   {"title":"Service Unavailable","status":503,"code":"full","detail":"..."}
//
// `code` is stable and meant for programs; `detail` is for people and may change. Neither ever
// holds a secret. What may succeed later is 503 with `retry-after`, whatever the reason.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "host/http.h"

namespace sluice::app {

[[nodiscard]] HttpResponse problem(std::uint16_t status, std::string_view code,
                                   std::string_view detail);

// The status of an error's code, with the code's own name.
[[nodiscard]] HttpResponse problem(const Error& error);
[[nodiscard]] std::uint16_t status_of(Errc code);

// 405; `allow` lists the methods that the address takes, as in "GET, POST".
[[nodiscard]] HttpResponse wrong_method(std::string_view allow);

// 401: the one answer to every refusal, which tells a forger nothing.
[[nodiscard]] HttpResponse unauthorized();

// `text` is one JSON value.
[[nodiscard]] HttpResponse json_response(std::uint16_t status, std::string text);

}  // namespace sluice::app
