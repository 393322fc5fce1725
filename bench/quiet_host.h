// A host for measuring a front alone: its clock stands still, and it stores, sends and logs
// nothing.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "host/engine.h"

namespace sluice::bench {

class StillClock final : public Clock {
 public:
  Instant now() override { return {1'750'000'000'000}; }
  Duration monotonic() override { return {0}; }
};

class NoRandom final : public Random {
 public:
  Bytes bytes(std::size_t count) override { return Bytes(count, 'r'); }
};

class NoLog final : public Log {
 public:
  void write(LogRecord) override {}
  void metric(MetricKind, std::string_view, double) override {}
};

class NoKv final : public Kv {
 public:
  Task<Result<std::vector<std::optional<KvEntry>>>> get(std::vector<std::string>) override {
    co_return Error{Errc::kIo, "no store"};
  }
  Task<Result<KvPage>> range(KvRange) override { co_return Error{Errc::kIo, "no store"}; }
  Task<Result<KvOutcome>> commit(KvCommit) override { co_return Error{Errc::kIo, "no store"}; }
};

class NoHttp final : public Http {
 public:
  Task<Result<HttpOutcome>> fetch(HttpRequest) override { co_return Error{Errc::kIo, "no net"}; }
};

class NoCells final : public Cells {
 public:
  Task<Result<Bytes>> call(std::string, Bytes) override { co_return Error{Errc::kIo, "no cell"}; }
};

class QuietHost final : public Host, public Reply {
 public:
  const Caps& caps() const override { return caps_; }
  Scheduler& scheduler() override { return scheduler_; }
  Clock& clock() override { return clock_; }
  Random& random() override { return random_; }
  Log& log() override { return log_; }
  Kv& kv() override { return kv_; }
  Http& http() override { return http_; }
  Cells& cells() override { return cells_; }

  void http(TaskId, HttpResponse response) override { answer = std::move(response); }
  void rpc(TaskId, Bytes) override {}
  void done(TaskId) override {}

  HttpResponse answer;  // The last one.

 private:
  Caps caps_;
  Scheduler scheduler_;
  StillClock clock_;
  NoRandom random_;
  NoLog log_;
  NoKv kv_;
  NoHttp http_;
  NoCells cells_;
};

}  // namespace sluice::bench
