#include "wasm/wasm_host.h"

#include <cmath>
#include <utility>

#include "wasm/frames.h"

namespace sluice::wasm {

Instant ImportedClock::now() {
  return {static_cast<std::int64_t>(std::floor(sluice_time_now(SLUICE_CLOCK_WALL)))};
}

Duration ImportedClock::monotonic() {
  return {static_cast<std::int64_t>(std::floor(sluice_time_now(SLUICE_CLOCK_MONOTONIC)))};
}

Bytes ImportedRandom::bytes(std::size_t count) {
  Bytes drawn(count, '\0');
  const std::int32_t answer = sluice_sys_random(drawn.data(), static_cast<std::uint32_t>(count));
  SLUICE_ASSERT(answer == 0);  // Without randomness no id and no signature is safe.
  return drawn;
}

void ImportedLog::write(LogRecord record) {
  const Bytes frame = write_log_record(record);
  sluice_sys_log(static_cast<std::uint32_t>(record.level), frame.data(),
                 static_cast<std::uint32_t>(frame.size()));
}

void ImportedLog::metric(MetricKind kind, std::string_view name, double value) {
  sluice_sys_metric(static_cast<std::uint32_t>(kind), name.data(),
                    static_cast<std::uint32_t>(name.size()), value);
}

Task<Result<std::vector<std::optional<KvEntry>>>> ImportedKv::get(std::vector<std::string> keys) {
  Call call(calls_, OnCancel::kFinish, sluice_kv_get, write_kv_get(keys));
  const Completion completion = co_await call;
  if (completion.status < 0) co_return error_of(completion.status);
  auto entries = read_kv_get_result(completion.bytes);
  if (entries && entries->size() != keys.size()) co_return Error{Errc::kIo, "kv get"};
  co_return entries;
}

Task<Result<KvPage>> ImportedKv::range(KvRange range) {
  Call call(calls_, OnCancel::kFinish, sluice_kv_range, write_kv_range(range));
  const Completion completion = co_await call;
  if (completion.status < 0) co_return error_of(completion.status);
  co_return read_kv_range_result(completion.bytes);
}

Task<Result<KvOutcome>> ImportedKv::commit(KvCommit commit) {
  Call call(calls_, OnCancel::kFinish, sluice_kv_commit, write_kv_commit(commit));
  const Completion completion = co_await call;
  if (completion.status < 0) co_return error_of(completion.status);
  KvOutcome outcome;
  if (completion.status == SLUICE_STATUS_CONFLICT) {
    SLUICE_CO_TRY(const std::uint32_t index, read_kv_conflict(completion.bytes));
    outcome.conflict = index;
  }
  co_return outcome;
}

Task<Result<HttpOutcome>> ImportedHttp::fetch(HttpRequest request) {
  Call call(calls_, OnCancel::kRefuseOrEnd, sluice_http_start, write_http_start(request));
  request = {};  // The host has its copy, and a response may take its time.
  const Completion completion = co_await call;
  if (completion.status < 0) co_return error_of(completion.status);
  co_return read_http_outcome(completion.bytes);
}

Task<Result<Bytes>> ImportedCells::call(std::string cell, Bytes frame) {
  Call call(calls_, OnCancel::kRefuse, sluice_cell_call, write_cell_call(cell, frame));
  Completion completion = co_await call;
  if (completion.status < 0) co_return error_of(completion.status);
  co_return std::move(completion.bytes);
}

}  // namespace sluice::wasm
