// The frames that fronts and cells send each other.
//
// A request carries the protocol's version, what kind of call it is, the manifest that the caller
// runs, a deadline and a hop count; adjacent versions understand each other. A reply is an error
// code (0: none) and a payload. Byte formats are in app/README.md.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/headers.h"
#include "base/result.h"
#include "base/time.h"
#include "flow/fetch_key.h"
#include "flow/receive_webhook.h"
#include "host/engine.h"
#include "host/http.h"
#include "signature/diagnosis.h"

namespace sluice::app {

inline constexpr std::uint8_t kRpcVersion = 1;
inline constexpr std::uint8_t kHopsMax = 4;

enum class RpcKind : std::uint8_t {
  kIngest = 1,    // A verified webhook, to be stored.
  kHttp = 2,      // An authorised admin request, to be answered by the cell.
  kTick = 3,      // Look at your timers.
  kRefusals = 4,  // What a front refused, for the operator.
  kRegister = 5,  // To the registry: this cell exists.
  kFetchKey = 6,  // To the registry: what a provider publishes is wanted.
};

struct RpcRequest {
  RpcKind kind{};
  std::uint8_t hops = 0;
  std::string manifest_hash;
  Instant deadline;
  Bytes payload;
};

[[nodiscard]] Bytes encode(const RpcRequest& request);
// Errors: kMalformed, kUnknownFormat (a newer protocol), kBadArgument (too many hops).
[[nodiscard]] Result<RpcRequest> decode_rpc_request(ByteView frame);

[[nodiscard]] Bytes rpc_reply(ByteView payload);
[[nodiscard]] Bytes rpc_error(Errc code);
// The payload of a reply, or the error it carries.
[[nodiscard]] Result<Bytes> decode_rpc_reply(ByteView frame);

[[nodiscard]] Bytes encode(const flow::Delivery& delivery);
[[nodiscard]] Result<flow::Delivery> decode_delivery(ByteView payload);

[[nodiscard]] Bytes encode(const flow::Received& received);
[[nodiscard]] Result<flow::Received> decode_received(ByteView payload);

[[nodiscard]] Bytes encode(const InboundRequest& request);
[[nodiscard]] Result<InboundRequest> decode_inbound_request(ByteView payload);

[[nodiscard]] Bytes encode(const HttpResponse& response);
[[nodiscard]] Result<HttpResponse> decode_http_response(ByteView payload);

// A document with keys that `source` needs.
struct KeyCall {
  std::string source;
  signature::KeyWanted wanted;
};

[[nodiscard]] Bytes encode(const KeyCall& call);
[[nodiscard]] Result<KeyCall> decode_key_call(ByteView payload);

[[nodiscard]] Bytes encode(const flow::KeyDocument& document);
[[nodiscard]] Result<flow::KeyDocument> decode_key_document(ByteView payload);

// One refused request, without anything of its content.
struct Refused {
  std::string source;
  std::string installation;
  Instant at;
  std::string reason;
  std::string detail;
  std::vector<signature::Hint> hints;
};

[[nodiscard]] Bytes encode(const std::vector<Refused>& refusals);
[[nodiscard]] Result<std::vector<Refused>> decode_refusals(ByteView payload);

}  // namespace sluice::app
