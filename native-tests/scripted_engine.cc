// Native only: drives the native host.
#include "scripted_engine.h"

#include <cstdlib>
#include <utility>

namespace sluice::native {

namespace {

class ScriptedEngine final : public Engine {
 public:
  ScriptedEngine(Script& script, Host& host, Reply& reply)
      : script_(script), host_(host), reply_(reply) {}

  void http(TaskId task, InboundRequest request) override {
    host_.scheduler().spawn(task, serve(task, std::move(request)));
  }
  void rpc(TaskId task, Bytes frame) override {
    host_.scheduler().spawn(task, obey(task, std::move(frame)));
  }
  void alarm(TaskId task) override {
    ++script_.alarms;
    host_.scheduler().spawn(task, ring(task));
  }
  void cron(TaskId task, Instant) override {
    ++script_.crons;
    host_.scheduler().spawn(task, end(task));
  }
  void shutdown(TaskId task) override {
    ++script_.shutdowns;
    host_.scheduler().spawn(task, end(task));
  }
  void cancel(TaskId) override {}

 private:
  Task<void> end(TaskId task) {
    reply_.done(task);
    co_return;
  }

  Task<void> serve(TaskId task, InboundRequest request) {
    if (request.method != "POST") {
      HttpResponse echo{.status = 200, .headers = {}, .body = request.method + request.target};
      for (const Header& header : request.headers) {
        echo.body += "\n" + header.name + "=" + header.value;
      }
      reply_.http(task, std::move(echo));
      co_return;
    }
    std::string cell = "main.0";
    auto answer = co_await host_.cells().call(std::move(cell), std::move(request.body));
    HttpResponse response{.status = 503, .headers = {}, .body = {}};
    if (answer.has_value()) {
      response.status = 200;
      response.body = *std::move(answer);
    } else {
      response.body = name(answer.error().code);
    }
    reply_.http(task, std::move(response));
  }

  Task<void> ring(TaskId task) {
    KvCommit commit;
    commit.mutations.push_back({.key = "rang", .value = "1", .expiry = {}});
    if (script_.alarms_replace) commit.wake.kind = Wake::Kind::kNever;
    (void)co_await host_.kv().commit(std::move(commit));
    reply_.done(task);
  }

  Task<Result<Bytes>> put(std::string key, Bytes value, Wake wake) {
    KvCommit commit;
    commit.mutations.push_back({.key = std::move(key), .value = std::move(value), .expiry = {}});
    commit.wake = wake;
    SLUICE_CO_TRY(const auto outcome, co_await host_.kv().commit(std::move(commit)));
    co_return Bytes(outcome.is_committed() ? "stored" : "conflict");
  }

  Task<Result<Bytes>> fetch(std::string url) {
    HttpRequest request;
    request.method = "POST";
    request.url = std::move(url);
    request.body = "hello";
    request.timeout = seconds(2);
    request.response_max = 64;
    request.private_allowed = script_.private_allowed;
    SLUICE_CO_TRY(auto outcome, co_await host_.http().fetch(std::move(request)));
    if (const auto* failure = std::get_if<HttpFailure>(&outcome)) {
      co_return Bytes(name(failure->fault));
    }
    co_return Bytes(std::get<HttpResponse>(outcome).body);
  }

  Task<Result<Bytes>> run(std::string verb, std::string first, Bytes rest) {
    if (verb == "put") co_return co_await put(std::move(first), std::move(rest), Wake{});
    if (verb == "wake") {
      Wake wake{.kind = Wake::Kind::kBy, .at = {std::atoll(first.c_str())}};
      std::string key = "woken";
      co_return co_await put(std::move(key), std::move(first), wake);
    }
    if (verb == "get") {
      std::vector<std::string> keys{std::move(first)};
      SLUICE_CO_TRY(auto found, co_await host_.kv().get(std::move(keys)));
      co_return found[0].has_value() ? found[0]->value : Bytes("absent");
    }
    if (verb == "fetch") co_return co_await fetch(std::move(first));
    if (verb == "putfetch") {
      std::string key = "sent";
      Bytes value = "1";
      SLUICE_CO_TRY(const auto stored, co_await put(std::move(key), std::move(value), Wake{}));
      co_return co_await fetch(std::move(first));
    }
    co_return Error{Errc::kBadArgument, "unknown verb"};
  }

  Task<void> obey(TaskId task, Bytes frame) {
    const std::size_t first = frame.find(' ');
    std::string verb = frame.substr(0, first);
    std::string rest = first == std::string::npos ? "" : frame.substr(first + 1);
    const std::size_t second = rest.find(' ');
    std::string word = rest.substr(0, second);
    Bytes value = second == std::string::npos ? "" : rest.substr(second + 1);
    auto answer = co_await run(std::move(verb), std::move(word), std::move(value));
    reply_.rpc(task, answer.has_value() ? *std::move(answer) : Bytes(name(answer.error().code)));
  }

  Script& script_;
  Host& host_;
  Reply& reply_;
};

}  // namespace

Result<std::unique_ptr<Engine>> make_scripted_engine(Script& script, Host& host, Reply& reply,
                                                     Boot boot) {
  if (boot.role == Role::kCell) ++script.boots;
  std::unique_ptr<Engine> engine = std::make_unique<ScriptedEngine>(script, host, reply);
  return engine;
}

}  // namespace sluice::native
