#include "outbox/claim.h"

#include "codec/row.h"

namespace sluice::outbox {

Bytes encode(const InFlight& marker) {
  codec::RowWriter row;
  row.u64(marker.epoch).instant(marker.until).count(marker.seqs.size());
  for (const Seq seq : marker.seqs) row.u64(seq);
  return row.take();
}

Result<InFlight> decode_in_flight(ByteView bytes) {
  codec::RowReader row(bytes);
  InFlight marker;
  marker.epoch = row.u64();
  marker.until = row.instant();
  const std::uint32_t count = row.count(8);
  for (std::uint32_t i = 0; i < count; ++i) marker.seqs.push_back(row.u64());
  SLUICE_TRY(row.end());
  return marker;
}

}  // namespace sluice::outbox
