// The outside: servers by host name, and what gets lost on the way to them.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "host/http.h"

namespace sluice::sim {

class World;

// Answers a request, now or later, once.
using Answer = std::function<void(HttpOutcome)>;
using Server = std::function<HttpOutcome(const HttpRequest&)>;
using SlowServer = std::function<void(const HttpRequest&, Answer)>;

class Network {
 public:
  explicit Network(World& world) : world_(world) {}

  // Who answers requests to `authority`, such as `crm.example`.
  void serve(std::string authority, Server server);
  void serve_slowly(std::string authority, SlowServer server);

  // Carries a request there and its answer back. `answer` is called once, at a later time.
  void send(HttpRequest request, Answer answer);

  [[nodiscard]] static std::string authority_of(const std::string& url);
  // The URL from its path on.
  [[nodiscard]] static std::string target_of(const std::string& url);

 private:
  void arrive(const HttpRequest& request, Answer answer);

  World& world_;
  std::map<std::string, SlowServer> servers_;
};

}  // namespace sluice::sim
