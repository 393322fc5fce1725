// send: plays a provider. It signs a delivery as the scheme says, posts it, and shows the answer.
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <optional>
#include <utility>
#include <vector>

#include "base/id.h"
#include "codec/json_writer.h"
#include "native/commands.h"
#include "native/described_request.h"
#include "native/sample_request.h"
#include "native/system.h"
#include "native/text_table.h"
#include "native/throwaway_key.h"
#include "native/web_client.h"
#include "signature/sign.h"

namespace sluice::native {

namespace {

constexpr Duration kStaleBeyond = hours(1);

struct Exchange {
  HttpRequest request;
  std::string event;
  HttpResponse response;
  bool again = false;
};

bool is_good(const Exchange& exchange) {
  return exchange.response.status >= 200 && exchange.response.status < 300;
}

bool write_key(const std::string& path, const std::string& text) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return false;
  const bool written = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  return close(file) == 0 && written;
}

// Where nothing was given to sign with: a new key pair, whose public half is for the receiver.
int make_key(const Arguments& arguments, DescribedRequest& described, Random& random) {
  const signature::Scheme& scheme = *described.scheme;
  const bool fetched =
      !scheme.fetched.url.empty() || scheme.fetched.url_from.place != signature::Place::kNone;
  const auto made = throwaway_key(scheme, random);
  if (!made.has_value()) return complain(std::string(made.error().context));
  if (made->secret == made->configure || fetched) {
    (void)complain(fetched ? "send needs --key FILE: receivers fetch the public key from the "
                             "provider's URL, so the key has to be one that is published there"
                           : "send needs --secret or --key");
    return 2;
  }
  std::fprintf(stderr, "A new key pair: configure this public key at the receiver.\n%s",
               made->configure.c_str());
  if (arguments.key_out.empty()) {
    std::fprintf(stderr, "--key-out FILE keeps its private half, for --key FILE next time.\n");
  } else if (!write_key(arguments.key_out, made->secret)) {
    return complain("--key-out: the file cannot be written");
  }
  described.secrets.push_back({.value = made->secret, .not_before = {}, .not_after = {}});
  return 0;
}

std::string with_query(std::string url, const std::string& query) {
  if (query.empty()) return url;
  const char mark = url.find('?') == std::string::npos ? '?' : '&';
  return url + mark + query;
}

// What a provider would send now; signed by `secrets`.
Result<Exchange> signed_request(const Arguments& arguments, const DescribedRequest& described,
                                SystemRandom& random, SeqSource& seqs) {
  const signature::Scheme& scheme = *described.scheme;
  const Instant now =
      arguments.stale ? described.now - scheme.time.past - kStaleBeyond : described.now;
  const SampleRequest sample = sample_request(scheme, arguments.event, now, random);
  const bool own_body = !arguments.body.empty();
  Headers headers = described.headers;
  for (const Header& header : sample.headers) {
    if (count(headers, header.name) == 0) headers.push_back(header);
  }
  const Bytes body = own_body ? described.body : sample.body;
  const std::string url = with_query(arguments.target, sample.query);
  const Id id{.seq = seqs.next(described.now), .random = random.number()};
  SLUICE_TRY(auto made, signature::sign(scheme, described.secrets,
                                        {.id = format("msg_", id),
                                         .now = now,
                                         .headers = headers,
                                         .body = body,
                                         .method = arguments.method,
                                         .url = url}));
  Exchange exchange;
  exchange.event = sample.event;
  exchange.request.method = arguments.method;
  exchange.request.url = made.url.value_or(url);
  exchange.request.body = made.body.value_or(body);
  exchange.request.headers = std::move(made.headers);
  for (const Header& header : headers) {
    if (count(exchange.request.headers, header.name) > 0) continue;
    exchange.request.headers.push_back(header);
  }
  return exchange;
}

void print(const Exchange& exchange) {
  const HttpRequest& request = exchange.request;
  if (!exchange.again) {
    std::printf("%s %s\n", printable(request.method).c_str(), printable(request.url).c_str());
    for (const Header& header : request.headers) {
      std::printf("  %s: %s\n", header.name.c_str(), printable(header.value).c_str());
    }
    std::printf("  %zu bytes: %s\n", request.body.size(), printable(request.body).c_str());
  }
  std::printf("%s%u %s\n", exchange.again ? "again: " : "",
              static_cast<unsigned>(exchange.response.status),
              printable(exchange.response.body).c_str());
}

void print_json(const std::vector<Exchange>& exchanges, bool good) {
  codec::JsonWriter json;
  const HttpResponse& last = exchanges.back().response;
  json.begin_object().field("ok", good).field("status", last.status).field("body", last.body);
  json.key("requests").begin_array();
  for (const Exchange& exchange : exchanges) {
    json.begin_object().field("method", exchange.request.method);
    json.field("url", exchange.request.url).field("event", exchange.event);
    json.key("headers").begin_object();
    for (const Header& header : exchange.request.headers) json.field(header.name, header.value);
    json.end_object();
    json.field("body", exchange.request.body).field("again", exchange.again);
    json.key("answer").begin_object().field("status", exchange.response.status);
    json.field("body", exchange.response.body).end_object().end_object();
  }
  json.end_array().end_object();
  std::printf("%s\n", json.text().c_str());
}

// Whether the description can be sent as the flags ask; 0, or an exit code.
int prepare(const Arguments& arguments, DescribedRequest& described, Random& random) {
  const signature::Scheme& scheme = *described.scheme;
  if (arguments.stale && scheme.time.from.place == signature::Place::kNone) {
    (void)complain("--stale: \"" + scheme.name + "\" signs no time, so nothing goes stale");
    return 2;
  }
  if (described.secrets.empty()) {
    const int unusable = make_key(arguments, described, random);
    if (unusable != 0) return unusable;
  }
  if (!arguments.forge) return 0;
  const auto other = throwaway_key(scheme, random);
  if (!other.has_value()) return complain(std::string(other.error().context));
  described.secrets = {{.value = other->secret, .not_before = {}, .not_after = {}}};
  return 0;
}

}  // namespace

int run_send(const Arguments& arguments, const Variables& environment) {
  DescribedRequest described;
  int unusable = describe(arguments, environment, described);
  if (unusable != 0) return unusable;
  if (!described.scheme.has_value()) return 1;
  SystemRandom random;
  unusable = prepare(arguments, described, random);
  if (unusable != 0) return unusable;

  SeqSource seqs(0);
  SystemClock clock;
  std::vector<Exchange> kept;
  bool good = true;
  for (std::uint32_t i = 0; i < arguments.count; ++i) {
    if (!arguments.now_ms.has_value()) described.now = clock.now();
    auto exchange = signed_request(arguments, described, random, seqs);
    if (!exchange.has_value()) return complain(std::string(exchange.error().context));
    for (int time = 0; time < (arguments.duplicate ? 2 : 1); ++time) {
      auto response = fetch_now(exchange->request);
      if (!response.has_value()) {
        return complain(printable(arguments.target) + ": " + std::string(response.error().context));
      }
      exchange->response = *std::move(response);
      exchange->again = time > 0;
      good = good && is_good(*exchange);
      if (arguments.json) {
        kept.push_back(*exchange);
      } else {
        print(*exchange);
      }
    }
  }
  if (arguments.json) print_json(kept, good);
  return good ? 0 : 1;
}

}  // namespace sluice::native
