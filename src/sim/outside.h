// Everything around an engine in the swarm: who sends, who receives, whose API is read.
//
// Each keeps a journal, so that in the end both sides can be compared.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/world.h"

namespace sluice::sim {

inline constexpr std::string_view kSwarmSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
inline constexpr std::string_view kSwarmToken = "token-of-the-admin";

// Sends signed webhooks, and each one again until it is answered with 2xx; some once more.
class Sender {
 public:
  struct Webhook {
    std::string id;
    std::string key;
    Bytes body;
    bool accepted = false;
    std::uint32_t tries = 0;
  };

  explicit Sender(World& world) : world_(world) {}

  // Draws the webhooks of this seed and when each is sent first.
  void start();
  [[nodiscard]] const std::vector<Webhook>& webhooks() const { return webhooks_; }
  [[nodiscard]] bool is_done() const;

 private:
  void send(std::size_t n);
  void answered(std::size_t n, const std::optional<HttpResponse>& response);

  World& world_;
  std::vector<Webhook> webhooks_;
};

// Publishes messages through the API, each under an idempotency key, until it is told that one is.
class Publisher {
 public:
  struct Publication {
    std::string key;
    Bytes body;
    bool accepted = false;
    std::string answer;  // The first one; repeats are answered alike.
    bool answers_differ = false;
  };

  explicit Publisher(World& world) : world_(world) {}

  void start();
  [[nodiscard]] const std::vector<Publication>& publications() const { return publications_; }
  [[nodiscard]] bool is_done() const;

 private:
  void send(std::size_t n);

  World& world_;
  std::vector<Publication> publications_;
};

// An endpoint: verifies what arrives and answers well or badly.
class Receiver {
 public:
  struct Arrivals {
    std::uint64_t first = 0;  // Place among all arrivals.
    std::uint32_t count = 0;
    bool answered_well = false;
    Bytes body;
  };

  Receiver(World& world, std::string authority);

  // Of a thousand requests so many are answered badly.
  std::uint32_t bad = 0;
  // Requests whose body holds this are never answered well.
  std::string poison;

  [[nodiscard]] const std::map<std::string, Arrivals>& arrivals() const { return arrivals_; }
  [[nodiscard]] const std::vector<std::string>& complaints() const { return complaints_; }

 private:
  HttpOutcome receive(const HttpRequest& request);
  HttpOutcome answer_badly();

  World& world_;
  std::map<std::string, Arrivals> arrivals_;  // By `webhook-id`.
  std::vector<std::string> complaints_;
  std::uint64_t arrived_ = 0;
};

// A paged API with a history of items, all of them settled long ago.
class PagedApi {
 public:
  struct Item {
    std::string id;
    Instant at;
    std::string json;
  };

  explicit PagedApi(World& world);

  std::uint32_t bad = 0;  // Of a thousand requests.
  [[nodiscard]] const std::vector<Item>& items() const { return items_; }

 private:
  HttpOutcome answer(const HttpRequest& request);
  [[nodiscard]] std::string page(const std::string& url) const;

  World& world_;
  std::vector<Item> items_;
};

// Answers a peer's requests by the world's own front.
void serve_front(World& world, const std::string& authority);

}  // namespace sluice::sim
