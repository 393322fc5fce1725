#include "sim/network.h"

#include <memory>
#include <utility>

#include "base/mark.h"
#include "sim/world.h"

namespace sluice::sim {
namespace {

constexpr Duration kWayMax = milliseconds(50);

HttpFailure failure(HttpFault fault, bool maybe_seen) {
  return {.fault = fault, .maybe_seen = maybe_seen};
}

void cut(HttpOutcome& outcome, std::uint32_t response_max) {
  auto* response = std::get_if<HttpResponse>(&outcome);
  if (response == nullptr || response->body.size() <= response_max) return;
  response->body.resize(response_max);
  response->truncated = true;
}

}  // namespace

std::string Network::authority_of(const std::string& url) {
  const std::size_t scheme = url.find("://");
  const std::size_t begin = scheme == std::string::npos ? 0 : scheme + 3;
  return url.substr(begin, url.find_first_of("/?", begin) - begin);
}

std::string Network::target_of(const std::string& url) {
  const std::size_t scheme = url.find("://");
  const std::size_t begin = scheme == std::string::npos ? 0 : scheme + 3;
  const std::size_t path = url.find_first_of("/?", begin);
  return path == std::string::npos ? "/" : url.substr(path);
}

void Network::serve(std::string authority, Server server) {
  serve_slowly(std::move(authority),
               [server = std::move(server)](const HttpRequest& request, const Answer& answer) {
                 answer(server(request));
               });
}

void Network::serve_slowly(std::string authority, SlowServer server) {
  servers_.insert_or_assign(std::move(authority), std::move(server));
}

void Network::arrive(const HttpRequest& request, Answer answer) {
  const auto server = servers_.find(authority_of(request.url));
  SLUICE_ASSERT(server != servers_.end());
  world_.note("arrives", request.url);
  server->second(request, std::move(answer));
}

void Network::send(HttpRequest request, Answer answer) {
  const Faults& faults = world_.faults;
  Timeline& timeline = world_.timeline();
  if (!servers_.contains(authority_of(request.url))) {
    timeline.after(world_.some_time(kWayMax),
                   [answer] { answer(failure(HttpFault::kDns, false)); });
    return;
  }
  // The first answer counts: the peer's, a failure's, or the deadline's.
  auto waiting = std::make_shared<Answer>(std::move(answer));
  const auto give = [waiting](HttpOutcome outcome) {
    if (const Answer take = std::exchange(*waiting, {})) take(std::move(outcome));
  };
  timeline.after(request.timeout, [give] { give(failure(HttpFault::kTimeout, true)); });
  if (world_.strikes(faults.http_lost)) {
    SLUICE_MARK("sim: an HTTP request is lost");
    if (world_.prng().chance(1, 2)) give(failure(HttpFault::kConnect, false));
    return;
  }
  const bool slow = world_.strikes(faults.http_slow);
  const Duration way = world_.some_time(slow ? request.timeout + request.timeout : kWayMax);
  if (world_.strikes(faults.http_repeated)) {
    SLUICE_MARK("sim: an HTTP request arrives twice");
    timeline.after(way + world_.some_time(kWayMax),
                   [this, request] { arrive(request, [](const HttpOutcome&) {}); });
  }
  const bool lost = world_.strikes(faults.http_answer_lost);
  const bool garbage = world_.strikes(faults.http_garbage);
  timeline.after(way, [this, request, give, lost, garbage] {
    arrive(request, [this, give, lost, garbage, most = request.response_max](HttpOutcome outcome) {
      if (lost) SLUICE_MARK("sim: an HTTP answer is lost");
      if (lost) return;
      if (garbage) outcome = failure(HttpFault::kAborted, true);
      cut(outcome, most);
      world_.timeline().after(world_.some_time(kWayMax), [give, outcome] { give(outcome); });
    });
  });
}

}  // namespace sluice::sim
