#include "native/ports.h"

#include <utility>

#include "native/node.h"
#include "native/resident.h"

namespace sluice::native {

namespace {

constexpr std::size_t kCallsMax = 4096;  // Waiting at once, per engine.

}  // namespace

HttpPort::~HttpPort() {
  for (const auto& [id, waiting] : waiting_) node_.curl().cancel(waiting.transfer);
}

Task<Result<HttpOutcome>> HttpPort::fetch(HttpRequest request) {
  if (waiting_.size() >= resident_.caps().http_in_flight_max) {
    co_return Error{Errc::kOverloaded, "too many requests at once"};
  }
  const std::uint64_t id = ++last_id_;
  Done done(resident_.scheduler(), [this, id] { drop(id); });
  waiting_.emplace(id,
                   Waiting{.done = &done, .task = resident_.scheduler().current(), .transfer = 0});
  node_.pass(resident_,
             [this, id, sent = std::move(request)]() mutable { begin(id, std::move(sent)); });
  co_return co_await done;
}

void HttpPort::begin(std::uint64_t id, HttpRequest request) {
  const auto found = waiting_.find(id);
  if (found == waiting_.end()) return;  // Its task was dropped while the commit was under way.
  const auto started = node_.curl().start(
      std::move(request), [this, id](HttpOutcome outcome) { finish(id, std::move(outcome)); });
  if (started.has_value()) {
    found->second.transfer = *started;
  } else {
    finish(id, started.error());
  }
}

void HttpPort::finish(std::uint64_t id, Result<HttpOutcome> outcome) {
  const auto found = waiting_.find(id);
  if (found == waiting_.end()) return;
  const Waiting waiting = found->second;
  waiting_.erase(found);
  waiting.done->complete(std::move(outcome));
  node_.resume(resident_, waiting.task);
}

void HttpPort::drop(std::uint64_t id) {
  const auto found = waiting_.find(id);
  if (found == waiting_.end()) return;
  node_.curl().cancel(found->second.transfer);
  waiting_.erase(found);
}

Task<Result<Bytes>> CellsPort::call(std::string cell, Bytes frame) {
  if (waiting_.size() >= kCallsMax) {
    co_return Error{Errc::kOverloaded, "too many calls at once"};
  }
  const std::uint64_t id = ++last_id_;
  Done done(resident_.scheduler(), [this, id] { waiting_.erase(id); });
  waiting_.emplace(id, Waiting{.done = &done, .task = resident_.scheduler().current()});
  node_.pass(resident_, [this, id, to = std::move(cell), sent = std::move(frame)]() mutable {
    if (waiting_.contains(id)) {
      node_.open_call(resident_, id, std::move(to), std::move(sent));
    }
  });
  co_return co_await done;
}

void CellsPort::finish(std::uint64_t id, Result<Bytes> answer) {
  const auto found = waiting_.find(id);
  if (found == waiting_.end()) return;
  const Waiting waiting = found->second;
  waiting_.erase(found);
  waiting.done->complete(std::move(answer));
  node_.resume(resident_, waiting.task);
}

}  // namespace sluice::native
