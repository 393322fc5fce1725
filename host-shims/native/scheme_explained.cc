#include "native/scheme_explained.h"

#include <algorithm>
#include <cctype>

namespace sluice::native {

namespace {

using signature::Algorithm;
using signature::Encoding;
using signature::Family;
using signature::KeyForm;
using signature::MessagePart;
using signature::PartKind;
using signature::Place;
using signature::Scheme;

std::string_view encoding_words(Encoding encoding) {
  switch (encoding) {
    case Encoding::kHexLower: return "lower-case hex";
    case Encoding::kHexUpper: return "upper-case hex";
    case Encoding::kHexAny: return "hex in either case";
    case Encoding::kBase64: return "base64";
    case Encoding::kBase64Url: return "base64url without padding";
    case Encoding::kNone: break;
  }
  return "as it is";
}

std::string_view key_words(const Scheme& scheme) {
  switch (scheme.key.form) {
    case KeyForm::kUtf8: return "the secret's text as it is";
    case KeyForm::kBase64: return "the secret decoded from base64";
    case KeyForm::kHex: return "the secret decoded from hex";
    case KeyForm::kSha1: return "SHA-1 of the secret's text";
    case KeyForm::kSha256Hex: return "the hex text of SHA-256 of the secret's text";
    case KeyForm::kPublicKey: break;
  }
  return "the provider's public key: PEM, DER in base64, JWK, a certificate, or raw bytes";
}

std::string_view format_words(signature::TimeFormat format) {
  switch (format) {
    case signature::TimeFormat::kSeconds: return "Unix seconds";
    case signature::TimeFormat::kMilliseconds: return "Unix milliseconds";
    case signature::TimeFormat::kSecondsOrMilliseconds: return "Unix seconds or milliseconds";
    case signature::TimeFormat::kRfc3339: return "RFC 3339";
    case signature::TimeFormat::kHttpDate: break;
  }
  return "an HTTP date";
}

std::string duration_words(Duration duration) {
  if (duration.ms % 3'600'000 == 0 && duration.ms > 0) {
    return std::to_string(duration.ms / 3'600'000) + " h";
  }
  if (duration.ms % 1000 == 0) return std::to_string(duration.ms / 1000) + " s";
  return std::to_string(duration.ms) + " ms";
}

std::string quoted(char c) { return c == ' ' ? "spaces" : std::string("\"") + c + "\""; }

std::string signature_words(const Scheme& scheme) {
  const signature::SignatureSite& site = scheme.signature;
  std::string text = site_words(site.from);
  if (!site.prefix.empty()) text += ", behind \"" + site.prefix + "\"";
  if (site.item_separator != '\0') text += ", a list divided by " + quoted(site.item_separator);
  if (!site.field.empty()) {
    text += ", there under \"" + site.field + "\" (" + quoted(site.field_separator) + ")";
  }
  if (site.position >= 0) text += ", from item " + std::to_string(site.position) + " on";
  if (site.field_is_key_id) text += ", each after the name of its key";
  if (!site.item_prefix.empty()) text += ", each behind \"" + site.item_prefix + "\"";
  return text + "; " + std::string(encoding_words(site.encoding));
}

std::string time_words(const Scheme& scheme) {
  const signature::TimeSite& time = scheme.time;
  if (time.from.place == Place::kNone) {
    return "none is signed: a copy stays valid, and is recognised as a duplicate";
  }
  std::string text = site_words(time.from) + ", " + std::string(format_words(time.format)) +
                     "; at most " + duration_words(time.past) + " old and " +
                     duration_words(time.future) + " ahead";
  if (!time.is_signed) text += "; not signed, so it refuses and never proves";
  return text;
}

std::string body_words(const Scheme& scheme) {
  if (scheme.body_unsigned) return "NOT signed by this provider; trust nothing in it alone";
  if (!scheme.body_digest.has_value()) return {};
  return "signed through its hash in " + site_words(scheme.body_digest->from) +
         (scheme.body_digest->unless_form ? ", unless it is a form" : "");
}

std::string identity_words(const Scheme& scheme) {
  std::string text;
  for (const auto& rule : scheme.identity) {
    text += site_words(rule.site) + (is_signed(scheme, rule.site) ? "" : " (unsigned)") + ", else ";
  }
  return text + "the digest of what is signed";
}

std::string fetched_words(const signature::FetchedKey& fetched) {
  if (!fetched.url.empty()) return "fetched from " + fetched.url;
  std::string text = "fetched from the URL in " + site_words(fetched.url_from) + ", only from";
  for (const std::string& host : fetched.hosts) text += " " + host;
  return text;
}

bool is_fetched(const Scheme& scheme) {
  return !scheme.fetched.url.empty() || scheme.fetched.url_from.place != Place::kNone;
}

bool is_public(const Scheme& scheme) {
  return scheme.family == Family::kAsymmetric ||
         (scheme.family != Family::kHmac && scheme.key.form == KeyForm::kPublicKey);
}

std::string variable_of(const Scheme& scheme) {
  std::string name = scheme.name;
  for (char& c : name) {
    c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return name + (is_public(scheme) ? "_PUBLIC_KEY" : "_WEBHOOK_SECRET");
}

std::vector<std::string> parameters_of(const Scheme& scheme) {
  std::vector<std::string> names;
  for (const MessagePart& part : scheme.message) {
    if (part.kind == PartKind::kParameter) names.push_back(part.text);
  }
  return names;
}

}  // namespace

std::string site_words(const signature::Site& site) {
  switch (site.place) {
    case Place::kNone: return "nowhere";
    case Place::kHeader: return "header " + site.name;
    case Place::kNumberedHeaders: return "headers " + site.name + "1, " + site.name + "2, ...";
    case Place::kJson: return "the body's " + site.name;
    case Place::kForm: return "the form's field " + site.name;
    case Place::kQuery: return "the URL's parameter " + site.name;
    case Place::kField: return "field " + site.name + " of the signature's text";
    case Place::kPosition: return "item " + site.name + " of the signature's text";
    case Place::kBody: return "the body";
    case Place::kClaim: return "the token's claim " + site.name;
  }
  return {};
}

std::string signed_bytes_of(const Scheme& scheme) {
  std::string text;
  for (const char c : format_message(scheme.message)) {
    if (c == '\n') {
      text += "\\n";
    } else {
      text += c;
    }
  }
  return text;
}

std::string algorithm_words(const Scheme& scheme) {
  if (scheme.family == Family::kToken) return "a shared token, compared in constant time";
  if (scheme.family == Family::kJwt) {
    return "a JSON Web Token" + (scheme.jwt.issuer.empty() ? "" : " of " + scheme.jwt.issuer);
  }
  if (scheme.family == Family::kMessageSignature) return "HTTP Message Signatures (RFC 9421)";
  return std::string(name(scheme.algorithm));
}

std::vector<ExplainedRow> explained(const Scheme& scheme) {
  std::vector<ExplainedRow> rows;
  rows.push_back({"proof", algorithm_words(scheme)});
  rows.push_back({"signature", signature_words(scheme)});
  if (!scheme.message.empty()) rows.push_back({"signed", signed_bytes_of(scheme)});
  if (const auto body = body_words(scheme); !body.empty()) rows.push_back({"body", body});
  std::string key(key_words(scheme));
  if (!scheme.key.prefix.empty()) key += ", without \"" + scheme.key.prefix + "\" before it";
  if (is_fetched(scheme)) key = fetched_words(scheme.fetched);
  rows.push_back({"key", key});
  rows.push_back({"time", time_words(scheme)});
  rows.push_back({"known again by", identity_words(scheme)});
  if (!scheme.installation_header.empty()) {
    rows.push_back({"installation", "header " + scheme.installation_header});
  }
  return rows;
}

std::string example_send(const Scheme& scheme) {
  std::string line = "sluice send --scheme " + scheme.name;
  if (is_fetched(scheme)) {
    line += " --key PRIVATE.pem";
  } else if (is_public(scheme)) {
    line += " --key-out PRIVATE.pem";
  } else {
    line += " --secret env:" + variable_of(scheme);
  }
  for (const std::string& name : parameters_of(scheme)) line += " --parameter " + name + "=VALUE";
  return line + " --to http://127.0.0.1:8080/in/" + scheme.name;
}

std::string example_source(const Scheme& scheme) {
  const auto parameters = parameters_of(scheme);
  std::string text = "\"" + scheme.name + "\": { \"scheme\": ";
  if (parameters.empty()) {
    text += "\"" + scheme.name + "\"";
  } else {
    text += "{ \"like\": \"" + scheme.name + "\", \"parameters\": { ";
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      text += std::string(i == 0 ? "" : ", ") + "\"" + parameters[i] + "\": \"VALUE\"";
    }
    text += " } }";
  }
  if (!is_fetched(scheme)) text += ", \"secrets\": [\"env:" + variable_of(scheme) + "\"]";
  return text + " }";
}

}  // namespace sluice::native
