#include "sim/operations.h"

#include <utility>
#include <vector>

#include "base/mark.h"
#include "outbox/message.h"
#include "sim/outside.h"
#include "store/keys.h"

namespace sluice::sim {
namespace {

// From the first request of an action until nothing of it is on its way any more: a pause that
// arrived behind the last resume would hold its endpoint for ever, as it should.
constexpr Duration kActionMax = seconds(45);

constexpr const char* kEndpoints[] = {"keyed", "plain", "rows"};

void ignore(const std::optional<HttpResponse>&) {}

}  // namespace

void Operations::start() {
  const std::uint64_t actions = world_.prng().below(6);
  for (std::uint64_t n = 0; n < actions; ++n) {
    world_.timeline().after(world_.some_time(seconds(40)), [this] { act(); });
  }
}

void Operations::post(std::string target, World::Answered answered) {
  InboundRequest request;
  request.method = "POST";
  request.target = std::move(target);
  request.origin = "https://hooks.example";
  request.headers = {{.name = "authorization", .value = "Bearer " + std::string(kSwarmToken)},
                     {.name = "content-type", .value = "application/json"}};
  world_.request(std::move(request), std::move(answered));
}

std::string Operations::some_message(const std::string& prefix) {
  const SimStore& store = world_.store("main.0");
  std::vector<std::string> seqs;
  const auto end = store.rows().lower_bound(store::end_of(prefix));
  for (auto it = store.rows().lower_bound(prefix); it != end; ++it) {
    seqs.push_back(it->first.substr(it->first.rfind('/') + 1));
  }
  if (seqs.empty()) return "";
  const auto& seq = seqs[static_cast<std::size_t>(world_.prng().below(seqs.size()))];
  const auto row = store.get("ob/m/" + seq);
  if (!row) return "";
  const auto message = outbox::decode_message(row->value);
  return message.has_value() ? format("msg_", message->id) : "";
}

void Operations::act() {
  if (stopped_) return;
  Prng& prng = world_.prng();
  const std::string endpoint = kEndpoints[prng.below(std::size(kEndpoints))];
  switch (prng.below(4)) {
    case 0:
      post("/v1/endpoints/" + endpoint + "/pause", ignore);
      world_.timeline().after(world_.some_time(seconds(10)), [this, endpoint] {
        post("/v1/endpoints/" + endpoint + "/resume", ignore);
      });
      break;
    case 1: {
      const std::string id = some_message("ob/m/");
      if (!id.empty()) post("/v1/messages/" + id + "/retry", ignore);
      break;
    }
    case 2: {
      const std::string id = some_message("ob/x/");
      if (id.empty()) break;
      SLUICE_MARK("swarm: a dead letter is redriven or dropped");
      moved_.insert(id);
      post("/v1/dead-letters/" + id + (prng.chance(3, 4) ? "/redrive" : "/drop"), ignore);
      break;
    }
    default: post("/v1/steps/orders/run", ignore); break;
  }
}

void Operations::restore() {
  stopped_ = true;
  world_.timeline().after(kActionMax, [this] { restore_from(0); });
}

void Operations::restore_from(std::size_t n) {
  if (n == 2 * std::size(kEndpoints)) {
    restored_ = true;
    return;
  }
  const std::string endpoint = kEndpoints[n / 2];
  const char* verb = n % 2 == 0 ? "/resume" : "/enable";
  post("/v1/endpoints/" + endpoint + verb, [this, n](const std::optional<HttpResponse>& response) {
    // 404: never used so far. 409: it is not off.
    const bool done = response && response->status < 500;
    world_.timeline().after(seconds(1), [this, n, done] { restore_from(done ? n + 1 : n); });
  });
}

}  // namespace sluice::sim
