#include "outbox/message.h"

#include "codec/row.h"

namespace sluice::outbox {

std::string_view name(MessageState state) {
  switch (state) {
    case MessageState::kQueued: return "queued";
    case MessageState::kFollower: return "waiting";
    case MessageState::kDone: return "delivered";
    case MessageState::kDead: return "dead";
    case MessageState::kDropped: return "dropped";
  }
  return "unknown";
}

Bytes encode(const Message& message) {
  codec::RowWriter row;
  row.id(message.id).id(message.event).text(message.endpoint).text(message.order);
  row.u8(static_cast<std::uint8_t>(message.state)).u32(message.attempts).u32(message.failures);
  row.instant(message.created_at).instant(message.due).optional_instant(message.finished_at);
  row.u32(message.status).text(message.reason);
  row.u64(message.fence.epoch).u64(message.fence.n);
  return row.take();
}

Result<Message> decode_message(ByteView bytes) {
  codec::RowReader row(bytes);
  Message message;
  message.id = row.id();
  message.event = row.id();
  message.endpoint = row.text();
  message.order = row.text();
  const std::uint8_t state = row.u8();
  message.attempts = row.u32();
  message.failures = row.u32();
  message.created_at = row.instant();
  message.due = row.instant();
  message.finished_at = row.optional_instant();
  message.status = static_cast<std::uint16_t>(row.u32());
  message.reason = row.text();
  message.fence.epoch = row.u64();
  message.fence.n = row.u64();
  SLUICE_TRY(row.end());
  if (state < 1 || state > 5) return Error{Errc::kCorrupt, "a message has no known state"};
  message.state = static_cast<MessageState>(state);
  return message;
}

Bytes encode(const Attempt& attempt) {
  codec::RowWriter row;
  row.instant(attempt.at).u64(static_cast<std::uint64_t>(attempt.took.ms)).u32(attempt.status);
  row.text(attempt.reason).text(attempt.response).flag(attempt.truncated);
  row.u64(attempt.fence.epoch).u64(attempt.fence.n);
  return row.take();
}

Result<Attempt> decode_attempt(ByteView bytes) {
  codec::RowReader row(bytes);
  Attempt attempt;
  attempt.at = row.instant();
  attempt.took = {static_cast<std::int64_t>(row.u64())};
  attempt.status = static_cast<std::uint16_t>(row.u32());
  attempt.reason = row.text();
  attempt.response = row.text();
  attempt.truncated = row.flag();
  attempt.fence.epoch = row.u64();
  attempt.fence.n = row.u64();
  SLUICE_TRY(row.end());
  return attempt;
}

}  // namespace sluice::outbox
