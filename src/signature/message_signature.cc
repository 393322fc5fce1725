#include "signature/message_signature.h"

#include <algorithm>
#include <array>
#include <utility>

#include "codec/base64.h"
#include "codec/url.h"
#include "signature/certificate_key.h"
#include "signature/content_digest.h"
#include "signature/delivery_identity.h"
#include "signature/jws.h"
#include "signature/key_match.h"
#include "signature/message_signature_base.h"
#include "signature/structured_fields.h"
#include "signature/time_window.h"

namespace sluice::signature {
namespace {

constexpr std::string_view kInputHeader = "signature-input";
constexpr std::string_view kSignatureHeader = "signature";
constexpr std::string_view kDigestHeader = "content-digest";
constexpr std::string_view kLabel = "sig1";  // Of the signatures that are made here.

struct MessageName {
  std::string_view name;
  Algorithm algorithm;
};

constexpr std::array<MessageName, 6> kNames = {{
    {"ed25519", Algorithm::kEd25519},
    {"hmac-sha256", Algorithm::kHmacSha256},
    {"rsa-pss-sha512", Algorithm::kRsaPssSha512},
    {"rsa-v1_5-sha256", Algorithm::kRsaPkcs1Sha256},
    {"ecdsa-p256-sha256", Algorithm::kEcdsaP256Sha256},
    {"ecdsa-p384-sha384", Algorithm::kEcdsaP384Sha384},
}};

Refusal refuse(Reason reason, std::string detail) { return {reason, std::move(detail)}; }

bool covers(const InnerList& input, std::string_view name) {
  return std::any_of(input.items.begin(), input.items.end(), [&](const FieldItem& item) {
    return item.value.kind == BareKind::kString && item.value.text == name &&
           item.parameters.empty();
  });
}

// What has to be covered and is not; empty when nothing is missing.
std::string_view missing_component(const Scheme& scheme, const InnerList& input,
                                   const Request& request) {
  for (const auto& name : scheme.message_signature.components) {
    if (!covers(input, name)) return name;
  }
  if (!scheme.message_signature.components.empty()) return {};
  if (!scheme.body_unsigned && !covers(input, kDigestHeader)) return kDigestHeader;
  if (!covers(input, "@method")) return "@method";
  if (covers(input, "@target-uri")) return {};
  if (!covers(input, "@authority")) return "@authority";
  if (covers(input, "@request-target")) return {};
  if (!covers(input, "@path")) return "@path";
  const bool has_query = request.url.find('?') != std::string_view::npos;
  return has_query && !covers(input, "@query") ? "@query" : std::string_view();
}

// The parameters of one signature that mean something here.
struct Parameters {
  std::optional<std::int64_t> created;
  std::optional<std::int64_t> expires;
  std::string key_id;
  std::string algorithm;
  std::string nonce;
  std::string tag;
};

std::optional<Parameters> read_parameters(const FieldParameters& given) {
  Parameters read;
  for (const auto& [name, value] : given) {
    const bool is_time = name == "created" || name == "expires";
    if (is_time) {
      const auto seconds = parse_seconds(value.text);
      if (value.kind != BareKind::kInteger || !seconds) return std::nullopt;
      (name == "created" ? read.created : read.expires) = seconds;
      continue;
    }
    std::string* text = name == "keyid"   ? &read.key_id
                        : name == "alg"   ? &read.algorithm
                        : name == "nonce" ? &read.nonce
                        : name == "tag"   ? &read.tag
                                          : nullptr;
    if (text == nullptr) continue;
    if (value.kind != BareKind::kString || value.text.size() > kKeyIdMax) return std::nullopt;
    *text = value.text;
  }
  return read;
}

std::optional<Refusal> check_times(const Scheme& scheme, const Parameters& parameters,
                                   Instant now) {
  if (scheme.time.from.place != Place::kNone) {
    if (!parameters.created) {
      return refuse(Reason::kTimestampMalformed, "the signature does not say when it was created");
    }
    if (auto refusal = check_window(scheme.time, *parameters.created, now)) return refusal;
  }
  if (parameters.expires && *parameters.expires < second_of(now)) {
    return refuse(Reason::kTimestampTooOld, "the signature has expired");
  }
  return std::nullopt;
}

Refusal refusal_of_base(const Error& error) {
  const std::string detail(error.context);
  if (error.code == Errc::kNotFound) return refuse(Reason::kHeaderMissing, detail);
  if (error.code == Errc::kConflict) return refuse(Reason::kHeaderDuplicate, detail);
  return refuse(Reason::kSignatureMalformed, detail);
}

std::optional<Refusal> check_digest(const InnerList& input, const Request& request) {
  if (!covers(input, kDigestHeader)) return std::nullopt;
  switch (match_content_digest(*find(request.headers, kDigestHeader), request.body)) {
    case DigestMatch::kMatches: return std::nullopt;
    case DigestMatch::kDiffers:
      return refuse(Reason::kSignatureMismatch, "the digest that is signed is another body's");
    case DigestMatch::kMalformed: break;
  }
  return refuse(Reason::kHeaderMalformed, "content-digest holds no digest that is known here");
}

// One of the signatures that a request carries.
class OneSignature {
 public:
  OneSignature(const Scheme& scheme, const Keys& keys, const FetchedKeys& fetched,
               const Request& request, Instant now)
      : scheme_(scheme), keys_(keys), fetched_(fetched), request_(request), now_(now) {}

  Verdict judge(const InnerList& input, ByteView signature) const {
    const auto parameters = read_parameters(input.parameters);
    if (!parameters) return refuse(Reason::kSignatureMalformed, "a parameter has another type");
    if (!parameters->algorithm.empty() &&
        parameters->algorithm != message_signature_name(scheme_.algorithm)) {
      return refuse(Reason::kSignatureMalformed, "the signature claims another algorithm");
    }
    if (auto refusal = check_times(scheme_, *parameters, now_)) return *std::move(refusal);
    const std::string_view missing = missing_component(scheme_, input, request_);
    if (!missing.empty()) {
      return refuse(Reason::kSignatureMalformed, "not covered: " + std::string(missing));
    }
    const auto base = signature_base(input, request_);
    if (!base.has_value()) return refusal_of_base(base.error());

    Accepted accepted;
    if (parameters->created) accepted.signed_at = Instant{*parameters->created * 1000};
    if (scheme_.fetched.url.empty()) {
      const KeyMatch match = match_keys(keys_, scheme_.algorithm, *base, signature, now_);
      if (!match.secret) return refusal_of(match, keys_);
      accepted.secret = *match.secret;
    } else if (auto other = check_set(parameters->key_id, *base, signature)) {
      return *std::move(other);
    }
    if (auto refusal = check_digest(input, request_)) return *std::move(refusal);
    identify(
        scheme_, request_, [&](const Site& site) { return text_at(site, input, *parameters); },
        [&] { return crypto::sha256(*base); }, accepted);
    return accepted;
  }

 private:
  [[nodiscard]] std::optional<Verdict> check_set(const std::string& id, ByteView base,
                                                 ByteView signature) const {
    auto found = fetched_.set_keys(scheme_.fetched.url, id, scheme_.algorithm, now_);
    if (auto* wanted = std::get_if<KeyWanted>(&found)) return std::move(*wanted);
    const auto* candidates = std::get_if<std::vector<const SetKey*>>(&found);
    if (candidates == nullptr) {
      return refuse(Reason::kKeyUnknown, "the provider's key set has no such key");
    }
    if (match_set_keys(*candidates, scheme_.algorithm, base, signature)) return std::nullopt;
    return refuse(Reason::kSignatureMismatch, "no key of the provider's set matches");
  }

  [[nodiscard]] SitedText text_at(const Site& site, const InnerList& input,
                                  const Parameters& parameters) const {
    if (site.place == Place::kField) {
      return {.text = site.name == "nonce" ? parameters.nonce : Bytes(), .is_signed = true};
    }
    const bool is_header = site.place == Place::kHeader;
    return {.text = request_text(site, request_),
            .is_signed = covers(input, is_header ? site.name : std::string(kDigestHeader))};
  }

  const Scheme& scheme_;
  const Keys& keys_;
  const FetchedKeys& fetched_;
  const Request& request_;
  Instant now_;
};

std::optional<Refusal> check_headers(const Headers& headers) {
  for (const std::string_view name : {kInputHeader, kSignatureHeader}) {
    const std::size_t times = count(headers, name);
    if (times == 0) return refuse(Reason::kHeaderMissing, std::string(name) + " is missing");
    if (times > 1) {
      return refuse(Reason::kHeaderDuplicate, std::string(name) + " arrived more than once");
    }
  }
  return std::nullopt;
}

BareItem text_item(std::string_view text) { return {BareKind::kString, Bytes(text)}; }

InnerList what_to_sign(const Scheme& scheme, const Key& key, const SignInput& input) {
  std::vector<std::string> components = scheme.message_signature.components;
  if (components.empty()) {
    components = {"@method", "@target-uri"};
    if (!scheme.body_unsigned) components.emplace_back(kDigestHeader);
  }
  InnerList covered;
  for (const auto& component : components) {
    covered.items.push_back({.value = text_item(component), .parameters = {}});
  }
  auto& parameters = covered.parameters;
  if (scheme.time.from.place != Place::kNone) {
    const Bytes created = std::to_string(second_of(input.now));
    parameters.push_back({"created", {BareKind::kInteger, created}});
  }
  if (!key.id.empty()) parameters.push_back({"keyid", text_item(key.id)});
  parameters.push_back({"alg", text_item(message_signature_name(scheme.algorithm))});
  const IdentityRule by_nonce{.site = {.place = Place::kField, .name = "nonce"}};
  const auto& identity = scheme.identity;
  if (std::find(identity.begin(), identity.end(), by_nonce) != identity.end()) {
    parameters.push_back({"nonce", text_item(input.id)});
  }
  const std::string& tag = scheme.message_signature.tag;
  if (!tag.empty()) parameters.push_back({"tag", text_item(tag)});
  return covered;
}

bool has_tag(const InnerList& input, const std::string& tag) {
  if (tag.empty()) return true;
  const auto* given = find_parameter(input.parameters, "tag");
  return given != nullptr && given->kind == BareKind::kString && given->text == tag;
}

}  // namespace

std::string_view message_signature_name(Algorithm algorithm) {
  for (const auto& each : kNames) {
    if (each.algorithm == algorithm) return each.name;
  }
  return {};
}

Verdict verify_message_signature(const Scheme& scheme, const Keys& keys, const FetchedKeys& fetched,
                                 const Request& request, Instant now) {
  if (scheme.fetched.url.empty() && keys.usable.empty()) return refusal_of(KeyMatch{}, keys);
  if (auto refusal = check_headers(request.headers)) return *std::move(refusal);
  const auto inputs = parse_dictionary(*find(request.headers, kInputHeader));
  const auto signatures = parse_dictionary(*find(request.headers, kSignatureHeader));
  if (!inputs.has_value() || !signatures.has_value()) {
    return refuse(Reason::kHeaderMalformed,
                  std::string(inputs.has_value() ? kSignatureHeader : kInputHeader) +
                      " is no dictionary of RFC 8941");
  }
  const OneSignature one(scheme, keys, fetched, request, now);
  std::optional<Verdict> first;
  std::size_t tried = 0;
  for (const auto& member : *inputs) {
    const auto* input = std::get_if<InnerList>(&member.value);
    const auto* other = find_member(*signatures, member.name);
    const auto* item = other == nullptr ? nullptr : std::get_if<FieldItem>(&other->value);
    if (input == nullptr || item == nullptr || item->value.kind != BareKind::kBytes) continue;
    if (!has_tag(*input, scheme.message_signature.tag)) continue;
    if (++tried > kMessageSignaturesMax) {
      return refuse(Reason::kHeaderMalformed, "signature holds too many signatures");
    }
    Verdict verdict = one.judge(*input, item->value.text);
    if (std::holds_alternative<Accepted>(verdict)) return verdict;
    // What the first one lacks is what its sender has to know; a key may still come.
    if (!first || std::holds_alternative<KeyWanted>(verdict)) first = std::move(verdict);
  }
  if (!first) {
    return refuse(Reason::kSignatureMalformed, "no signature of the scheme's form is there");
  }
  return *std::move(first);
}

Result<Signed> sign_message(const Scheme& scheme, const Keys& keys, const SignInput& input) {
  const Key* key = signing_key(keys, scheme.algorithm, input.now);
  if (key == nullptr) return Error{Errc::kBadArgument, "no key of this scheme can sign now"};
  Signed result;
  Headers headers = input.headers;
  const InnerList covered = what_to_sign(scheme, *key, input);
  if (covers(covered, kDigestHeader)) {
    std::erase_if(headers, [](const Header& header) { return header.name == kDigestHeader; });
    result.headers.push_back({std::string(kDigestHeader), content_digest(input.body)});
    headers.push_back(result.headers.back());
  }
  const Request request{
      .method = input.method, .url = input.url, .headers = headers, .body = input.body};
  SLUICE_TRY(const auto base, signature_base(covered, request));
  SLUICE_TRY(const auto signature, sign_with(*key, scheme.algorithm, base));
  result.headers.push_back(
      {std::string(kInputHeader), std::string(kLabel) + "=" + serialize(covered)});
  result.headers.push_back({std::string(kSignatureHeader),
                            std::string(kLabel) + "=:" + codec::encode_base64(signature) + ":"});
  return result;
}

Result<void> check_message_signature(const Scheme& scheme) {
  if (message_signature_name(scheme.algorithm).empty()) {
    return Error{Errc::kBadArgument,
                 "the algorithm is none of RFC 9421: ed25519, hmac-sha256, rsa-pss-sha512, "
                 "rsa-pkcs1-sha256, ecdsa-p256-sha256, ecdsa-p384-sha384"};
  }
  SLUICE_TRY(check_fixed_url(scheme.fetched));
  const Site& time = scheme.time.from;
  if (time.place != Place::kNone && (time.place != Place::kField || time.name != "created")) {
    return Error{Errc::kBadArgument, "the time of a message signature is field:created"};
  }
  const auto& components = scheme.message_signature.components;
  if (components.size() > kStructuredItemsMax) {
    return Error{Errc::kBadArgument, "too many components are asked for"};
  }
  for (const auto& component : components) {
    if (is_component(component)) continue;
    return Error{Errc::kBadArgument,
                 "a component is a header's name, or @method, @target-uri, @authority, @scheme, "
                 "@request-target, @path, @query"};
  }
  const bool covers_body = components.empty() || std::find(components.begin(), components.end(),
                                                           kDigestHeader) != components.end();
  if (!covers_body && !scheme.body_unsigned) {
    return Error{Errc::kBadArgument,
                 "the body is not signed: ask for content-digest, or state body_unsigned"};
  }
  return {};
}

}  // namespace sluice::signature
