// One cell without its engine, for tests of the admin API: a store, its tables, and questions.
//
// Nothing dispatches here, so a published message stays queued until a test records an outcome.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/admin.h"
#include "base/prng.h"
#include "flow/cell.h"
#include "sim/world.h"
#include "tables/deliveries.h"
#include "tables/publish.h"

namespace sluice::sim {

// A manifest with one of everything; its URLs hold secrets behind their origins.
extern const std::string_view kAdminManifest;

// What a JSON answer says at `pointer`: the value's source text, strings without quotes; empty
// where there is nothing.
[[nodiscard]] std::string said(const HttpResponse& response, std::string_view pointer);
// The number of items in a list.
[[nodiscard]] std::size_t items(const HttpResponse& response);

class AdminCell {
 public:
  // `manifest` has to be free of errors; `env:KEY` is a secret for every scheme.
  explicit AdminCell(std::string_view manifest = kAdminManifest);

  [[nodiscard]] HttpResponse get(std::string target);
  [[nodiscard]] HttpResponse post(std::string target, Bytes body = {}, Headers headers = {});
  [[nodiscard]] HttpResponse ask(InboundRequest request);

  // Publishes one event and gives the ids of the messages it made.
  std::vector<Id> publish(std::vector<tables::Target> targets, Bytes body);
  // Records the outcome of one attempt of a queued message.
  void attempt(Id message, outbox::Next next, Bytes response);
  void refuse(std::string source, int times, std::string detail);

  void run(Task<void> task);
  void advance(Duration duration) { world.run_for(duration); }
  [[nodiscard]] SimStore& rows() { return world.store("main.0"); }

  World world;
  manifest::Manifest manifest;
  store::Store store;
  tables::Numbering numbering;
  Prng jitter{1};
  flow::Cell cell;
  int pokes = 0;
};

}  // namespace sluice::sim
