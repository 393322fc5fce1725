#include "inbox/dedupe.h"

#include "codec/row.h"

namespace sluice::inbox {

Bytes encode(const Seen& seen) {
  codec::RowWriter row;
  row.instant(seen.at).id(seen.event).text(seen.identity);
  return row.take();
}

Result<Seen> decode_seen(ByteView bytes) {
  codec::RowReader row(bytes);
  Seen seen;
  seen.at = row.instant();
  seen.event = row.id();
  seen.identity = row.text();
  SLUICE_TRY(row.end());
  return seen;
}

std::uint64_t bucket_of(Instant now) {
  return now.ms <= 0 ? 0 : static_cast<std::uint64_t>(now.ms / kBucket.ms);
}

bool is_within(Instant at, Instant now, Duration horizon) { return now - at <= horizon; }

Delivery judge(const std::optional<Seen>& seen, const std::optional<Seen>& repeat,
               const std::string& identity) {
  if (repeat) return Delivery::kDuplicate;
  if (!seen) return Delivery::kNew;
  return seen->identity == identity ? Delivery::kDuplicate : Delivery::kSuspectedReplay;
}

}  // namespace sluice::inbox
