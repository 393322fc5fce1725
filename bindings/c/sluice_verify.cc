#include "c/sluice_verify.h"

#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "library/verifier.h"
#include "signature/presets.h"

using sluice::Bytes;
using sluice::ByteView;
using sluice::Headers;
using sluice::Instant;
using sluice::library::Verifier;
namespace signature = sluice::signature;

struct sluice_owned_text {
  Bytes bytes;
};

struct sluice_owned_verifier {
  std::unique_ptr<Verifier> verifier;
};

struct sluice_owned_signed {
  signature::Signed request;
};

struct sluice_owned_answer {
  signature::HandshakeReply reply;
  Bytes text;
  std::vector<sluice_borrowed_header> headers;
};

namespace {

ByteView view(sluice_borrowed_bytes bytes) {
  return bytes.size == 0 ? ByteView() : ByteView(bytes.data, bytes.size);
}

// Never NULL, so that NULL can say that there is none.
sluice_borrowed_bytes borrowed(ByteView bytes) {
  return {bytes.data() == nullptr ? "" : bytes.data(), bytes.size()};
}

void tell(sluice_owned_text** out, std::string_view text) {
  if (out != nullptr) *out = new sluice_owned_text{Bytes(text)};
}

bool fits(const sluice_borrowed_request& request) {
  return request.header_count <= SLUICE_HEADERS_MAX && request.body.size <= SLUICE_BODY_MAX;
}

Headers headers_of(const sluice_borrowed_request& request) {
  Headers headers;
  headers.reserve(request.header_count);
  for (std::size_t i = 0; i < request.header_count; ++i) {
    const sluice_borrowed_header& header = request.headers[i];
    headers.push_back({sluice::lower_case(view(header.name)), Bytes(view(header.value))});
  }
  return headers;
}

// `headers` are those of the request.
signature::Request request_of(const sluice_borrowed_request& request, const Headers& headers) {
  return {.method = view(request.method),
          .url = view(request.url),
          .headers = headers,
          .body = view(request.body)};
}

signature::Secret secret_of(const sluice_borrowed_secret& secret) {
  signature::Secret result{.value = Bytes(view(secret.value))};
  if (secret.not_before_ms != std::numeric_limits<std::int64_t>::min()) {
    result.not_before = Instant{secret.not_before_ms};
  }
  if (secret.not_after_ms != std::numeric_limits<std::int64_t>::max()) {
    result.not_after = Instant{secret.not_after_ms};
  }
  return result;
}

void hold(sluice_verdict& verdict, Bytes text) {
  verdict.owned = new sluice_owned_text{std::move(text)};
  verdict.text = borrowed(verdict.owned->bytes);
}

void fill(sluice_verdict& verdict, signature::Accepted accepted) {
  verdict.outcome = SLUICE_ACCEPTED;
  verdict.secret = accepted.secret;
  verdict.identity_signed = accepted.identity_signed ? 1 : 0;
  verdict.has_signed_at = accepted.signed_at ? 1 : 0;
  if (accepted.signed_at) verdict.signed_at_ms = accepted.signed_at->ms;
  hold(verdict, std::move(accepted.identity));
}

void fill(sluice_verdict& verdict, signature::Refusal refusal) {
  verdict.outcome = SLUICE_REFUSED;
  verdict.reason = static_cast<sluice_reason>(refusal.reason);
  hold(verdict, std::move(refusal.detail));
}

void show(sluice_handshake_answer& answer, sluice_owned_answer* owned) {
  answer.owned = owned;
  answer.text = borrowed(owned->text);
  answer.status = owned->reply.status;
  for (const auto& header : owned->reply.headers) {
    owned->headers.push_back({borrowed(header.name), borrowed(header.value)});
  }
  answer.headers = owned->headers.data();
  answer.header_count = owned->headers.size();
  answer.body = borrowed(owned->reply.body);
}

void fill(sluice_handshake_answer& answer, signature::HandshakeReply reply) {
  answer.kind = SLUICE_HANDSHAKE_REPLY;
  show(answer, new sluice_owned_answer{std::move(reply), {}, {}});
}

void fill(sluice_handshake_answer& answer, signature::HandshakeFetch fetch) {
  answer.kind = SLUICE_HANDSHAKE_FETCH;
  show(answer, new sluice_owned_answer{std::move(fetch.reply), std::move(fetch.url), {}});
}

void fill(sluice_handshake_answer& answer, signature::Refusal refusal) {
  answer.kind = SLUICE_HANDSHAKE_REFUSED;
  answer.reason = static_cast<sluice_reason>(refusal.reason);
  signature::HandshakeReply none;
  none.status = 0;
  show(answer, new sluice_owned_answer{std::move(none), std::move(refusal.detail), {}});
}

void fill(sluice_verdict& verdict, signature::KeyWanted wanted) {
  verdict.outcome = SLUICE_WANTED;
  verdict.wants_certificate = wanted.kind == signature::DocumentKind::kCertificate ? 1 : 0;
  hold(verdict, std::move(wanted.url));
}

}  // namespace

extern "C" {

sluice_status sluice_open(sluice_borrowed_bytes scheme, const sluice_borrowed_secret* secrets,
                          size_t secret_count, sluice_borrowed_bytes verify_token,
                          sluice_owned_verifier** verifier_out, sluice_owned_text** fault_out) {
  *verifier_out = nullptr;
  if (fault_out != nullptr) *fault_out = nullptr;
  if (secret_count > SLUICE_SECRETS_MAX) {
    tell(fault_out, "/secrets: At most 64 secrets are allowed here.");
    return SLUICE_TOO_BIG;
  }
  sluice::library::Setup setup{
      .scheme = view(scheme), .secrets = {}, .verify_token = Bytes(view(verify_token))};
  for (std::size_t i = 0; i < secret_count; ++i) setup.secrets.push_back(secret_of(secrets[i]));
  std::vector<sluice::manifest::Finding> findings;
  auto verifier = Verifier::open(setup, findings);
  for (auto& secret : setup.secrets) signature::SecretBytes wiped(std::move(secret.value));
  const signature::SecretBytes wiped(std::move(setup.verify_token));
  if (verifier == nullptr) {
    std::string text;
    for (const auto& finding : findings) {
      if (!text.empty()) text += '\n';
      text += finding.at + ": " + finding.message;
    }
    tell(fault_out, text);
    return SLUICE_BAD_CONFIG;
  }
  *verifier_out = new sluice_owned_verifier{std::move(verifier)};
  return SLUICE_OK;
}

void sluice_verifier_free(sluice_owned_verifier* verifier) { delete verifier; }

sluice_status sluice_verify(const sluice_owned_verifier* verifier,
                            const sluice_borrowed_request* request, int64_t now_ms,
                            sluice_verdict* verdict_out) {
  *verdict_out = {};
  if (!fits(*request)) return SLUICE_TOO_BIG;
  const Headers headers = headers_of(*request);
  auto verdict = verifier->verifier->verify(request_of(*request, headers), {now_ms});
  std::visit([&](auto& outcome) { fill(*verdict_out, std::move(outcome)); }, verdict);
  return SLUICE_OK;
}

void sluice_verdict_release(sluice_verdict* verdict) {
  delete verdict->owned;
  *verdict = {};
}

sluice_status sluice_put(sluice_owned_verifier* verifier, sluice_borrowed_bytes url,
                         sluice_borrowed_bytes document, int64_t fetched_at_ms) {
  if (document.size > SLUICE_DOCUMENT_MAX) return SLUICE_TOO_BIG;
  const auto taken = verifier->verifier->put(view(url), view(document), {fetched_at_ms});
  return taken ? SLUICE_OK : SLUICE_BAD_REQUEST;
}

sluice_status sluice_handshake(const sluice_owned_verifier* verifier,
                               const sluice_borrowed_request* request, int64_t now_ms,
                               sluice_handshake_answer* answer_out) {
  *answer_out = {};
  if (!fits(*request)) return SLUICE_TOO_BIG;
  const Headers headers = headers_of(*request);
  auto answer = verifier->verifier->handshake(request_of(*request, headers), {now_ms});
  if (answer) std::visit([&](auto& one) { fill(*answer_out, std::move(one)); }, *answer);
  return SLUICE_OK;
}

void sluice_handshake_release(sluice_handshake_answer* answer) {
  delete answer->owned;
  *answer = {};
}

sluice_status sluice_sign(const sluice_owned_verifier* verifier,
                          const sluice_borrowed_request* request, sluice_borrowed_bytes id,
                          int64_t now_ms, sluice_owned_signed** signed_out,
                          sluice_owned_text** fault_out) {
  *signed_out = nullptr;
  if (fault_out != nullptr) *fault_out = nullptr;
  if (!fits(*request)) {
    tell(fault_out, "more headers or body than the limits allow");
    return SLUICE_TOO_BIG;
  }
  auto done = verifier->verifier->sign({.id = Bytes(view(id)),
                                        .now = {now_ms},
                                        .headers = headers_of(*request),
                                        .body = view(request->body),
                                        .method = view(request->method),
                                        .url = view(request->url)});
  if (!done) {
    tell(fault_out, done.error().context);
    return SLUICE_BAD_REQUEST;
  }
  *signed_out = new sluice_owned_signed{*std::move(done)};
  return SLUICE_OK;
}

size_t sluice_signed_header_count(const sluice_owned_signed* signed_request) {
  return signed_request->request.headers.size();
}

sluice_borrowed_header sluice_signed_header(const sluice_owned_signed* signed_request,
                                            size_t index) {
  const auto& headers = signed_request->request.headers;
  if (index >= headers.size()) return {};
  return {borrowed(headers[index].name), borrowed(headers[index].value)};
}

sluice_borrowed_bytes sluice_signed_url(const sluice_owned_signed* signed_request) {
  const auto& url = signed_request->request.url;
  return url ? borrowed(*url) : sluice_borrowed_bytes{};
}

sluice_borrowed_bytes sluice_signed_body(const sluice_owned_signed* signed_request) {
  const auto& body = signed_request->request.body;
  return body ? borrowed(*body) : sluice_borrowed_bytes{};
}

void sluice_signed_free(sluice_owned_signed* signed_request) { delete signed_request; }

sluice_borrowed_bytes sluice_text_view(const sluice_owned_text* text) {
  return borrowed(text->bytes);
}

void sluice_text_free(sluice_owned_text* text) { delete text; }

const char* sluice_reason_name(sluice_reason reason) {
  if (reason < SLUICE_NO_SECRET || reason > SLUICE_KEY_UNAVAILABLE) return "";
  // Each is a literal, so it ends in a zero.
  return name(static_cast<signature::Reason>(reason)).data();
}

sluice_borrowed_bytes sluice_preset_name(size_t index) {
  const auto names = signature::preset_names();
  return index < names.size() ? borrowed(names[index]) : sluice_borrowed_bytes{};
}

}  // extern "C"
