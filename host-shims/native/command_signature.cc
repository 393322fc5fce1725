// verify and sign: one request, any scheme.
#include <cstdio>

#include "base/id.h"
#include "codec/json_writer.h"
#include "native/commands.h"
#include "native/described_request.h"
#include "native/system.h"
#include "native/verdict_text.h"
#include "signature/diagnosis.h"
#include "signature/sign.h"
#include "signature/verify.h"

namespace sluice::native {

namespace {

int print(const Arguments& arguments, const std::string& json, const std::string& line, int code) {
  std::printf("%s\n", arguments.json ? json.c_str() : line.c_str());
  return code;
}

int refuse_unknown(const Arguments& arguments) {
  const signature::Refusal refusal{.reason = signature::Reason::kSchemeUnknown,
                                   .detail = "`sluice schemes` lists them"};
  return print(arguments, json_of(refusal, {}), line_of(refusal, {}), 1);
}

std::string json_of(const signature::Signed& made) {
  codec::JsonWriter json;
  json.begin_object().key("headers").begin_object();
  for (const Header& header : made.headers) json.field(header.name, header.value);
  json.end_object();
  if (made.url.has_value()) json.field("url", *made.url);
  if (made.body.has_value()) json.field("body", *made.body);
  json.end_object();
  return std::move(json).take();
}

// Verifies with the documents that were given, as often as another one is wanted.
Result<signature::Verdict> verdict_of(const DescribedRequest& described,
                                      const signature::Request& request) {
  const signature::Keys keys = signature::prepare(*described.scheme, described.secrets);
  signature::FetchedKeys fetched;
  for (std::size_t i = 0; i <= described.documents.size(); ++i) {
    auto verdict = signature::verify(*described.scheme, keys, fetched, request, described.now);
    const auto* wanted = std::get_if<signature::KeyWanted>(&verdict);
    if (wanted == nullptr) return verdict;
    const Document* given = nullptr;
    for (const Document& document : described.documents) {
      if (document.url == wanted->url) given = &document;
    }
    if (given == nullptr) return verdict;
    SLUICE_TRY(fetched.put(*wanted, given->text, described.now));
  }
  return Error{Errc::kMalformed, "what the documents hold does not help"};
}

}  // namespace

int run_verify(const Arguments& arguments, const Variables& environment) {
  DescribedRequest described;
  const int unusable = describe(arguments, environment, described);
  if (unusable != 0) return unusable;
  if (!described.scheme.has_value()) return refuse_unknown(arguments);
  const signature::Request request{.method = arguments.method,
                                   .url = arguments.target,
                                   .headers = described.headers,
                                   .body = described.body};
  const auto verdict = verdict_of(described, request);
  if (!verdict.has_value()) return complain("--document: " + std::string(verdict.error().context));
  if (const auto* wanted = std::get_if<signature::KeyWanted>(&*verdict)) {
    return print(arguments, json_of(*wanted), line_of(*wanted), 1);
  }
  if (const auto* refusal = std::get_if<signature::Refusal>(&*verdict)) {
    const auto hints =
        signature::diagnose(*described.scheme, described.secrets, request, *refusal, described.now);
    return print(arguments, json_of(*refusal, hints), line_of(*refusal, hints), 1);
  }
  const auto& accepted = std::get<signature::Accepted>(*verdict);
  return print(arguments, json_of(*described.scheme, accepted),
               line_of(*described.scheme, accepted), 0);
}

int run_sign(const Arguments& arguments, const Variables& environment) {
  DescribedRequest described;
  const int unusable = describe(arguments, environment, described);
  if (unusable != 0) return unusable;
  if (!described.scheme.has_value()) return refuse_unknown(arguments);
  SystemRandom random;
  SeqSource seqs(0);
  const Id id{.seq = seqs.next(described.now), .random = random.number()};
  const auto made = signature::sign(*described.scheme, described.secrets,
                                    {.id = format("msg_", id),
                                     .now = described.now,
                                     .headers = described.headers,
                                     .body = described.body,
                                     .method = arguments.method,
                                     .url = arguments.target});
  if (!made.has_value()) return complain(std::string(made.error().context));
  std::string lines;
  for (const Header& header : made->headers) lines += header.name + ": " + header.value + "\n";
  if (made->url.has_value()) lines += *made->url + "\n";
  if (made->body.has_value()) lines += "\n" + *made->body + "\n";
  lines.pop_back();
  return print(arguments, json_of(*made), lines, 0);
}

}  // namespace sluice::native
