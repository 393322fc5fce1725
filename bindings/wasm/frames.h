// The frames of the ABI (bindings/abi/README.md) as the core's own types.
//
// Reading is total: bytes that are not the frame give kMalformed, never a guess. Writing trusts
// the core, which keeps the limits of its host interface.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "host/engine.h"
#include "host/host.h"

namespace sluice::wasm {

// Tests of the hosts ask for a trap: an event of this kind whose payload contains `needle` traps.
struct TrapOn {
  std::uint8_t kind = 0;
  std::string needle;

  friend bool operator==(const TrapOn&, const TrapOn&) = default;
};

struct BootFrame {
  Boot boot;
  Caps caps;
  std::optional<TrapOn> trap_on;
};

[[nodiscard]] Result<BootFrame> read_boot(ByteView frame);
[[nodiscard]] Result<InboundRequest> read_http_request(ByteView frame);
[[nodiscard]] Result<Instant> read_cron(ByteView frame);
[[nodiscard]] Bytes write_http_response(const HttpResponse& response);

[[nodiscard]] Bytes write_kv_get(const std::vector<std::string>& keys);
[[nodiscard]] Result<std::vector<std::optional<KvEntry>>> read_kv_get_result(ByteView frame);
[[nodiscard]] Bytes write_kv_range(const KvRange& range);
[[nodiscard]] Result<KvPage> read_kv_range_result(ByteView frame);
[[nodiscard]] Bytes write_kv_commit(const KvCommit& commit);
[[nodiscard]] Result<std::uint32_t> read_kv_conflict(ByteView frame);

[[nodiscard]] Bytes write_http_start(const HttpRequest& request);
[[nodiscard]] Result<HttpOutcome> read_http_outcome(ByteView frame);
[[nodiscard]] Bytes write_cell_call(ByteView cell, ByteView frame);
[[nodiscard]] Bytes write_log_record(const LogRecord& record);

}  // namespace sluice::wasm
