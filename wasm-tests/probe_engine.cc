// An engine without business, for tests of the boundary: each request makes the host do one thing.
//
//   POST /echo          the request's body and headers come back
//   GET  /get/KEY       the value of KEY, or 404
//   POST /put/KEY       puts the body, and answers the commit's outcome
//   POST /wake/MS       commits a wake at MS
//   POST /fetch         sends a GET to the URL in the body, and answers how it went
//   POST /drop          starts such a request and drops it at once
//   POST /call/CELL     sends the body to CELL as an RPC, and answers its reply
//   POST /log           one log record and one metric; answers random bytes
//   POST /trap          traps
//
// An RPC answers its frame reversed, and traps on `trap`. An alarm counts itself in the key
// `alarms` while the key `alarm-traps` is absent, and traps while it is there. A cron tick puts
// the key `cron`.
#include <charconv>
#include <memory>
#include <string>
#include <utility>

#include "app/engine.h"
#include "base/assert.h"

namespace sluice::app {
namespace {

std::string put_outcome(const Result<KvOutcome>& outcome) {
  if (!outcome) return std::string(name(outcome.error().code));
  return outcome->is_committed() ? "committed" : "conflict";
}

Task<Result<KvOutcome>> put(Host& host, std::string key, Bytes value, Wake wake) {
  KvCommit commit;
  if (!key.empty()) commit.mutations.push_back({.key = key, .value = value, .expiry = {}});
  commit.wake = wake;
  commit.commit_id = host.random().bytes(16);
  co_return co_await host.kv().commit(std::move(commit));
}

Task<std::string> fetch(Host& host, std::string url) {
  HttpRequest request;
  request.method = "GET";
  request.url = std::move(url);
  request.timeout = seconds(2);
  request.response_max = 64;
  request.private_allowed = true;
  const auto outcome = co_await host.http().fetch(std::move(request));
  if (!outcome) co_return std::string(name(outcome.error().code));
  if (const auto* failure = std::get_if<HttpFailure>(&*outcome)) {
    co_return std::string(name(failure->fault)) + (failure->maybe_seen ? " maybe_seen" : "");
  }
  const auto& response = *std::get_if<HttpResponse>(&*outcome);
  co_return std::to_string(response.status) + " " + response.body;
}

HttpResponse answer(std::uint16_t status, Bytes body) {
  return {.status = status, .headers = {}, .body = std::move(body)};
}

Task<HttpResponse> get(Host& host, std::string key) {
  std::vector<std::string> keys{key};
  auto entries = co_await host.kv().get(std::move(keys));
  if (!entries) co_return answer(503, std::string(name(entries.error().code)));
  if (!entries->front()) co_return answer(404, "");
  co_return answer(200, std::move(entries->front()->value));
}

HttpResponse log(Host& host) {
  host.log().write({.level = Level::kWarn, .event = "probe", .fields = {{Field::kCount, "1"}}});
  host.log().metric(MetricKind::kCounter, "sluice_probe_total", 2);
  return answer(200, host.random().bytes(16));
}

Task<HttpResponse> respond(Host& host, InboundRequest request) {
  const std::string& target = request.target;
  const auto after = [&target](std::string_view prefix) {
    return target.starts_with(prefix) ? target.substr(prefix.size()) : std::string();
  };
  if (target == "/echo") {
    co_return HttpResponse{
        .status = 200, .headers = std::move(request.headers), .body = std::move(request.body)};
  }
  if (target == "/log") co_return log(host);
  if (target == "/fetch") {
    auto outcome = co_await fetch(host, std::move(request.body));
    co_return answer(200, std::move(outcome));
  }
  if (target == "/drop") {
    Task<std::string> dropped = fetch(host, std::move(request.body));
    dropped.start();
    co_return answer(200, "dropped");
  }
  if (std::string key = after("/get/"); !key.empty()) co_return co_await get(host, std::move(key));
  if (std::string key = after("/put/"); !key.empty()) {
    const auto outcome =
        co_await put(host, std::move(key), std::move(request.body), Wake{.kind = {}, .at = {}});
    co_return answer(200, put_outcome(outcome));
  }
  if (const std::string at = after("/wake/"); !at.empty()) {
    Wake wake{.kind = Wake::Kind::kAt, .at = {}};
    std::from_chars(at.data(), at.data() + at.size(), wake.at.ms);
    std::string no_key;
    Bytes no_value;
    const auto outcome = co_await put(host, std::move(no_key), std::move(no_value), wake);
    co_return answer(200, put_outcome(outcome));
  }
  if (std::string cell = after("/call/"); !cell.empty()) {
    auto reply = co_await host.cells().call(std::move(cell), std::move(request.body));
    if (!reply) co_return answer(503, std::string(name(reply.error().code)));
    co_return answer(200, std::move(*reply));
  }
  SLUICE_ASSERT(target != "/trap");
  co_return answer(404, "");
}

class ProbeEngine final : public Engine {
 public:
  ProbeEngine(Host& host, Reply& reply) : host_(host), reply_(reply) {}

  void http(TaskId task, InboundRequest request) override {
    host_.scheduler().spawn(task, run_http(task, std::move(request)));
  }
  void cron(TaskId task, Instant scheduled) override {
    host_.scheduler().spawn(task, run_cron(task, scheduled));
  }
  void alarm(TaskId task) override { host_.scheduler().spawn(task, run_alarm(task)); }
  void rpc(TaskId task, Bytes frame) override {
    SLUICE_ASSERT(frame != "trap");
    reply_.rpc(task, Bytes(frame.rbegin(), frame.rend()));
  }
  void shutdown(TaskId task) override { reply_.done(task); }
  void cancel(TaskId) override {}

 private:
  Task<void> run_http(TaskId task, InboundRequest request) {
    HttpResponse response = co_await respond(host_, std::move(request));
    reply_.http(task, std::move(response));
  }

  Task<void> run_cron(TaskId task, Instant scheduled) {
    std::string key = "cron";
    Bytes value = std::to_string(scheduled.ms);
    (void)co_await put(host_, std::move(key), std::move(value), Wake{.kind = {}, .at = {}});
    reply_.done(task);
  }

  Task<void> run_alarm(TaskId task) {
    std::vector<std::string> keys{"alarm-traps", "alarms"};
    auto entries = co_await host_.kv().get(std::move(keys));
    SLUICE_ASSERT(entries && !entries->front());
    std::string key = "alarms";
    Bytes value = (*entries)[1] ? (*entries)[1]->value + "x" : "x";
    const Wake never{.kind = Wake::Kind::kNever, .at = {}};
    (void)co_await put(host_, std::move(key), std::move(value), never);
    reply_.done(task);
  }

  Host& host_;
  Reply& reply_;
};

}  // namespace

Result<std::unique_ptr<Engine>> make_engine(Host& host, Reply& reply, Boot boot) {
  if (boot.manifest == "refused") return Error{Errc::kMalformed, "manifest"};
  std::unique_ptr<Engine> engine = std::make_unique<ProbeEngine>(host, reply);
  return engine;
}

}  // namespace sluice::app
