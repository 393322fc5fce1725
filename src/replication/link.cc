#include "replication/link.h"

#include "base/assert.h"
#include "codec/row.h"

namespace sluice::replication {

Bytes encode(const Link& link) {
  codec::RowWriter row;
  row.u8(static_cast<std::uint8_t>(link.status)).u8(static_cast<std::uint8_t>(link.gap));
  row.text(link.applied ? format(*link.applied) : std::string());
  row.optional_instant(link.due).u32(link.failures).text(link.reason);
  row.optional_instant(link.ran_at).optional_instant(link.caught_up_at);
  row.u64(link.copied).u64(link.known);
  return row.take();
}

Result<Link> decode_link(ByteView bytes) {
  codec::RowReader row(bytes);
  const std::uint8_t status = row.u8();
  const std::uint8_t gap = row.u8();
  const std::string applied = row.text();
  Link link;
  link.due = row.optional_instant();
  link.failures = row.u32();
  link.reason = row.text();
  link.ran_at = row.optional_instant();
  link.caught_up_at = row.optional_instant();
  link.copied = row.u64();
  link.known = row.u64();
  SLUICE_TRY(row.end());

  const Error corrupt{Errc::kCorrupt, "link: a field is out of its range"};
  if (status < 1 || status > static_cast<std::uint8_t>(LinkStatus::kGap)) return corrupt;
  if (gap > static_cast<std::uint8_t>(Gap::kEntry)) return corrupt;
  link.status = static_cast<LinkStatus>(status);
  link.gap = static_cast<Gap>(gap);
  if ((link.status == LinkStatus::kGap) != (link.gap != Gap::kNone)) return corrupt;
  if (!applied.empty()) {
    link.applied = parse_token(applied);
    if (!link.applied) return Error{Errc::kCorrupt, "link: its checkpoint is no token"};
  }
  return link;
}

std::string_view status_name(const Link& link) {
  switch (link.status) {
    case LinkStatus::kLive: return "live";
    case LinkStatus::kPaused: return "paused";
    case LinkStatus::kGap: return name(link.gap);
  }
  return "live";
}

Advance advance(Link& link, const Token& next) {
  if (!link.applied) {
    link.applied = next;
    return Advance::kMoved;
  }
  if (next.stream != link.applied->stream || next.history != link.applied->history) {
    return Advance::kOtherPast;
  }
  if (next.position < link.applied->position) return Advance::kBackwards;
  if (next.position == link.applied->position) {
    return next.id == link.applied->id ? Advance::kSame : Advance::kBackwards;
  }
  link.applied = next;
  return Advance::kMoved;
}

void stop(Link& link, Gap gap) {
  SLUICE_ASSERT(gap != Gap::kNone);
  link.status = LinkStatus::kGap;
  link.gap = gap;
  link.due.reset();
  link.reason = std::string(name(gap));
}

void repair(Link& link) {
  link.status = LinkStatus::kLive;
  link.gap = Gap::kNone;
  link.applied.reset();
  link.failures = 0;
  link.reason.clear();
}

}  // namespace sluice::replication
