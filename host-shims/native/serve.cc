#include "native/serve.h"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "native/json_log.h"
#include "native/node.h"
#include "native/server.h"
#include "native/system.h"

namespace sluice::native {

namespace {

constexpr Duration kCronEvery = minutes(1);
constexpr rlim_t kFilesMax = 16 * 1024;
constexpr Duration kLogDelay = milliseconds(50);
constexpr Duration kDrainLook = milliseconds(10);
constexpr Duration kRequestsDrainMax = seconds(7);  // The rest is for the engines.

HttpResponse metrics_page(const Metrics& metrics) {
  HttpResponse response{.status = 200, .headers = {}, .body = metrics.render()};
  response.headers.push_back(
      {.name = "content-type", .value = "text/plain; version=0.0.4; charset=utf-8"});
  return response;
}

// A connection is a file; the default limit of many systems is far below what one process serves.
void raise_file_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, kFilesMax);
  (void)setrlimit(RLIMIT_NOFILE, &limit);
}

class Process {
 public:
  Process(const ServeOptions& options, std::unique_ptr<SqliteStore> store,
          const EngineFactory& factory)
      : log_(clock_, metrics_, STDERR_FILENO, options.log_level),
        store_(std::move(store)),
        curl_(loop_),
        node_({loop_, *store_, curl_, clock_, random_, log_},
              {.manifest = options.manifest,
               .environment = options.environment,
               .body_max = options.body_max,
               .store_bytes_max = options.store_bytes_max},
              factory),
        cron_(loop_.base(), [this] { tick(); }),
        drain_(loop_.base(), [this] { look_at_drain(); }),
        flush_(loop_.base(), [this] { log_.flush(); }) {
    log_.on_waiting([this] { flush_.start(kLogDelay); });
  }
  ~Process() { log_.on_waiting({}); }

  // 0, or 1 with the reason on stderr.
  int run(const ServeOptions& options);

 private:
  Result<void> start(const ServeOptions& options);
  void handle(InboundRequest request, Server::Answer answer);
  void tick();
  void begin_drain();
  void look_at_drain();

  SystemClock clock_;
  SystemRandom random_;
  Metrics metrics_;
  JsonLog log_;
  EventLoop loop_;
  std::unique_ptr<SqliteStore> store_;
  CurlHttp curl_;
  Node node_;
  Timer cron_;
  Timer drain_;
  Timer flush_;
  std::unique_ptr<Server> server_;
  Duration drain_begun_;
  bool draining_ = false;
};

Result<void> Process::start(const ServeOptions& options) {
  SLUICE_TRY(node_.start());
  ServerOptions listen{.host = options.host,
                       .port = options.port,
                       .body_max = options.body_max,
                       .origin = options.origin};
  SLUICE_TRY(server_, Server::listen(loop_, std::move(listen),
                                     [this](InboundRequest request, Server::Answer answer) {
                                       handle(std::move(request), std::move(answer));
                                     }));
  loop_.on_signal(SIGTERM, [this] { begin_drain(); });
  loop_.on_signal(SIGINT, [this] { begin_drain(); });
  return {};
}

int Process::run(const ServeOptions& options) {
  const auto started = start(options);
  if (!started.has_value()) {
    log_.flush();
    std::fprintf(stderr, "sluice: cannot start: %s\n", started.error().context.data());
    return 1;
  }
  const bool v6 = options.host.find(':') != std::string::npos;
  std::printf("sluice: ready on http://%s%s%s:%u (data in %s, stop with SIGTERM)\n", v6 ? "[" : "",
              options.host.c_str(), v6 ? "]" : "", static_cast<unsigned>(server_->port()),
              options.data.c_str());
  std::fflush(stdout);
  tick();
  loop_.run();
  log_.flush();
  return 0;
}

void Process::handle(InboundRequest request, Server::Answer answer) {
  if (request.target == "/metrics" && request.method == "GET") {
    metrics_.record(MetricKind::kGauge, "sluice_cells_awake",
                    static_cast<double>(node_.cells_awake()));
    metrics_.record(MetricKind::kGauge, "sluice_http_in_flight",
                    static_cast<double>(curl_.in_flight()));
    answer(metrics_page(metrics_));
    return;
  }
  node_.http(std::move(request), std::move(answer));
}

void Process::tick() {
  const Instant now = clock_.now();
  const std::int64_t minute = now.ms / kCronEvery.ms;
  node_.cron({minute * kCronEvery.ms});
  cron_.start({(minute + 1) * kCronEvery.ms - now.ms});
}

void Process::begin_drain() {
  if (draining_) return;
  draining_ = true;
  drain_begun_ = clock_.monotonic();
  log_.write({.level = Level::kInfo, .event = "draining", .fields = {}});
  server_->stop_accepting();
  cron_.stop();
  look_at_drain();
}

void Process::look_at_drain() {
  const Duration passed = clock_.monotonic() - drain_begun_;
  if (server_->in_progress() == 0 || passed > kRequestsDrainMax) node_.begin_shutdown();
  if (node_.is_finished() || passed > kDrainMax) {
    log_.write({.level = Level::kInfo,
                .event = "stopped",
                .fields = {{Field::kDuration, std::to_string(passed.ms)}}});
    loop_.stop();
    return;
  }
  drain_.start(kDrainLook);
}

}  // namespace

int serve(const ServeOptions& options, const EngineFactory& factory) {
  signal(SIGXFSZ, SIG_IGN);  // A file at its size limit is a full disk, not a death.
  raise_file_limit();
  configure_sqlite();
  auto store = SqliteStore::open({.directory = options.data,
                                  .bytes_max = options.store_bytes_max,
                                  .vfs = "",
                                  .checkpoints = CheckpointPages{}});
  if (!store.has_value()) {
    std::fprintf(stderr, "sluice: cannot open the store in %s: %s\n", options.data.c_str(),
                 store.error().context.data());
    return 1;
  }
  Process process(options, std::move(*store), factory);
  return process.run(options);
}

}  // namespace sluice::native
