#include "app/rpc.h"

#include "codec/frame.h"

namespace sluice::app {
namespace {

using codec::FrameReader;
using codec::FrameWriter;

// About how much a call takes beside its payload, and its headers.
constexpr std::size_t kCallUsual = 160;
constexpr std::size_t kHeadersUsual = 1024;

constexpr std::uint8_t kErrcLast = static_cast<std::uint8_t>(Errc::kUnauthorized);

Error malformed() { return Error{Errc::kMalformed, "a call between cells is malformed"}; }

void write_u64(FrameWriter& frame, std::uint64_t number) {
  frame.u32(static_cast<std::uint32_t>(number & 0xffff'ffffU));
  frame.u32(static_cast<std::uint32_t>(number >> 32));
}

std::uint64_t read_u64(FrameReader& frame) {
  const std::uint64_t low = frame.u32();
  const std::uint64_t high = frame.u32();
  return (high << 32) | low;
}

// A time from another process; anything beyond what a double holds exactly is no time.
Instant read_instant(FrameReader& frame) {
  const double ms = frame.f64();
  const bool usable = ms >= -9.0e15 && ms <= 9.0e15;
  return {usable ? static_cast<std::int64_t>(ms) : 0};
}

void write_headers(FrameWriter& frame, const Headers& headers) {
  frame.count(headers.size());
  for (const auto& header : headers) frame.bytes(header.name).bytes(header.value);
}

Headers read_headers(FrameReader& frame) {
  Headers headers;
  const std::uint32_t count = frame.count(8);
  headers.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    std::string name(frame.bytes());
    headers.push_back({.name = std::move(name), .value = std::string(frame.bytes())});
  }
  return headers;
}

}  // namespace

Bytes encode(const RpcRequest& request) {
  FrameWriter frame;
  frame.reserve(kCallUsual + request.payload.size());
  frame.u8(kRpcVersion).u8(static_cast<std::uint8_t>(request.kind)).u8(request.hops);
  frame.bytes(request.manifest_hash).f64(static_cast<double>(request.deadline.ms));
  frame.bytes(request.payload);
  return std::move(frame).take();
}

Result<RpcRequest> decode_rpc_request(ByteView bytes) {
  FrameReader frame(bytes);
  const std::uint8_t version = frame.u8();
  const std::uint8_t kind = frame.u8();
  RpcRequest request;
  request.hops = frame.u8();
  request.manifest_hash = std::string(frame.bytes());
  request.deadline = read_instant(frame);
  request.payload = Bytes(frame.bytes());
  if (!frame.ok()) return malformed();
  if (version == 0 || version > kRpcVersion) {
    return Error{Errc::kUnknownFormat, "a call of a newer protocol"};
  }
  if (kind < 1 || kind > 6) return Error{Errc::kUnknownFormat, "a call of an unknown kind"};
  if (request.hops > kHopsMax) return Error{Errc::kBadArgument, "a call went in circles"};
  request.kind = static_cast<RpcKind>(kind);
  return request;
}

Bytes rpc_reply(ByteView payload) {
  FrameWriter frame;
  frame.reserve(kCallUsual + payload.size());
  frame.u8(kRpcVersion).u8(0).bytes(payload);
  return std::move(frame).take();
}

Bytes rpc_error(Errc code) {
  FrameWriter frame;
  frame.u8(kRpcVersion).u8(static_cast<std::uint8_t>(code)).bytes("");
  return std::move(frame).take();
}

Result<Bytes> decode_rpc_reply(ByteView bytes) {
  FrameReader frame(bytes);
  const std::uint8_t version = frame.u8();
  const std::uint8_t code = frame.u8();
  const ByteView payload = frame.bytes();
  if (!frame.ok() || version == 0) return malformed();
  if (version > kRpcVersion) return Error{Errc::kUnknownFormat, "a reply of a newer protocol"};
  if (code == 0) return Bytes(payload);
  if (code > kErrcLast) return Error{Errc::kIo, "a reply with an unknown error"};
  return Error{static_cast<Errc>(code), "the cell answered with an error"};
}

Bytes encode(const flow::Delivery& delivery) {
  FrameWriter frame;
  frame.reserve(kCallUsual + kHeadersUsual + delivery.body.size());
  frame.bytes(delivery.print.scope).bytes(delivery.print.identity).bytes(delivery.print.digest);
  frame.flag(delivery.print.signed_identity).u32(delivery.secret);
  write_headers(frame, delivery.headers);
  frame.bytes(delivery.body);
  return std::move(frame).take();
}

Result<flow::Delivery> decode_delivery(ByteView payload) {
  FrameReader frame(payload);
  flow::Delivery delivery;
  delivery.print.scope = std::string(frame.bytes());
  delivery.print.identity = std::string(frame.bytes());
  delivery.print.digest = Bytes(frame.bytes());
  delivery.print.signed_identity = frame.flag();
  delivery.secret = frame.u32();
  delivery.headers = read_headers(frame);
  delivery.body = Bytes(frame.bytes());
  if (!frame.ok()) return malformed();
  return delivery;
}

Bytes encode(const flow::Received& received) {
  FrameWriter frame;
  frame.u8(static_cast<std::uint8_t>(received.delivery));
  write_u64(frame, received.event.seq);
  write_u64(frame, received.event.random);
  return std::move(frame).take();
}

Result<flow::Received> decode_received(ByteView payload) {
  FrameReader frame(payload);
  flow::Received received;
  const std::uint8_t delivery = frame.u8();
  received.event.seq = read_u64(frame);
  received.event.random = read_u64(frame);
  if (!frame.ok() || delivery > 2) return malformed();
  received.delivery = static_cast<inbox::Delivery>(delivery);
  return received;
}

Bytes encode(const InboundRequest& request) {
  FrameWriter frame;
  frame.reserve(kCallUsual + kHeadersUsual + request.body.size());
  frame.bytes(request.method).bytes(request.target).bytes(request.origin);
  write_headers(frame, request.headers);
  frame.bytes(request.body);
  return std::move(frame).take();
}

Result<InboundRequest> decode_inbound_request(ByteView payload) {
  FrameReader frame(payload);
  InboundRequest request;
  request.method = std::string(frame.bytes());
  request.target = std::string(frame.bytes());
  request.origin = std::string(frame.bytes());
  request.headers = read_headers(frame);
  request.body = Bytes(frame.bytes());
  if (!frame.ok()) return malformed();
  return request;
}

Bytes encode(const HttpResponse& response) {
  FrameWriter frame;
  frame.u32(response.status);
  write_headers(frame, response.headers);
  frame.bytes(response.body);
  return std::move(frame).take();
}

Result<HttpResponse> decode_http_response(ByteView payload) {
  FrameReader frame(payload);
  HttpResponse response;
  const std::uint32_t status = frame.u32();
  response.headers = read_headers(frame);
  response.body = Bytes(frame.bytes());
  if (!frame.ok() || status < 100 || status > 599) return malformed();
  response.status = static_cast<std::uint16_t>(status);
  return response;
}

Bytes encode(const KeyCall& call) {
  FrameWriter frame;
  frame.bytes(call.source).u8(static_cast<std::uint8_t>(call.wanted.kind)).bytes(call.wanted.url);
  frame.f64(static_cast<double>(call.wanted.age_max.ms));
  return std::move(frame).take();
}

Result<KeyCall> decode_key_call(ByteView payload) {
  FrameReader frame(payload);
  KeyCall call;
  call.source = std::string(frame.bytes());
  const std::uint8_t kind = frame.u8();
  call.wanted.url = std::string(frame.bytes());
  call.wanted.age_max = Duration{read_instant(frame).ms};
  if (!frame.ok() || kind < 1 || kind > 2) return malformed();
  call.wanted.kind = static_cast<signature::DocumentKind>(kind);
  return call;
}

Bytes encode(const flow::KeyDocument& document) {
  FrameWriter frame;
  frame.f64(static_cast<double>(document.age.ms)).bytes(document.bytes);
  return std::move(frame).take();
}

Result<flow::KeyDocument> decode_key_document(ByteView payload) {
  FrameReader frame(payload);
  flow::KeyDocument document;
  document.age = Duration{read_instant(frame).ms};
  document.bytes = Bytes(frame.bytes());
  if (!frame.ok() || document.age < Duration{0}) return malformed();
  return document;
}

Bytes encode(const std::vector<Refused>& refusals) {
  FrameWriter frame;
  frame.count(refusals.size());
  for (const auto& refused : refusals) {
    frame.bytes(refused.source).bytes(refused.installation);
    frame.f64(static_cast<double>(refused.at.ms)).bytes(refused.reason).bytes(refused.detail);
  }
  // Behind the list, where a reader that does not know them ends.
  for (const auto& refused : refusals) {
    frame.count(refused.hints.size());
    for (const auto& hint : refused.hints) {
      frame.u8(static_cast<std::uint8_t>(hint.kind)).bytes(hint.text);
    }
  }
  return std::move(frame).take();
}

Result<std::vector<Refused>> decode_refusals(ByteView payload) {
  FrameReader frame(payload);
  std::vector<Refused> refusals;
  const std::uint32_t count = frame.count(24);
  for (std::uint32_t i = 0; i < count && frame.ok(); ++i) {
    Refused refused;
    refused.source = std::string(frame.bytes());
    refused.installation = std::string(frame.bytes());
    refused.at = read_instant(frame);
    refused.reason = std::string(frame.bytes());
    refused.detail = std::string(frame.bytes());
    refusals.push_back(std::move(refused));
  }
  if (frame.rest().empty()) return refusals;  // From a front that sends no hints.
  for (auto& refused : refusals) {
    const std::uint32_t hints = frame.count(5);
    for (std::uint32_t i = 0; i < hints && frame.ok(); ++i) {
      auto& hint = refused.hints.emplace_back();
      hint.kind = static_cast<signature::HintKind>(frame.u8());
      hint.text = std::string(frame.bytes());
    }
  }
  if (!frame.ok()) return malformed();
  return refusals;
}

}  // namespace sluice::app
