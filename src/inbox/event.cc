#include "inbox/event.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "codec/row.h"

namespace sluice::inbox {
namespace {

constexpr std::size_t kHeadersMax = 64;
constexpr std::size_t kHeaderBytesMax = 8 * 1024;
constexpr std::size_t kEnvelopeUsual = 512;

bool is_kept(std::string_view name) {
  static constexpr std::array<std::string_view, 8> kNever = {
      "signature", "token", "secret", "auth", "forwarded", "real-ip", "api-key", "cookie"};
  if (name == "content-type") return true;
  if (name.substr(0, 2) != "x-" && name.substr(0, 3) != "ce-") return false;
  for (const auto part : kNever) {
    if (name.find(part) != std::string_view::npos) return false;
  }
  return true;
}

}  // namespace

std::string_view name(Routing routing) {
  switch (routing) {
    case Routing::kRouted: return "routed";
    case Routing::kSuspectedReplay: return "suspected_replay";
    case Routing::kExpanding: return "expanding";
  }
  return "unknown";
}

Bytes encode(const Event& event) {
  codec::RowWriter row(kEnvelopeUsual + event.body.size());
  row.id(event.id).text(event.source).instant(event.received_at).count(event.headers.size());
  for (const auto& header : event.headers) row.text(header.name).text(header.value);
  row.text(event.body).text(event.blob).u32(event.body_size).text(event.identity);
  row.u32(event.secret).u8(static_cast<std::uint8_t>(event.routing));
  row.u32(event.unfinished).u32(event.dead);
  return row.take();
}

Result<Event> decode_event(ByteView bytes) {
  codec::RowReader row(bytes);
  Event event;
  event.id = row.id();
  event.source = row.text();
  event.received_at = row.instant();
  const std::uint32_t headers = row.count(8);
  for (std::uint32_t i = 0; i < headers; ++i) {
    std::string header = row.text();
    event.headers.push_back({.name = std::move(header), .value = row.text()});
  }
  event.body = row.text();
  event.blob = row.text();
  event.body_size = row.u32();
  event.identity = row.text();
  event.secret = row.u32();
  const std::uint8_t routing = row.u8();
  event.unfinished = row.u32();
  event.dead = row.u32();
  SLUICE_TRY(row.end());
  if (routing < 1 || routing > 3) return Error{Errc::kCorrupt, "an event has no known routing"};
  event.routing = static_cast<Routing>(routing);
  return event;
}

Headers kept_headers(const Headers& headers) {
  Headers kept;
  kept.reserve(std::min(headers.size(), kHeadersMax));
  std::size_t bytes = 0;
  for (const auto& header : headers) {
    if (!is_kept(header.name)) continue;
    bytes += header.name.size() + header.value.size();
    if (kept.size() == kHeadersMax || bytes > kHeaderBytesMax) break;
    kept.push_back(header);
  }
  return kept;
}

}  // namespace sluice::inbox
