#include "signature/diagnosis.h"

#include <algorithm>
#include <array>
#include <utility>

#include "codec/rfc3339.h"
#include "signature/certificate_key.h"
#include "signature/coverage.h"
#include "signature/header_hints.h"
#include "signature/reading.h"
#include "signature/request_variants.h"
#include "signature/signing_time.h"
#include "signature/trial.h"

namespace sluice::signature {
namespace {

std::string number(std::size_t n) { return std::to_string(n); }

std::string_view spelled(KeyForm form) {
  switch (form) {
    case KeyForm::kUtf8: return "plain text";
    case KeyForm::kBase64: return "base64";
    case KeyForm::kHex: return "hex";
    case KeyForm::kSha1: return "text that is hashed by SHA-1";
    case KeyForm::kSha256Hex: return "text that is hashed by SHA-256";
    case KeyForm::kPublicKey: break;
  }
  return "a public key";
}

std::string_view spelled(Encoding encoding) {
  switch (encoding) {
    case Encoding::kHexLower: return "lower-case hex";
    case Encoding::kHexAny: return "hex";
    case Encoding::kHexUpper: return "upper-case hex";
    case Encoding::kBase64: return "base64";
    case Encoding::kBase64Url: return "base64url";
    case Encoding::kNone: break;
  }
  return "plain text";
}

// Without the white space, quotes and backslash-n that come along when a secret is pasted.
Bytes bare(ByteView secret) {
  constexpr std::string_view kAround = " \t\r\n\"'";
  const std::size_t begin = std::min(secret.find_first_not_of(kAround), secret.size());
  secret.remove_prefix(begin);
  while (!secret.empty() && kAround.find(secret.back()) != std::string_view::npos) {
    secret.remove_suffix(1);
  }
  return Bytes(secret);
}

class Diagnosis {
 public:
  Diagnosis(const Scheme& scheme, const std::vector<Secret>& secrets, const Request& request,
            Instant now)
      : scheme_(scheme),
        secrets_(secrets),
        request_(request),
        now_(now),
        trials_(scheme, secrets, request, now) {}

  std::vector<Hint> run(const Refusal& refusal) {
    unusable_secrets();
    if (scheme_.family == Family::kX509Url && refusal.detail.find("certificate_") == 0) {
      certificate(refusal.detail);
      return std::move(hints_);
    }
    switch (refusal.reason) {
      case Reason::kHeaderMissing:
        for (std::string& text : header_hints(scheme_, request_)) {
          add(HintKind::kHeaderName, std::move(text));
        }
        break;
      case Reason::kHeaderDuplicate:
        add(HintKind::kHeaderRepeated, refusal.detail +
                                           ": a proxy in front may add it again; the one that the "
                                           "provider sent has to arrive alone");
        break;
      case Reason::kTimestampMalformed: time_formats(); break;
      case Reason::kTimestampTooOld:
      case Reason::kTimestampTooNew: clocks(refusal); break;
      case Reason::kKeyExpired: expired_secrets(); break;
      case Reason::kNoSecret:
      case Reason::kHeaderMalformed:
      case Reason::kSignatureMalformed:
      case Reason::kSignatureMismatch: mismatch(); break;
      default: break;
    }
    return std::move(hints_);
  }

 private:
  void add(HintKind kind, std::string text) {
    if (hints_.size() < kHintsMax) hints_.push_back({kind, std::move(text)});
  }

  [[nodiscard]] bool is_message_family() const {
    return scheme_.family != Family::kJwt && scheme_.family != Family::kMessageSignature;
  }

  void unusable_secrets() {
    for (const UnusableSecret& fault : prepare(scheme_, secrets_).faults) {
      add(HintKind::kSecretUnusable,
          "secret " + number(fault.secret) + " is not used: " + std::string(fault.why));
    }
  }

  void expired_secrets() {
    for (std::size_t i = 0; i < secrets_.size(); ++i) {
      if (is_valid_at(secrets_[i], now_)) continue;
      Secret always = secrets_[i];
      always.not_before = always.not_after = std::nullopt;
      if (!trials_.with_secrets({always})) continue;
      const bool early = secrets_[i].not_before && now_ < *secrets_[i].not_before;
      const Instant edge = early ? *secrets_[i].not_before : *secrets_[i].not_after;
      add(HintKind::kSecretExpired, "secret " + number(i) + " matches, but is valid only " +
                                        (early ? "from " : "until ") + codec::format_rfc3339(edge) +
                                        (early ? "" : ": the provider still signs with it"));
    }
  }

  void certificate(std::string_view fault) {
    const bool foreign = fault == name(CertificateFault::kOtherSubject);
    std::string text = "the certificate that the request names is ";
    text += fault == name(CertificateFault::kExpired)       ? "no longer valid"
            : fault == name(CertificateFault::kNotYetValid) ? "not valid yet"
                                                            : "not issued to the provider";
    if (!foreign) text += " by this clock; the provider renews it under another URL";
    add(HintKind::kCertificate, std::move(text));
  }

  void mismatch() {
    if (!is_message_family()) return;
    const std::size_t before = hints_.size();
    secret_forms();
    bare_secrets();
    bodies();
    urls();
    encodings();
    algorithms();
    if (hints_.size() == before) lengths();
    if (hints_.size() == before) suspicions();
  }

  void secret_forms() {
    if (scheme_.family != Family::kHmac) return;
    const bool prefixed = !scheme_.key.prefix.empty();
    for (const KeyForm form :
         {KeyForm::kUtf8, KeyForm::kBase64, KeyForm::kHex, KeyForm::kSha1, KeyForm::kSha256Hex}) {
      for (const std::string_view prefix :
           {std::string_view(scheme_.key.prefix), std::string_view(), std::string_view("whsec_")}) {
        if (form == scheme_.key.form && prefix == scheme_.key.prefix) continue;
        Scheme other = scheme_;
        other.key = {.form = form, .prefix = std::string(prefix)};
        const auto secret = trials_.with_scheme(std::move(other));
        if (!secret) continue;
        std::string text = "secret " + number(*secret) + " matches when it is taken as " +
                           std::string(spelled(form));
        if (prefix.empty() && prefixed) text += ", its prefix being part of it";
        if (prefix != scheme_.key.prefix && !prefix.empty()) text += ", without its prefix";
        if (form != scheme_.key.form) {
          text += "; the scheme takes it as " + std::string(spelled(scheme_.key.form));
        }
        return add(HintKind::kSecretForm, std::move(text));
      }
    }
  }

  void bare_secrets() {
    std::vector<Secret> stripped = secrets_;
    bool differs = false;
    for (Secret& secret : stripped) {
      Bytes text = bare(secret.value);
      differs = differs || text != secret.value;
      secret = {.value = std::move(text)};
    }
    if (!differs) return;
    if (const auto secret = trials_.with_secrets(stripped)) {
      add(HintKind::kSecretSpace,
          "secret " + number(*secret) +
              " matches without the white space or quotes around it: configure it without them");
    }
  }

  void bodies() {
    for (const BodyVariant& variant : body_variants(request_.body)) {
      if (!trials_.with_body(variant.body)) continue;
      return add(
          HintKind::kBodyChanged,
          "the body was changed on its way: the one that was signed " + std::string(variant.what));
    }
  }

  void urls() {
    if (!covers_url(scheme_)) return;
    for (const UrlVariant& variant : url_variants(request_.url)) {
      if (!trials_.with_url(variant.url)) continue;
      return add(HintKind::kUrl, "the URL that was signed " + variant.what +
                                     ": set public_url to what the provider was given");
    }
  }

  void encodings() {
    for (const Encoding encoding : {Encoding::kHexAny, Encoding::kBase64, Encoding::kBase64Url}) {
      if (encoding == scheme_.signature.encoding) continue;
      Scheme other = scheme_;
      other.signature.encoding = encoding;
      if (!trials_.with_scheme(std::move(other))) continue;
      return add(HintKind::kEncoding, "the signature is written in " +
                                          std::string(spelled(encoding)) + "; the scheme expects " +
                                          std::string(spelled(scheme_.signature.encoding)));
    }
    for (const std::string_view prefix : {"", "sha1=", "sha256=", "sha512=", "v0=", "v1=", "v1,"}) {
      if (prefix == scheme_.signature.prefix) continue;
      Scheme other = scheme_;
      other.signature.prefix = prefix;
      if (!trials_.with_scheme(std::move(other))) continue;
      return add(HintKind::kEncoding,
                 prefix.empty() ? "the signature stands there without the prefix that the scheme "
                                  "expects"
                                : "in front of the signature stands \"" + std::string(prefix) +
                                      "\", which the scheme does not expect");
    }
  }

  void algorithms() {
    if (scheme_.family == Family::kToken) return;
    for (const Algorithm algorithm :
         {Algorithm::kHmacSha1, Algorithm::kHmacSha256, Algorithm::kHmacSha384,
          Algorithm::kHmacSha512, Algorithm::kHmacMd5, Algorithm::kSha256SecretFirst,
          Algorithm::kRsaPkcs1Sha1, Algorithm::kRsaPkcs1Sha256, Algorithm::kRsaPkcs1Sha512,
          Algorithm::kRsaPssSha256, Algorithm::kRsaPssSha512}) {
      if (algorithm == scheme_.algorithm) continue;
      if (is_symmetric(algorithm) != is_symmetric(scheme_.algorithm)) continue;
      Scheme other = scheme_;
      other.algorithm = algorithm;
      if (!trials_.with_scheme(std::move(other))) continue;
      return add(HintKind::kAlgorithm, "the signature was made by " + std::string(name(algorithm)) +
                                           "; the scheme expects " +
                                           std::string(name(scheme_.algorithm)));
    }
    if (is_symmetric(scheme_.algorithm)) return;
    Scheme other = scheme_;
    const bool der = scheme_.signature.ecdsa == EcdsaForm::kDer;
    other.signature.ecdsa = der ? EcdsaForm::kRaw : EcdsaForm::kDer;
    if (!trials_.with_scheme(std::move(other))) return;
    add(HintKind::kEncoding, der ? "the signature is r and s in a row; the scheme expects DER"
                                 : "the signature is DER; the scheme expects r and s in a row");
  }

  void lengths() {
    if (scheme_.family != Family::kHmac) return;
    Reading reading;
    if (read(scheme_, request_, reading)) return;
    const std::size_t size = crypto::digest_size(hash_of(scheme_.algorithm));
    const Encoding encoding = scheme_.signature.encoding;
    const bool hex = encoding == Encoding::kHexLower || encoding == Encoding::kHexAny ||
                     encoding == Encoding::kHexUpper;
    const std::size_t whole = hex ? 2 * size : (size + 2) / 3 * 4;
    for (const Candidate& candidate : reading.candidates) {
      const std::size_t length = candidate.text.size();
      const bool unpadded = encoding == Encoding::kBase64Url && length + 2 >= whole;
      if (length >= whole || unpadded) continue;
      return add(HintKind::kTruncated, "a signature has " + number(length) + " of the " +
                                           number(whole) + " characters that it needs");
    }
  }

  // Nothing verifies; these are signs that the body is not what was sent.
  void suspicions() {
    const Found length = find_header(request_, "content-length");
    const auto said = parse_time(TimeFormat::kSeconds, length.text);
    if (said && static_cast<std::uint64_t>(said->value) != request_.body.size()) {
      add(HintKind::kBodyChanged, "the body has " + number(request_.body.size()) +
                                      " bytes, and content-length says another number: it was "
                                      "read or written anew on its way");
    }
    if (request_.body.find("\n  \"") != ByteView::npos) {
      add(HintKind::kBodyChanged,
          "the body is indented JSON, which providers seldom send: it may have been written anew "
          "on its way");
    }
  }

  [[nodiscard]] std::string_view timestamp(Reading& reading) const {
    if (!is_message_family()) return {};
    (void)read(scheme_, request_, reading);
    return reading.timestamp;
  }

  void time_formats() {
    Reading reading;
    const std::string_view text = timestamp(reading);
    constexpr std::array<std::pair<TimeFormat, std::string_view>, 3> kFormats{{
        {TimeFormat::kRfc3339, "RFC 3339"},
        {TimeFormat::kHttpDate, "HTTP's date"},
        {TimeFormat::kSeconds, "a number"},
    }};
    for (const auto& [format, what] : kFormats) {
      if (format == scheme_.time.format || !parse_time(format, text)) continue;
      return add(HintKind::kTimeFormat, "the timestamp is written as " + std::string(what) +
                                            ", which is not the scheme's format");
    }
  }

  void clocks(const Refusal& refusal) {
    Reading reading;
    const std::string_view text = timestamp(reading);
    const bool seconds = scheme_.time.format == TimeFormat::kSeconds;
    if (seconds && text.size() == 13) {
      add(HintKind::kTimeFormat, "the timestamp has 13 digits: it is in milliseconds");
    } else if (scheme_.time.format == TimeFormat::kMilliseconds && text.size() == 10) {
      add(HintKind::kTimeFormat, "the timestamp has 10 digits: it is in seconds");
    } else {
      const bool old = refusal.reason == Reason::kTimestampTooOld;
      add(HintKind::kClock,
          refusal.detail + (old ? ": it was signed too long ago, or sent again, or this clock "
                                  "runs fast"
                                : ": the sender's clock runs fast, or this one slow"));
    }
    if (is_message_family() && trials_.with_secrets(secrets_)) {
      add(HintKind::kClock, "but for its time the request verifies");
    }
  }

  const Scheme& scheme_;
  const std::vector<Secret>& secrets_;
  const Request& request_;
  Instant now_;
  Trials trials_;
  std::vector<Hint> hints_;
};

}  // namespace

std::string_view name(HintKind kind) {
  switch (kind) {
    case HintKind::kSecretForm: return "secret_form";
    case HintKind::kSecretSpace: return "secret_space";
    case HintKind::kSecretUnusable: return "secret_unusable";
    case HintKind::kSecretExpired: return "secret_expired";
    case HintKind::kBodyChanged: return "body_changed";
    case HintKind::kHeaderName: return "header_name";
    case HintKind::kHeaderRepeated: return "header_repeated";
    case HintKind::kClock: return "clock";
    case HintKind::kTimeFormat: return "time_format";
    case HintKind::kUrl: return "url";
    case HintKind::kEncoding: return "encoding";
    case HintKind::kAlgorithm: return "algorithm";
    case HintKind::kTruncated: return "truncated";
    case HintKind::kCertificate: return "certificate";
  }
  return "unknown";
}

std::vector<Hint> diagnose(const Scheme& scheme, const std::vector<Secret>& secrets,
                           const Request& request, const Refusal& refusal, Instant now) {
  return Diagnosis(scheme, secrets, request, now).run(refusal);
}

}  // namespace sluice::signature
