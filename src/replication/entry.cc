#include "replication/entry.h"

#include "codec/row.h"

namespace sluice::replication {

Bytes encode(const Entry& entry) {
  codec::RowWriter row(codec::kRowSizeUsual + entry.body.size());
  row.id(entry.id).instant(entry.received_at).text(entry.source).text(entry.content_type);
  row.text(entry.body).text(entry.blob).u32(entry.size);
  return row.take();
}

Result<Entry> decode_entry(Position position, ByteView bytes) {
  codec::RowReader row(bytes);
  Entry entry;
  entry.position = position;
  entry.id = row.id();
  entry.received_at = row.instant();
  entry.source = row.text();
  entry.content_type = row.text();
  entry.body = row.text();
  entry.blob = row.text();
  entry.size = row.u32();
  SLUICE_TRY(row.end());
  const bool inline_body = entry.blob.empty();
  if (inline_body ? entry.body.size() != entry.size : !entry.body.empty()) {
    return Error{Errc::kCorrupt, "log entry: the body has another size than its row says"};
  }
  return entry;
}

}  // namespace sluice::replication
