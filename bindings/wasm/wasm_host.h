// The host interface over the imports of the ABI.
#pragma once

#include "host/host.h"
#include "wasm/call.h"

namespace sluice::wasm {

class ImportedClock final : public Clock {
 public:
  [[nodiscard]] Instant now() override;
  [[nodiscard]] Duration monotonic() override;
};

class ImportedRandom final : public Random {
 public:
  [[nodiscard]] Bytes bytes(std::size_t count) override;
};

class ImportedLog final : public Log {
 public:
  void write(LogRecord record) override;
  void metric(MetricKind kind, std::string_view name, double value) override;
};

class ImportedKv final : public Kv {
 public:
  explicit ImportedKv(Calls& calls) : calls_(calls) {}

  Task<Result<std::vector<std::optional<KvEntry>>>> get(std::vector<std::string> keys) override;
  Task<Result<KvPage>> range(KvRange range) override;
  Task<Result<KvOutcome>> commit(KvCommit commit) override;

 private:
  Calls& calls_;
};

class ImportedHttp final : public Http {
 public:
  explicit ImportedHttp(Calls& calls) : calls_(calls) {}

  Task<Result<HttpOutcome>> fetch(HttpRequest request) override;

 private:
  Calls& calls_;
};

class ImportedCells final : public Cells {
 public:
  explicit ImportedCells(Calls& calls) : calls_(calls) {}

  Task<Result<Bytes>> call(std::string cell, Bytes frame) override;

 private:
  Calls& calls_;
};

class WasmHost final : public Host {
 public:
  explicit WasmHost(const Caps& caps) : caps_(caps) {}

  [[nodiscard]] const Caps& caps() const override { return caps_; }
  [[nodiscard]] Scheduler& scheduler() override { return scheduler_; }
  [[nodiscard]] Clock& clock() override { return clock_; }
  [[nodiscard]] Random& random() override { return random_; }
  [[nodiscard]] Log& log() override { return log_; }
  [[nodiscard]] Kv& kv() override { return kv_; }
  [[nodiscard]] Http& http() override { return http_; }
  [[nodiscard]] Cells& cells() override { return cells_; }

  [[nodiscard]] Calls& calls() { return calls_; }

 private:
  Caps caps_;
  Scheduler scheduler_;
  Calls calls_{scheduler_};
  ImportedClock clock_;
  ImportedRandom random_;
  ImportedLog log_;
  ImportedKv kv_{calls_};
  ImportedHttp http_{calls_};
  ImportedCells cells_{calls_};
};

}  // namespace sluice::wasm
