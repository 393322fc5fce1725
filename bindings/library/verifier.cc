#include "library/verifier.h"

#include <algorithm>
#include <utility>

#include "codec/url.h"
#include "manifest/report.h"
#include "manifest/scheme.h"
#include "signature/certificate_key.h"
#include "signature/coverage.h"

namespace sluice::library {
namespace {

using manifest::Finding;
using signature::Family;
using signature::PartKind;
using signature::Place;
using signature::Scheme;

std::optional<Scheme> scheme_of(std::string_view text, std::vector<Finding>& findings) {
  if (!text.empty() && text.front() == '{') {
    std::vector<Finding> faults;
    auto scheme = manifest::read_scheme(text, faults);
    for (Finding& fault : faults) {
      fault.at.insert(0, "/scheme");
      findings.push_back(std::move(fault));
    }
    if (!scheme) return std::nullopt;
    return *std::move(scheme);
  }
  manifest::Report report;
  auto scheme = manifest::named_scheme(text, "/scheme", nullptr, report);
  for (Finding& fault : report.take_errors()) findings.push_back(std::move(fault));
  return scheme;
}

bool is_fetched(const Scheme& scheme) {
  return !scheme.fetched.url.empty() || scheme.fetched.url_from.place != Place::kNone;
}

// A secret that is not used would never be missed: it is a mistake, and told at once.
void check_secrets(const Scheme& scheme, const Setup& setup, const signature::Keys& keys,
                   std::vector<Finding>& findings) {
  for (const auto& fault : keys.faults) {
    findings.push_back({"/secrets/" + std::to_string(fault.secret), "secret_unusable",
                        "This secret cannot be used: " + std::string(fault.why) + "."});
  }
  if (keys.faults.empty() && keys.unusable > 0) {
    findings.push_back({"/secrets", "secret_unusable",
                        "A secret is empty, or does not have the form that the scheme asks for."});
  }
  if (setup.secrets.empty() && !is_fetched(scheme)) {
    findings.push_back(
        {"/secrets", "missing", "Without a secret or a key no request could be verified."});
  }
}

class ReadsOf {
 public:
  explicit ReadsOf(const Scheme& scheme) : scheme_(scheme) {}

  Reads run() && {
    if (scheme_.family == Family::kMessageSignature) {
      // The sender lists what is signed.
      reads_.every_header = reads_.url = reads_.method = true;
      return std::move(reads_);
    }
    if (minds_forms()) header("content-type");
    site(scheme_.signature.from);
    site(scheme_.time.from);
    if (scheme_.body_digest) site(scheme_.body_digest->from);
    if (scheme_.algorithm_by) site(scheme_.algorithm_by->from);
    site(scheme_.fetched.url_from);
    for (const auto& rule : scheme_.identity) site(rule.site);
    for (const auto& part : scheme_.message) {
      if (part.kind == PartKind::kHeader) header(part.text);
      if (part.kind == PartKind::kMethod) reads_.method = true;
      if (part.kind == PartKind::kQuery) reads_.url = true;
    }
    if (signature::covers_url(scheme_)) reads_.url = true;
    return std::move(reads_);
  }

 private:
  // Whether it matters that the body is a form.
  [[nodiscard]] bool minds_forms() const {
    return signature::has_part(scheme_, PartKind::kFormSorted) ||
           (scheme_.body_digest && scheme_.body_digest->unless_form);
  }

  void site(const signature::Site& site) {
    if (site.place == Place::kHeader) header(site.name);
    if (site.place == Place::kNumberedHeaders) reads_.every_header = true;
    if (site.place == Place::kQuery) reads_.url = true;
  }

  void header(const std::string& name) {
    auto& names = reads_.headers;
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }

  const Scheme& scheme_;
  Reads reads_;
};

}  // namespace

Verifier::Verifier(Scheme scheme, signature::Keys keys, Bytes verify_token)
    : scheme_(std::move(scheme)), keys_(std::move(keys)), verify_token_(std::move(verify_token)) {}

std::unique_ptr<Verifier> Verifier::open(const Setup& setup, std::vector<Finding>& findings) {
  if (setup.secrets.size() > kSecretsMax) {
    findings.push_back({"/secrets", "out_of_range", "At most 64 secrets are allowed here."});
    return nullptr;
  }
  auto scheme = scheme_of(setup.scheme, findings);
  if (!scheme) return nullptr;
  auto keys = signature::prepare(*scheme, setup.secrets);
  const std::size_t before = findings.size();
  check_secrets(*scheme, setup, keys, findings);
  if (findings.size() != before) return nullptr;
  return std::unique_ptr<Verifier>(
      new Verifier(*std::move(scheme), std::move(keys), setup.verify_token));
}

signature::Verdict Verifier::verify(const signature::Request& request, Instant now) const {
  signature::Request asked = request;
  asked.wants_digest = false;  // A caller learns the identity alone.
  return signature::verify(scheme_, keys_, fetched_, asked, now);
}

Result<signature::Signed> Verifier::sign(const signature::SignInput& input) const {
  return signature::sign(scheme_, keys_, input);
}

std::optional<signature::HandshakeAnswer> Verifier::handshake(const signature::Request& request,
                                                              Instant now) const {
  using signature::Sender;
  const signature::HandshakeContext context{
      .scheme = scheme_, .keys = keys_, .verify_token = verify_token_.bytes, .now = now};
  if (auto answer = signature::handshake(context, request, Sender::kUnverified)) return answer;
  if (!signature::has_handshake(scheme_, request.method, Sender::kVerified)) return std::nullopt;
  auto answer = signature::handshake(context, request, Sender::kVerified);
  if (!answer) return std::nullopt;
  auto verdict = verify(request, now);
  if (auto* refusal = std::get_if<signature::Refusal>(&verdict)) return std::move(*refusal);
  if (std::holds_alternative<signature::KeyWanted>(verdict)) {
    return signature::Refusal{
        signature::Reason::kKeyUnavailable,
        "the key that signed this has to be fetched first: verify says which"};
  }
  return answer;
}

Result<void> Verifier::put(std::string_view url, ByteView document, Instant fetched_at) {
  const Error foreign{Errc::kBadArgument, "the scheme takes no key from that URL"};
  if (!is_fetched(scheme_)) return foreign;
  const auto parsed = codec::parse_url(url);
  if (!parsed) return foreign;
  const bool certificate = scheme_.family == Family::kX509Url;
  // Written as the scheme or the verdict writes it.
  const std::string spelled = url == scheme_.fetched.url ? std::string(url) : canonical(*parsed);
  if (!signature::may_fetch(scheme_.fetched, spelled)) return foreign;
  return fetched_.put({.kind = certificate ? signature::DocumentKind::kCertificate
                                           : signature::DocumentKind::kKeySet,
                       .url = spelled,
                       .age_max = {}},
                      document, fetched_at);
}

Reads Verifier::reads() const { return ReadsOf(scheme_).run(); }

}  // namespace sluice::library
