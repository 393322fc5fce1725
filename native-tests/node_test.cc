// Native only: needs SQLite, files and sockets.
#include "native/node.h"

#include <chrono>

#include "doctest/doctest.h"
#include "faulty_files.h"
#include "loopback_peer.h"
#include "native/json_log.h"
#include "native/system.h"
#include "scripted_engine.h"
#include "temporary_directory.h"

using namespace sluice;
using namespace sluice::native;

namespace {

// A node on a store whose disk can be made to fail.
struct Process {
  FaultyFiles& files;
  Script script;
  EventLoop loop;
  SystemClock clock;
  SystemRandom random;
  Metrics metrics;
  JsonLog log{clock, metrics, -1, Level::kError};
  std::unique_ptr<SqliteStore> store;
  CurlHttp curl{loop};
  std::unique_ptr<Node> node;
  std::unique_ptr<Timer> tick;

  Process(FaultyFiles& layer, const std::string& directory) : files(layer) {
    auto opened =
        SqliteStore::open({.directory = directory, .vfs = FaultyFiles::kName, .checkpoints = {}});
    CHECK(opened.has_value());
    if (!opened.has_value()) return;
    store = std::move(*opened);
    node =
        std::make_unique<Node>(NodeParts{loop, *store, curl, clock, random, log}, NodeOptions{},
                               [this](Host& host, Reply& reply, Boot boot) {
                                 return make_scripted_engine(script, host, reply, std::move(boot));
                               });
    CHECK(node->start().has_value());
    tick = std::make_unique<Timer>(loop.base(), [this] { tick->start(milliseconds(5)); });
    tick->start(milliseconds(5));
  }

  template <class Condition>
  bool run_until(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > end) return false;
      loop.run_once();
    }
    return true;
  }

  HttpResponse post(std::string body) {
    std::optional<HttpResponse> answer;
    node->http(request(std::move(body)), [&](HttpResponse got) { answer.emplace(std::move(got)); });
    CHECK(run_until([&] { return answer.has_value(); }));
    return answer.value_or(HttpResponse{});
  }

  static InboundRequest request(std::string body) {
    InboundRequest made;
    made.method = "POST";
    made.target = "/";
    made.body = std::move(body);
    return made;
  }
};

}  // namespace

TEST_SUITE("native/node") {
  TEST_CASE("an answer leaves only after the commit it depends on is on disk") {
    TemporaryDirectory directory;
    FaultyFiles files;
    Process process(files, directory.path());
    (void)process.post("put warm x");
    const auto before = files.syncs();
    std::optional<std::uint64_t> at_answer;
    process.node->http(Process::request("put a x"),
                       [&](HttpResponse) { at_answer = files.syncs(); });
    CHECK(!at_answer.has_value());
    CHECK(process.run_until([&] { return at_answer.has_value(); }));
    CHECK(at_answer == before + 1);
    CHECK(process.post("get a").body == "x");
  }

  TEST_CASE("requests of one turn share one commit") {
    TemporaryDirectory directory;
    FaultyFiles files;
    Process process(files, directory.path());
    (void)process.post("put warm x");
    const auto before = files.syncs();
    int answered = 0;
    for (int i = 0; i < 100; ++i) {
      process.node->http(Process::request("put k" + std::to_string(i) + " v"),
                         [&](HttpResponse got) { answered += got.status == 200; });
    }
    CHECK(process.run_until([&] { return answered == 100; }));
    CHECK(files.syncs() == before + 1);
  }

  TEST_CASE("a failed commit is answered 503, drops the engine and leaves the old state") {
    TemporaryDirectory directory;
    FaultyFiles files;
    Process process(files, directory.path());
    CHECK(process.post("put a old").status == 200);
    CHECK(process.script.boots == 1);
    files.fail_syncs(true);
    const HttpResponse failed = process.post("put a new");
    CHECK(failed.status == 503);
    CHECK(failed.body == "unknown_outcome");
    files.fail_syncs(false);
    CHECK(process.post("get a").body == "old");
    CHECK(process.script.boots == 2);
    CHECK(process.post("put a newer").status == 200);
    CHECK(process.post("get a").body == "newer");
    CHECK(process.script.boots == 2);
  }

  TEST_CASE("while the disk is full or read-only nothing is acknowledged") {
    TemporaryDirectory directory;
    FaultyFiles files;
    Process process(files, directory.path());
    (void)process.post("put a old");
    files.fail_writes(true);
    for (int i = 0; i < 3; ++i) CHECK(process.post("put a new").status == 503);
    files.fail_writes(false);
    files.make_read_only(true);
    for (int i = 0; i < 3; ++i) CHECK(process.post("put a new").status == 503);
    files.make_read_only(false);
    CHECK(process.post("get a").body == "old");
    CHECK(process.post("put a new").status == 200);
  }

  TEST_CASE("a request to the outside starts only after the commit before it") {
    TemporaryDirectory directory;
    FaultyFiles files;
    Process process(files, directory.path());
    (void)process.post("put warm x");
    LoopbackPeer peer(process.loop, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
                      Then::kKeepOpen);
    files.fail_syncs(true);
    CHECK(process.post("putfetch " + peer.url()).status == 503);
    CHECK(peer.connections() == 0);
    files.fail_syncs(false);
    CHECK(process.post("putfetch " + peer.url()).body == "hi");
    CHECK(peer.connections() == 1);
  }

  TEST_CASE("an engine that is dropped takes its requests along") {
    TemporaryDirectory directory;
    FaultyFiles files;
    Process process(files, directory.path());
    LoopbackPeer peer(process.loop, "", Then::kKeepOpen);
    std::optional<HttpResponse> waiting;
    process.node->http(Process::request("fetch " + peer.url()),
                       [&](HttpResponse got) { waiting.emplace(std::move(got)); });
    CHECK(process.run_until([&] { return peer.connections() == 1; }));
    files.fail_syncs(true);
    CHECK(process.post("put a x").status == 503);
    CHECK(waiting.has_value());
    CHECK(waiting.value_or(HttpResponse{}).status == 503);
    CHECK(process.curl.in_flight() == 0);
  }

  TEST_CASE("a wake that is due rings once, and rings again only when it is asked to") {
    TemporaryDirectory directory;
    FaultyFiles files;
    Process process(files, directory.path());
    CHECK(process.post("wake 1").status == 200);
    CHECK(process.run_until([&] { return process.script.alarms == 1; }));
    CHECK(process.post("get rang").body == "1");
    for (int i = 0; i < 20; ++i) process.loop.run_once();
    CHECK(process.script.alarms == 1);
    CHECK(process.post("wake 1").status == 200);
    CHECK(process.run_until([&] { return process.script.alarms == 2; }));
  }

  TEST_CASE("a wake outlives the process that stored it") {
    TemporaryDirectory directory;
    FaultyFiles files;
    {
      Process process(files, directory.path());
      const auto later = std::to_string(process.clock.now().ms + 60'000);
      CHECK(process.post("wake " + later).status == 200);
      CHECK(process.store->set_wake("main.0", Instant{1}).has_value());
      CHECK(process.store->end_group() == GroupEnd::kDurable);
    }
    Process process(files, directory.path());
    CHECK(process.run_until([&] { return process.script.alarms == 1; }));
  }

  TEST_CASE("an alarm that says nothing about the next one is tried again, not in a hot loop") {
    TemporaryDirectory directory;
    FaultyFiles files;
    Process process(files, directory.path());
    process.script.alarms_replace = false;
    CHECK(process.post("wake 1").status == 200);
    CHECK(process.run_until([&] { return process.script.alarms == 1; }));
    for (int i = 0; i < 20; ++i) process.loop.run_once();
    CHECK(process.script.alarms == 1);
    CHECK(process.run_until([&] { return process.script.alarms == 2; }));
  }

  TEST_CASE("shutdown reaches every engine and ends when their work has") {
    TemporaryDirectory directory;
    FaultyFiles files;
    Process process(files, directory.path());
    (void)process.post("put a x");
    process.node->cron({60'000});
    CHECK(process.script.crons == 1);
    CHECK(!process.node->is_finished());
    process.node->begin_shutdown();
    CHECK(process.run_until([&] { return process.node->is_finished(); }));
    CHECK(process.script.shutdowns == 2);
  }
}
