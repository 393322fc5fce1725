#include "sync/reject.h"

#include <algorithm>
#include <limits>

#include "base/assert.h"
#include "codec/row.h"

namespace sluice::sync {

Bytes encode(const Reject& reject) {
  codec::RowWriter row;
  row.u8(static_cast<std::uint8_t>(reject.reason)).text(reject.id);
  row.instant(reject.first_at).instant(reject.last_at).u32(reject.count).u32(reject.size);
  row.text(reject.raw);
  return row.take();
}

Result<Reject> decode_reject(ByteView bytes) {
  codec::RowReader row(bytes);
  const std::uint8_t reason = row.u8();
  Reject reject;
  reject.reason = static_cast<Rejection>(reason);
  reject.id = row.text();
  reject.first_at = row.instant();
  reject.last_at = row.instant();
  reject.count = row.u32();
  reject.size = row.u32();
  reject.raw = row.text();
  SLUICE_TRY(row.end());
  if (reason < static_cast<std::uint8_t>(Rejection::kIdMissing) ||
      reason > static_cast<std::uint8_t>(Rejection::kTooLarge)) {
    return Error{Errc::kCorrupt, "reject: no such reason"};
  }
  return reject;
}

Reject make_reject(const Record& record, Instant now) {
  SLUICE_ASSERT(record.rejection != Rejection::kNone);
  Reject reject;
  reject.reason = record.rejection;
  reject.id = record.id;
  reject.first_at = now;
  reject.last_at = now;
  reject.size = static_cast<std::uint32_t>(record.raw.size());
  reject.raw = std::string(record.raw.substr(0, kRejectBytesMax));
  return reject;
}

void count_again(Reject& reject, Instant now) {
  reject.last_at = std::max(reject.last_at, now);
  if (reject.count < std::numeric_limits<std::uint32_t>::max()) ++reject.count;
}

}  // namespace sluice::sync
