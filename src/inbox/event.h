// An event: an accepted webhook, a published message's content, or an item that a step read.
//
// The body is kept byte for byte: in the row up to kInlineMax, else as a blob. The row counts the
// event's messages that are unfinished or dead; while either is not 0, row and body stay.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/headers.h"
#include "base/id.h"
#include "base/result.h"

namespace sluice::inbox {

inline constexpr std::size_t kInlineMax = 8 * 1024;
inline constexpr std::size_t kIdentityMax = 256;  // Longer ones are cut, for display only.

enum class Routing : std::uint8_t {
  kRouted = 1,
  kSuspectedReplay = 2,  // A new id on signed bytes seen before: stored, not routed.
  kExpanding = 3,        // Some of its messages are still to be made, by `ob/expand`.
};

[[nodiscard]] std::string_view name(Routing routing);

struct Event {
  Id id;
  std::string source;  // A source's name; `api` for published ones; `step:NAME` for a step's.
  Instant received_at;
  Headers headers;  // Those of `kept_headers`.
  Bytes body;       // Empty when `blob` is not.
  std::string blob;
  std::uint32_t body_size = 0;
  std::string identity;      // What the delivery is recognised by, for the operator.
  std::uint32_t secret = 0;  // Which of the source's secrets matched.
  Routing routing = Routing::kRouted;
  std::uint32_t unfinished = 0;
  std::uint32_t dead = 0;

  // Nothing is left to be done with it.
  [[nodiscard]] bool is_settled() const { return unfinished == 0 && dead == 0; }
  [[nodiscard]] bool has_body() const { return !body.empty() || !blob.empty(); }
  // Its time was over: of the body only the size is left.
  [[nodiscard]] bool is_body_expired() const { return body_size > 0 && !has_body(); }

  friend bool operator==(const Event&, const Event&) = default;
};

[[nodiscard]] Bytes encode(const Event& event);
[[nodiscard]] Result<Event> decode_event(ByteView row);

// What is stored of a request's headers and sent on with its messages: the content type and the
// `x-` and `ce-` headers, without signatures, tokens and what proxies add. At most 8 KiB.
[[nodiscard]] Headers kept_headers(const Headers& headers);

}  // namespace sluice::inbox
