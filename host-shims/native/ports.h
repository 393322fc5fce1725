// An engine's ways out of the process: HTTP requests, and calls to other cells.
//
// A port knows which of its operations are waiting. The awaiting coroutine owns the operation; when
// it is dropped, its entry goes and a late completion finds nothing to resume.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "host/cells.h"
#include "host/http.h"
#include "native/curl_http.h"
#include "task/operation.h"

namespace sluice::native {

class Node;
class Resident;

class HttpPort final : public Http {
 public:
  HttpPort(Node& node, Resident& resident) : node_(node), resident_(resident) {}
  ~HttpPort() override;

  Task<Result<HttpOutcome>> fetch(HttpRequest request) override;

 private:
  using Done = Operation<Result<HttpOutcome>>;
  struct Waiting {
    Done* done = nullptr;
    TaskId task = 0;
    TransferId transfer = 0;  // 0: not started yet.
  };

  void begin(std::uint64_t id, HttpRequest request);
  void finish(std::uint64_t id, Result<HttpOutcome> outcome);
  void drop(std::uint64_t id);

  Node& node_;
  Resident& resident_;
  std::unordered_map<std::uint64_t, Waiting> waiting_;
  std::uint64_t last_id_ = 0;
};

class CellsPort final : public Cells {
 public:
  CellsPort(Node& node, Resident& resident) : node_(node), resident_(resident) {}

  Task<Result<Bytes>> call(std::string cell, Bytes frame) override;

  // The answer to the call that this port numbered `id`; nothing when nobody waits any more.
  void finish(std::uint64_t id, Result<Bytes> answer);

 private:
  using Done = Operation<Result<Bytes>>;
  struct Waiting {
    Done* done = nullptr;
    TaskId task = 0;
  };

  Node& node_;
  Resident& resident_;
  std::unordered_map<std::uint64_t, Waiting> waiting_;
  std::uint64_t last_id_ = 0;
};

}  // namespace sluice::native
