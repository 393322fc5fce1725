// A message: one thing for one endpoint, from publish until it is done, dead or dropped.
//
//            publish          head done         outcome recorded
//   kFollower  ----> kQueued  ---------->  kDone | kDead | kDropped
//                      ^  |                          |
//                      |  retry: later due           | redrive
//                      +--+<-------------------------+
//
// Whether it is in flight is not a state of the row: claims live in the owner's memory, and what
// was in flight at a crash is named by the marker (outbox/claim.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/id.h"
#include "base/result.h"

namespace sluice::outbox {

// The right to attempt a message. Only grows; the outcome of an older one changes nothing.
struct Fence {
  std::uint64_t epoch = 0;
  std::uint64_t n = 0;

  friend bool operator==(const Fence&, const Fence&) = default;
};

enum class MessageState : std::uint8_t {
  kQueued = 1,    // In the endpoint's queue.
  kFollower = 2,  // Behind the head of its ordering key.
  kDone = 3,
  kDead = 4,     // Given up on; kept until redriven or dropped.
  kDropped = 5,  // By an operator.
};

[[nodiscard]] std::string_view name(MessageState state);

struct Message {
  Id id;
  Id event;
  std::string endpoint;
  std::string order;  // Hash of the ordering key; empty where there is no order.
  MessageState state = MessageState::kQueued;
  std::uint32_t attempts = 0;  // Recorded outcomes, ever.
  std::uint32_t failures = 0;  // Since published or redriven: the place in the schedule.
  Instant created_at;
  Instant due;  // While queued.
  std::optional<Instant> finished_at;
  std::uint16_t status = 0;  // HTTP status of the last attempt; 0 where there was none.
  std::string reason;        // Of the last failure: an enumeration's name, not the peer's text.
  Fence fence;               // Of the last recorded outcome.

  [[nodiscard]] bool is_finished() const {
    return state == MessageState::kDone || state == MessageState::kDropped;
  }

  friend bool operator==(const Message&, const Message&) = default;
};

[[nodiscard]] Bytes encode(const Message& message);
// Errors: kCorrupt, kUnknownFormat.
[[nodiscard]] Result<Message> decode_message(ByteView row);

// One HTTP try as it is kept.
struct Attempt {
  Instant at;
  Duration took;
  std::uint16_t status = 0;  // 0: no answer; `reason` says why.
  std::string reason;        // Empty for a success.
  Bytes response;            // At most 16 KiB of the body, byte for byte.
  bool truncated = false;
  Fence fence;

  friend bool operator==(const Attempt&, const Attempt&) = default;
};

inline constexpr std::uint32_t kResponseKept = 16 * 1024;

[[nodiscard]] Bytes encode(const Attempt& attempt);
[[nodiscard]] Result<Attempt> decode_attempt(ByteView row);

}  // namespace sluice::outbox
