// Webhooks under keys that their provider publishes: a front, the registry's cell, and the
// provider's host, in memory.

#include "app/cell_engine.h"
#include "app/front.h"
#include "codec/base64.h"
#include "doctest/doctest.h"
#include "flow/fetch_key.h"
#include "signature/jws.h"
#include "signature/key_match.h"
#include "sim/marks.h"
#include "sim/world.h"

namespace sluice::app {
namespace {

// RFC 8037, A.1, and RFC 9421, B.1.4.
struct KeyPair {
  std::string_view id;
  std::string_view d;
  std::string_view x;
};
constexpr KeyPair kFirst{"first", "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
                         "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"};
constexpr KeyPair kSecond{"second", "n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU",
                          "JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs"};

std::string jwk(const KeyPair& pair, bool with_private_half) {
  std::string text = R"({"kty":"OKP","crv":"Ed25519","kid":")" + std::string(pair.id) +
                     R"(","x":")" + std::string(pair.x) + "\"";
  if (with_private_half) text += R"(,"d":")" + std::string(pair.d) + "\"";
  return text + "}";
}

signature::Scheme scheme() {
  signature::Scheme scheme;
  scheme.name = "acme";
  scheme.family = signature::Family::kJwt;
  scheme.signature.from = {.place = signature::Place::kHeader, .name = "authorization"};
  scheme.signature.prefix = "Bearer ";
  scheme.signature.encoding = signature::Encoding::kNone;
  scheme.jwt.algorithms = {signature::Algorithm::kEd25519};
  scheme.identity = {{.site = {.place = signature::Place::kClaim, .name = "jti"}}};
  scheme.body_unsigned = true;
  scheme.fetched.url = "https://keys.example/jwks.json";
  return scheme;
}

std::string token(const KeyPair& pair, std::string_view key_id, std::string_view claims) {
  const signature::Keys keys =
      signature::prepare(scheme(), {signature::Secret{.value = jwk(pair, true)}});
  CHECK(keys.usable.size() == 1);
  const std::string header = R"({"alg":"EdDSA","kid":")" + std::string(key_id) + R"("})";
  const std::string text = signature::jws_signed_text(header, claims);
  const auto made = signature::sign_with(keys.usable.at(0), signature::Algorithm::kEd25519, text);
  CHECK(made.has_value());
  return text + "." + codec::encode_base64(made.has_value() ? *made : Bytes(), codec::kBase64Url);
}

struct Setup {
  explicit Setup(std::uint64_t seed)
      : world(seed, sim::Faults::none(), [this](Host& host, Reply& reply, Boot boot) {
          return make(host, reply, std::move(boot));
        }) {
    manifest.slug = "test";
    manifest.hash = std::string(32, '0');
    manifest.installations = {"main"};
    manifest::Source source;
    source.name = "acme";
    source.scheme = scheme();
    manifest.sources.push_back(source);
    published = {&kFirst};
    world.network().serve("keys.example", [this](const HttpRequest& request) -> HttpOutcome {
      ++fetches;
      CHECK(request.url == "https://keys.example/jwks.json");
      CHECK(request.method == "GET");
      std::string keys;
      for (const auto* pair : published) {
        keys += (keys.empty() ? "" : ",") + jwk(*pair, false);
      }
      return HttpResponse{.status = status,
                          .headers = {},
                          .body = R"({"keys":[)" + keys + "]}",
                          .truncated = false};
    });
  }

  std::unique_ptr<Engine> make(Host& host, Reply& reply, Boot boot) {
    if (boot.role == Role::kFront) return std::make_unique<Front>(host, reply, manifest);
    return std::make_unique<CellEngine>(host, reply, std::move(boot.cell), manifest);
  }

  // Counts what `n` webhooks at the same time are answered with.
  std::map<int, int> send(const KeyPair& pair, std::string_view key_id, int n = 1) {
    std::map<int, int> answers;
    int answered = 0;
    for (int i = 0; i < n; ++i) {
      InboundRequest request;
      request.method = "POST";
      request.target = "/in/acme";
      request.origin = "https://hooks.example";
      const std::string claims = R"({"jti":"d)" + std::to_string(++deliveries) + R"("})";
      request.headers = {{"authorization", "Bearer " + token(pair, key_id, claims)}};
      request.body = "{}";
      world.request(std::move(request), [&](const std::optional<HttpResponse>& response) {
        ++answered;
        ++answers[response ? response->status : 0];
      });
    }
    for (int i = 0; i < 100'000 && answered < n; ++i) {
      if (!world.step()) break;
    }
    return answers;
  }

  manifest::Manifest manifest;
  std::vector<const KeyPair*> published;
  std::uint16_t status = 200;
  int fetches = 0;
  int deliveries = 0;
  sim::World world;
};

using Answers = std::map<int, int>;

}  // namespace

TEST_SUITE("app/published_key") {
  TEST_CASE("a webhook waits for the key that it is verified with, and the next one does not") {
    Setup setup(1);
    CHECK(setup.send(kFirst, "first") == Answers{{200, 1}});
    CHECK(setup.fetches == 1);
    CHECK(setup.send(kFirst, "first", 20) == Answers{{200, 20}});
    CHECK(setup.send(kSecond, "first") == Answers{{401, 1}});
    CHECK(setup.fetches == 1);
  }

  TEST_CASE("many webhooks under a new key make one request") {
    Setup setup(2);
    CHECK(setup.send(kFirst, "first", 50) == Answers{{200, 50}});
    CHECK(setup.fetches == 1);
  }

  TEST_CASE("a key that was added is found, a key that was removed is forgotten") {
    Setup setup(3);
    CHECK(setup.send(kFirst, "first") == Answers{{200, 1}});
    setup.published = {&kSecond};
    setup.world.run_for(seconds(61));
    CHECK(setup.send(kSecond, "second", 10) == Answers{{200, 10}});
    CHECK(setup.fetches == 2);
    CHECK(setup.send(kFirst, "first") == Answers{{401, 1}});
    CHECK(setup.fetches == 2);
  }

  TEST_CASE("a key that was removed is believed for ten minutes at most") {
    Setup setup(4);
    CHECK(setup.send(kFirst, "first") == Answers{{200, 1}});
    setup.published = {};
    setup.world.run_for(minutes(9));
    CHECK(setup.send(kFirst, "first") == Answers{{200, 1}});
    setup.world.run_for(minutes(2));
    CHECK(setup.send(kFirst, "first") == Answers{{401, 1}});
    CHECK(setup.fetches == 2);
  }

  TEST_CASE("a storm of unknown key ids makes one request a minute, and is refused") {
    Setup setup(5);
    CHECK(setup.send(kFirst, "first") == Answers{{200, 1}});
    for (int i = 0; i < 50; ++i) {
      const auto answers = setup.send(kSecond, "forged-" + std::to_string(i));
      CHECK(answers == Answers{{401, 1}});
    }
    CHECK(setup.fetches == 1);
    setup.world.run_for(seconds(61));
    CHECK(setup.send(kSecond, "forged-again", 50) == Answers{{401, 50}});
    CHECK(setup.fetches == 2);
    CHECK(setup.send(kFirst, "first") == Answers{{200, 1}});
  }

  TEST_CASE("while the provider's host fails a webhook is to be sent again, and then accepted") {
    Setup setup(6);
    setup.status = 500;
    CHECK(setup.send(kFirst, "first", 30) == Answers{{503, 30}});
    CHECK(setup.fetches == 1);
    CHECK(setup.send(kFirst, "first", 30) == Answers{{503, 30}});
    CHECK(setup.fetches == 1);
    setup.world.run_for(seconds(6));
    CHECK(setup.send(kFirst, "first") == Answers{{503, 1}});
    CHECK(setup.fetches == 2);
    setup.status = 200;
    setup.world.run_for(seconds(6));
    CHECK(setup.send(kFirst, "first") == Answers{{200, 1}});
    CHECK(setup.fetches == 3);
  }

  TEST_CASE("a set that is none, or a redirect, is a failure as well") {
    Setup setup(7);
    setup.status = 302;
    CHECK(setup.send(kFirst, "first") == Answers{{503, 1}});
    setup.manifest.sources[0].scheme.fetched.url = "https://keys.example/jwks.json";
    setup.world.network().serve("keys.example", [&](const HttpRequest&) -> HttpOutcome {
      return HttpResponse{.status = 200, .headers = {}, .body = "<html>", .truncated = false};
    });
    setup.world.run_for(seconds(6));
    CHECK(setup.send(kFirst, "first") == Answers{{503, 1}});
    setup.world.network().serve("keys.example", [&](const HttpRequest&) -> HttpOutcome {
      return HttpResponse{.status = 200, .headers = {}, .body = "{", .truncated = true};
    });
    setup.world.run_for(minutes(11));
    CHECK(setup.send(kFirst, "first") == Answers{{503, 1}});
  }

  TEST_CASE("what the front forgot is had from the cell that kept it") {
    Setup setup(8);
    CHECK(setup.send(kFirst, "first") == Answers{{200, 1}});
    setup.world.crash("front");
    CHECK(setup.send(kFirst, "first") == Answers{{200, 1}});
    CHECK(setup.fetches == 1);
    setup.world.crash("registry");
    setup.world.crash("front");
    CHECK(setup.send(kFirst, "first") == Answers{{200, 1}});
    CHECK(setup.fetches == 2);
  }

  TEST_CASE("a private address is not fetched from") {
    Setup setup(9);
    setup.manifest.sources[0].scheme.fetched.url = "http://127.0.0.1/jwks.json";
    CHECK(setup.send(kFirst, "first") == Answers{{503, 1}});
    CHECK(setup.fetches == 0);
  }
}

}  // namespace sluice::app
