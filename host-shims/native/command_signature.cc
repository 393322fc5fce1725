#include <algorithm>
#include <cstdio>

#include "base/id.h"
#include "codec/hex.h"
#include "codec/json_writer.h"
#include "native/commands.h"
#include "native/files.h"
#include "native/system.h"
#include "native/web_client.h"
#include "signature/catalogue.h"
#include "signature/presets.h"
#include "signature/sign.h"
#include "signature/verify.h"

namespace sluice::native {

namespace {

// One request as the command line describes it.
struct Described {
  std::optional<signature::Scheme> scheme;
  std::vector<signature::Secret> secrets;
  Headers headers;
  Bytes body;
  Instant now;
};

int complain(const std::string& what) {
  std::fprintf(stderr, "sluice: %s\n", what.c_str());
  return 1;
}

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::optional<Bytes> secret_of(const std::string& text, const Variables& environment) {
  if (text.substr(0, 4) != "env:") return text;
  for (const auto& [name, value] : environment) {
    if (name == text.substr(4)) return value;
  }
  return std::nullopt;
}

// 0, or the exit code when the description is unusable.
int describe(const Arguments& arguments, const Variables& environment, Described& described) {
  described.scheme = signature::preset(arguments.scheme);
  for (const std::string& text : arguments.secrets) {
    auto value = secret_of(text, environment);
    if (!value.has_value()) return complain("--secret: no such variable in the environment");
    described.secrets.push_back({.value = *std::move(value), .not_before = {}, .not_after = {}});
  }
  if (!arguments.key_file.empty()) {
    auto key = read_file(arguments.key_file);
    if (!key.has_value()) return complain("--key: the file " + std::string(key.error().context));
    if (!key->empty() && key->back() == '\n') key->pop_back();
    described.secrets.push_back({.value = *std::move(key), .not_before = {}, .not_after = {}});
  }
  for (const std::string& line : arguments.headers) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos || colon == 0) {
      (void)complain("--header takes 'name: value'");
      return 2;
    }
    described.headers.push_back(
        {.name = lower_case(line.substr(0, colon)), .value = trimmed(line.substr(colon + 1))});
  }
  auto body = read_file(arguments.body);
  if (!body.has_value()) return complain("--body: the file " + std::string(body.error().context));
  described.body = *std::move(body);
  SystemClock clock;
  described.now = arguments.now_ms.has_value() ? Instant{*arguments.now_ms} : clock.now();
  return 0;
}

// What named the delivery: "header:webhook-id", or "digest".
std::string named_by(const signature::Scheme& scheme, const signature::Accepted& accepted) {
  if (!accepted.identity_rule.has_value()) return "digest";
  return format(scheme.identity[*accepted.identity_rule].site);
}

int print_refusal(const signature::Refusal& refusal, bool as_json) {
  const std::string_view reason = name(refusal.reason);
  if (as_json) {
    codec::JsonWriter json;
    json.begin_object().field("ok", false).field("reason", reason);
    json.field("detail", refusal.detail).end_object();
    std::printf("%s\n", json.text().c_str());
  } else {
    std::printf("refused: %.*s%s%s\n", static_cast<int>(reason.size()), reason.data(),
                refusal.detail.empty() ? "" : ", ", refusal.detail.c_str());
  }
  return 1;
}

int print_accepted(const signature::Scheme& scheme, const signature::Accepted& accepted,
                   bool as_json) {
  if (as_json) {
    codec::JsonWriter json;
    json.begin_object().field("ok", true).field("secret", accepted.secret);
    json.key("identity").begin_object().field("from", named_by(scheme, accepted));
    json.field("value", accepted.identity).field("signed", accepted.identity_signed).end_object();
    if (accepted.digest.has_value()) {
      json.field("digest", codec::encode_hex(crypto::view(*accepted.digest)));
    }
    if (accepted.signed_at.has_value()) json.field("signed_at", accepted.signed_at->ms);
    json.end_object();
    std::printf("%s\n", json.text().c_str());
  } else {
    std::printf("good: signed with secret %zu, known again by its %s\n", accepted.secret,
                named_by(scheme, accepted).c_str());
  }
  return 0;
}

Result<signature::Signed> sign_request(const Arguments& arguments, const Described& described) {
  SystemRandom random;
  SeqSource seqs(0);
  const Id id{.seq = seqs.next(described.now), .random = random.number()};
  return signature::sign(*described.scheme, described.secrets,
                         {.id = format("msg_", id),
                          .now = described.now,
                          .headers = described.headers,
                          .body = described.body,
                          .method = arguments.method,
                          .url = arguments.target});
}

signature::Refusal unknown_scheme() {
  return {.reason = signature::Reason::kSchemeUnknown, .detail = "`sluice schemes` lists them"};
}

}  // namespace

int run_verify(const Arguments& arguments, const Variables& environment) {
  Described described;
  const int unusable = describe(arguments, environment, described);
  if (unusable != 0) return unusable;
  if (!described.scheme.has_value()) return print_refusal(unknown_scheme(), arguments.json);
  const signature::Request request{.method = arguments.method,
                                   .url = arguments.target,
                                   .headers = described.headers,
                                   .body = described.body};
  const signature::Verdict verdict =
      signature::verify(*described.scheme, described.secrets, request, described.now);
  if (const auto* refusal = std::get_if<signature::Refusal>(&verdict)) {
    return print_refusal(*refusal, arguments.json);
  }
  return print_accepted(*described.scheme, std::get<signature::Accepted>(verdict), arguments.json);
}

int run_sign(const Arguments& arguments, const Variables& environment) {
  Described described;
  const int unusable = describe(arguments, environment, described);
  if (unusable != 0) return unusable;
  if (!described.scheme.has_value()) return print_refusal(unknown_scheme(), arguments.json);
  const auto made = sign_request(arguments, described);
  if (!made.has_value()) return complain(std::string(made.error().context));
  if (arguments.json) {
    codec::JsonWriter json;
    json.begin_object().key("headers").begin_object();
    for (const Header& header : made->headers) json.field(header.name, header.value);
    json.end_object();
    if (made->url.has_value()) json.field("url", *made->url);
    if (made->body.has_value()) json.field("body", *made->body);
    json.end_object();
    std::printf("%s\n", json.text().c_str());
  } else {
    for (const Header& header : made->headers) {
      std::printf("%s: %s\n", header.name.c_str(), header.value.c_str());
    }
  }
  return 0;
}

int run_send(const Arguments& arguments, const Variables& environment) {
  if (arguments.target.empty()) {
    (void)complain("send needs --url");
    return 2;
  }
  Described described;
  const int unusable = describe(arguments, environment, described);
  if (unusable != 0) return unusable;
  if (!described.scheme.has_value()) return print_refusal(unknown_scheme(), arguments.json);
  auto made = sign_request(arguments, described);
  if (!made.has_value()) return complain(std::string(made.error().context));
  for (const Header& header : described.headers) {
    if (count(made->headers, header.name) == 0) made->headers.push_back(header);
  }
  HttpRequest request;
  request.method = arguments.method;
  request.url = made->url.value_or(arguments.target);
  request.headers = std::move(made->headers);
  request.body = made->body.value_or(described.body);
  const auto response = fetch_now(std::move(request));
  if (!response.has_value()) return complain(std::string(response.error().context));
  if (arguments.json) {
    codec::JsonWriter json;
    json.begin_object().field("status", response->status).field("body", response->body);
    json.end_object();
    std::printf("%s\n", json.text().c_str());
  } else {
    std::printf("%u\n%s\n", static_cast<unsigned>(response->status), response->body.c_str());
  }
  return response->status >= 200 && response->status < 300 ? 0 : 1;
}

int run_schemes(const Arguments& arguments) {
  codec::JsonWriter json;
  json.begin_array();
  for (const signature::CatalogueEntry& preset : signature::catalogue()) {
    if (!arguments.json) {
      std::printf("%-14s %-34s %s\n", std::string(preset.name).c_str(),
                  std::string(preset.title).c_str(), std::string(preset.source).c_str());
    }
    json.begin_object()
        .field("name", preset.name)
        .field("family", name(signature::preset(preset.name)->family));
    json.field("title", preset.title).field("source", preset.source);
    json.field("evidence", preset.evidence).end_object();
  }
  json.end_array();
  if (arguments.json) std::printf("%s\n", json.text().c_str());
  return 0;
}

int run_version(const Arguments& arguments) {
  std::printf(arguments.json ? "{\"version\":\"%s\"}\n" : "sluice %s\n", kVersion);
  return 0;
}

}  // namespace sluice::native
