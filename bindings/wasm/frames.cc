#include "wasm/frames.h"

#include <cmath>
#include <utility>

#include "codec/frame.h"

namespace sluice::wasm {
namespace {

using codec::FrameReader;
using codec::FrameWriter;

constexpr Error kMalformedFrame{Errc::kMalformed, "frame"};

// Milliseconds cross as f64: whole numbers up to 2^53 do so exactly.
std::optional<std::int64_t> whole(double number) {
  constexpr double kWholeMax = 9007199254740992.0;
  if (!(number >= -kWholeMax && number <= kWholeMax)) return std::nullopt;
  return static_cast<std::int64_t>(std::floor(number));
}

double as_f64(std::int64_t number) { return static_cast<double>(number); }

Headers read_headers(FrameReader& reader) {
  Headers headers(reader.count(8));
  for (Header& header : headers) {
    header.name = reader.bytes();
    header.value = reader.bytes();
  }
  return headers;
}

void write_headers(FrameWriter& writer, const Headers& headers) {
  writer.count(headers.size());
  for (const Header& header : headers) writer.bytes(header.name).bytes(header.value);
}

KvEntry read_entry(FrameReader& reader) {
  KvEntry entry;
  entry.value = reader.bytes();
  entry.version = reader.bytes();
  return entry;
}

}  // namespace

Result<BootFrame> read_boot(ByteView frame) {
  FrameReader reader(frame);
  BootFrame read;
  const std::uint8_t role = reader.u8();
  read.boot.role = role == 0 ? Role::kFront : Role::kCell;
  read.boot.cell = reader.bytes();
  read.caps.bits = reader.u32();
  read.caps.http_in_flight_max = reader.u32();
  const auto store_bytes_max = whole(reader.f64());
  read.boot.body_max = reader.u32();
  read.boot.manifest = reader.bytes();
  read.boot.environment.resize(reader.count(8));
  for (auto& [name, value] : read.boot.environment) {
    name = reader.bytes();
    value = reader.bytes();
  }
  if (reader.flag()) {
    TrapOn trap_on;
    trap_on.kind = reader.u8();
    trap_on.needle = reader.bytes();
    read.trap_on = std::move(trap_on);
  }
  if (!reader.ok() || role > 1 || !store_bytes_max || *store_bytes_max < 0) return kMalformedFrame;
  read.caps.store_bytes_max = static_cast<std::uint64_t>(*store_bytes_max);
  return read;
}

Result<InboundRequest> read_http_request(ByteView frame) {
  FrameReader reader(frame);
  InboundRequest request;
  request.method = reader.bytes();
  request.target = reader.bytes();
  request.origin = reader.bytes();
  request.headers = read_headers(reader);
  request.body = reader.bytes();
  request.body_too_large = reader.flag();
  if (!reader.ok()) return kMalformedFrame;
  return request;
}

Result<Instant> read_cron(ByteView frame) {
  FrameReader reader(frame);
  const auto scheduled = whole(reader.f64());
  if (!reader.ok() || !scheduled) return kMalformedFrame;
  return Instant{*scheduled};
}

Bytes write_http_response(const HttpResponse& response) {
  FrameWriter writer;
  writer.u32(response.status);
  write_headers(writer, response.headers);
  writer.bytes(response.body);
  return std::move(writer).take();
}

Bytes write_kv_get(const std::vector<std::string>& keys) {
  FrameWriter writer;
  writer.count(keys.size());
  for (const std::string& key : keys) writer.bytes(key);
  return std::move(writer).take();
}

Result<std::vector<std::optional<KvEntry>>> read_kv_get_result(ByteView frame) {
  FrameReader reader(frame);
  std::vector<std::optional<KvEntry>> entries(reader.count(1));
  for (auto& entry : entries) {
    if (reader.flag()) entry = read_entry(reader);
  }
  if (!reader.ok()) return kMalformedFrame;
  return entries;
}

Bytes write_kv_range(const KvRange& range) {
  FrameWriter writer;
  writer.bytes(range.lo).bytes(range.hi).u32(range.limit).flag(range.reverse);
  return std::move(writer).take();
}

Result<KvPage> read_kv_range_result(ByteView frame) {
  FrameReader reader(frame);
  KvPage page;
  page.rows.resize(reader.count(12));
  for (KvRow& row : page.rows) {
    row.key = reader.bytes();
    row.entry = read_entry(reader);
  }
  if (reader.flag()) page.next = reader.bytes();
  if (!reader.ok()) return kMalformedFrame;
  return page;
}

Bytes write_kv_commit(const KvCommit& commit) {
  FrameWriter writer;
  writer.count(commit.checks.size());
  for (const KvCheck& check : commit.checks) {
    writer.bytes(check.key).flag(check.version.has_value());
    if (check.version) writer.bytes(*check.version);
  }
  writer.count(commit.mutations.size());
  for (const KvMutation& mutation : commit.mutations) {
    writer.bytes(mutation.key).flag(mutation.value.has_value());
    if (mutation.value) writer.bytes(*mutation.value);
    writer.flag(mutation.expiry.has_value());
    if (mutation.expiry) writer.f64(as_f64(mutation.expiry->ms));
  }
  writer.u8(static_cast<std::uint8_t>(commit.wake.kind)).f64(as_f64(commit.wake.at.ms));
  writer.bytes(commit.commit_id);
  return std::move(writer).take();
}

Result<std::uint32_t> read_kv_conflict(ByteView frame) {
  FrameReader reader(frame);
  const std::uint32_t index = reader.u32();
  if (!reader.ok()) return kMalformedFrame;
  return index;
}

Bytes write_http_start(const HttpRequest& request) {
  FrameWriter writer;
  writer.bytes(request.method).bytes(request.url);
  write_headers(writer, request.headers);
  writer.bytes(request.body).f64(as_f64(request.timeout.ms)).u32(request.response_max);
  writer.flag(request.private_allowed);
  return std::move(writer).take();
}

Result<HttpOutcome> read_http_outcome(ByteView frame) {
  FrameReader reader(frame);
  if (reader.flag()) {
    const std::uint8_t fault = reader.u8();
    const bool maybe_seen = reader.flag();
    const auto last = static_cast<std::uint8_t>(HttpFault::kBlocked);
    if (!reader.ok() || fault == 0 || fault > last) return kMalformedFrame;
    const HttpFailure failure{.fault = static_cast<HttpFault>(fault), .maybe_seen = maybe_seen};
    return HttpOutcome(failure);
  }
  HttpResponse response;
  const std::uint32_t status = reader.u32();
  response.headers = read_headers(reader);
  response.body = reader.bytes();
  response.truncated = reader.flag();
  if (!reader.ok() || status > 999) return kMalformedFrame;
  response.status = static_cast<std::uint16_t>(status);
  return HttpOutcome(std::move(response));
}

Bytes write_cell_call(ByteView cell, ByteView frame) {
  FrameWriter writer;
  writer.bytes(cell).bytes(frame);
  return std::move(writer).take();
}

Bytes write_log_record(const LogRecord& record) {
  FrameWriter writer;
  writer.bytes(record.event).count(record.fields.size());
  for (const auto& [field, value] : record.fields) writer.bytes(name(field)).bytes(value);
  return std::move(writer).take();
}

}  // namespace sluice::wasm
