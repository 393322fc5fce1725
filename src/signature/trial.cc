#include "signature/trial.h"

#include <utility>

#include "signature/diagnosis.h"

namespace sluice::signature {
namespace {

// A hundred years, in which every time is in time.
constexpr Duration kAnyTime = days(36'500);

void widen(Scheme& scheme) {
  scheme.time.past = kAnyTime;
  scheme.time.future = kAnyTime;
  scheme.time.future_limit = FutureLimit::kApart;
}

}  // namespace

Trials::Trials(const Scheme& scheme, const std::vector<Secret>& secrets, const Request& request,
               Instant now)
    : scheme_(scheme), secrets_(secrets), request_(request), now_(now) {
  for (Secret& secret : secrets_) {
    secret.not_before = std::nullopt;
    secret.not_after = std::nullopt;
  }
}

std::optional<std::size_t> Trials::with_scheme(Scheme scheme) {
  return run(std::move(scheme), secrets_, request_);
}

std::optional<std::size_t> Trials::with_secrets(const std::vector<Secret>& secrets) {
  return run(scheme_, secrets, request_);
}

std::optional<std::size_t> Trials::with_body(ByteView body) {
  const Request changed{
      .method = request_.method, .url = request_.url, .headers = request_.headers, .body = body};
  return run(scheme_, secrets_, changed);
}

std::optional<std::size_t> Trials::with_url(std::string_view url) {
  const Request changed{
      .method = request_.method, .url = url, .headers = request_.headers, .body = request_.body};
  return run(scheme_, secrets_, changed);
}

std::optional<std::size_t> Trials::run(const Scheme& scheme, const std::vector<Secret>& secrets,
                                       const Request& request) {
  if (tried_ == kTrialsMax || request.body.size() > kDiagnosedBodyMax) return std::nullopt;
  ++tried_;
  Scheme wide = scheme;
  widen(wide);
  Keys keys = prepare(wide, secrets);
  // A certificate's dates are as good as a secret's: which key it is comes first.
  for (Key& key : keys.usable) key.not_before = key.not_after = std::nullopt;
  const Verdict verdict = verify_signed(wide, wide.algorithm, keys, request, now_);
  const auto* accepted = std::get_if<Accepted>(&verdict);
  if (accepted == nullptr) return std::nullopt;
  return accepted->secret;
}

}  // namespace sluice::signature
