#include "manifest/scheme_members.h"

#include <algorithm>
#include <utility>

#include "manifest/scheme_handshake.h"
#include "manifest/scheme_message.h"

namespace sluice::manifest {
namespace {

using codec::Json;
using signature::Scheme;
using signature::SignatureSite;

constexpr std::string_view kItemSeparators = " ,;&|";
constexpr std::string_view kFieldSeparators = "=,|:";
constexpr Range kLimitMs{0, days(7).ms};
constexpr std::size_t kRulesMax = 8;
constexpr std::size_t kParametersMax = 16;

void read_signature(const Json& json, const std::string& at, SignatureSite& site, Report& report) {
  const std::uint32_t usual = usual_candidates(site);
  const Overlay overlay(json, at,
                        {"from", "prefix", "items", "separator", "field", "position", "item_prefix",
                         "field_is_key_id", "encoding", "ecdsa", "max"},
                        report);
  overlay.site("from", site.from);
  overlay.text("prefix", site.prefix);
  overlay.letter("items", kItemSeparators, site.item_separator);
  overlay.letter("separator", kFieldSeparators, site.field_separator);
  overlay.text("field", site.field);
  std::int8_t none = -1;
  if (overlay.given("position", site.position, none) != nullptr) {
    if (const auto position = overlay.integer("position", {0, 63})) {
      site.position = static_cast<std::int8_t>(*position);
    }
  }
  overlay.text("item_prefix", site.item_prefix);
  overlay.flag("field_is_key_id", site.field_is_key_id);
  overlay.word("encoding", "encoding", kEncodings, site.encoding, signature::Encoding::kHexLower);
  overlay.word("ecdsa", "form of ECDSA", kEcdsaForms, site.ecdsa, signature::EcdsaForm::kDer);
  if (site.candidates_max == usual) site.candidates_max = usual_candidates(site);
  if (const auto most = overlay.integer("max", {1, signature::kCandidatesMax})) {
    site.candidates_max = static_cast<std::uint32_t>(*most);
  }
}

void read_key(const Json& json, const std::string& at, signature::KeyRule& key, Report& report) {
  const Overlay overlay(json, at, {"form", "prefix"}, report);
  overlay.word("form", "form of a key", kKeyForms, key.form, signature::KeyForm::kUtf8);
  overlay.text("prefix", key.prefix);
}

void read_time(const Json& json, const std::string& at, signature::TimeSite& time, Report& report) {
  const Overlay overlay(
      json, at, {"from", "format", "past_ms", "future_ms", "future_within_past", "unsigned"},
      report);
  const signature::TimeSite usual{};
  overlay.site("from", time.from);
  overlay.word("format", "format of a time", kTimeFormats, time.format, usual.format);
  overlay.duration("past_ms", kLimitMs, time.past, usual.past);
  overlay.duration("future_ms", kLimitMs, time.future, usual.future);
  bool within = time.future_limit == signature::FutureLimit::kAtMostPast;
  overlay.flag("future_within_past", within);
  time.future_limit = within ? signature::FutureLimit::kAtMostPast : signature::FutureLimit::kApart;
  bool is_unsigned = !time.is_signed;
  overlay.flag("unsigned", is_unsigned);
  time.is_signed = !is_unsigned;
}

void read_digest(const Json& json, const std::string& at, signature::BodyDigest& digest,
                 Report& report) {
  const Overlay overlay(json, at, {"from", "prefix", "hash", "encoding", "unless_form", "optional"},
                        report);
  const signature::BodyDigest usual{};
  overlay.site("from", digest.from);
  overlay.text("prefix", digest.prefix);
  overlay.word("hash", "hash", kHashes, digest.hash, usual.hash);
  overlay.word("encoding", "encoding", kEncodings, digest.encoding, usual.encoding);
  overlay.flag("unless_form", digest.unless_form);
  overlay.flag("optional", digest.optional);
}

std::vector<std::string_view> keys_of(const Json& json) {
  std::vector<std::string_view> keys;
  for (const auto& member : json.members()) keys.push_back(member.key);
  return keys;
}

// The items of a list, or nothing when it is none.
const std::vector<Json>* list_of(const Json& json, const std::string& at, std::size_t items_max,
                                 Report& report) {
  if (!json.is_array()) {
    report.error(at, "wrong_type",
                 "Expected an array, found " + std::string(described(json)) + ".");
    return nullptr;
  }
  if (json.items().size() > items_max) {
    report.error(at, "out_of_range",
                 "At most " + std::to_string(items_max) + " items are allowed here.");
    return nullptr;
  }
  return &json.items();
}

void read_identity(const Json& json, const std::string& at, Scheme& scheme, Report& report) {
  const auto* items = list_of(json, at, kRulesMax, report);
  if (items == nullptr) return;
  scheme.identity.clear();
  for (std::size_t i = 0; i < items->size(); ++i) {
    if (auto site = site_of((*items)[i], below(at, i), report)) {
      scheme.identity.push_back({*std::move(site)});
    }
  }
}

void read_parameters(const Json& json, const std::string& at, Scheme& scheme, Report& report) {
  if (!json.is_object()) {
    report.error(at, "wrong_type",
                 "Expected an object, found " + std::string(described(json)) + ".");
    return;
  }
  if (json.members().size() > kParametersMax) {
    report.error(at, "out_of_range", "At most 16 parameters are allowed here.");
    return;
  }
  for (const auto& member : json.members()) {
    auto& known = scheme.parameters;
    const auto same = [&](const signature::Parameter& one) { return one.name == member.key; };
    known.erase(std::remove_if(known.begin(), known.end(), same), known.end());
    if (member.value.is_null()) continue;
    auto text = text_of(member.value, below(at, member.key), report);
    if (!text) continue;
    if (text->empty() || !is_printable(*text)) {
      report.error(below(at, member.key), "text_malformed",
                   "A parameter is printable ASCII, and not empty.");
      continue;
    }
    known.push_back({member.key, *std::move(text)});
  }
}

void read_jwt(const Json& json, const std::string& at, signature::JwtRule& jwt, Report& report) {
  const Overlay overlay(json, at, {"algorithms", "issuer", "audience"}, report);
  overlay.text("issuer", jwt.issuer);
  overlay.text("audience", jwt.audience);
  const Json* member = overlay.given("algorithms", jwt.algorithms, {});
  if (member == nullptr) return;
  const auto* items = list_of(*member, overlay.at("algorithms"), kJwtAlgorithms.size(), report);
  if (items == nullptr) return;
  jwt.algorithms.clear();
  for (std::size_t i = 0; i < items->size(); ++i) {
    const std::string place = below(overlay.at("algorithms"), i);
    const auto text = text_of((*items)[i], place, report);
    if (!text) continue;
    const auto found = std::find_if(kJwtAlgorithms.begin(), kJwtAlgorithms.end(),
                                    [&](const auto& word) { return word.text == *text; });
    if (found == kJwtAlgorithms.end()) {
      overlay.unknown(place, "algorithm of tokens", *text, texts_of(kJwtAlgorithms));
      continue;
    }
    jwt.algorithms.push_back(found->value);
  }
}

void read_fetched(const Json& json, const std::string& at, signature::FetchedKey& fetched,
                  Report& report) {
  const Overlay overlay(json, at, {"url", "url_from", "hosts", "path_suffix", "subject"}, report);
  overlay.text("url", fetched.url);
  overlay.site("url_from", fetched.url_from);
  overlay.text("path_suffix", fetched.path_suffix);
  overlay.text("subject", fetched.subject);
  const Json* member = overlay.given("hosts", fetched.hosts, {});
  if (member == nullptr) return;
  const auto* items = list_of(*member, overlay.at("hosts"), kRulesMax, report);
  if (items == nullptr) return;
  fetched.hosts.clear();
  for (std::size_t i = 0; i < items->size(); ++i) {
    const std::string place = below(overlay.at("hosts"), i);
    auto text = text_of((*items)[i], place, report);
    if (text) fetched.hosts.push_back(*std::move(text));
  }
}

// {"from": "json:/SignatureVersion", "choices": {"1": "rsa-pkcs1-sha1"}}
void read_algorithm_by(const Json& json, const std::string& at, signature::AlgorithmBy& by,
                       Report& report) {
  const Overlay overlay(json, at, {"from", "choices"}, report);
  overlay.site("from", by.from);
  const Json* member = overlay.given("choices", by.choices, {});
  if (member == nullptr) return;
  if (!member->is_object() || member->members().size() > kRulesMax) {
    report.error(overlay.at("choices"), "wrong_type",
                 "Expected an object of at most 8 values, each with its algorithm.");
    return;
  }
  by.choices.clear();
  const Overlay choices(*member, overlay.at("choices"), keys_of(*member), report);
  for (const auto& choice : member->members()) {
    signature::AlgorithmBy::Choice made{.value = choice.key};
    choices.word(choice.key, "algorithm", named(kAlgorithms), made.algorithm, made.algorithm);
    by.choices.push_back(std::move(made));
  }
}

void read_components(const Json& json, const std::string& at, signature::MessageSignatureRule& rule,
                     Report& report) {
  const Overlay overlay(json, at, {"components", "tag"}, report);
  overlay.text("tag", rule.tag);
  const Json* member = overlay.given("components", rule.components, {});
  if (member == nullptr) return;
  const auto* items = list_of(*member, overlay.at("components"), signature::kPartsMax, report);
  if (items == nullptr) return;
  rule.components.clear();
  for (std::size_t i = 0; i < items->size(); ++i) {
    auto text = text_of((*items)[i], below(overlay.at("components"), i), report);
    if (text) rule.components.push_back(*std::move(text));
  }
}

// The member `key`, laid over `into` by `read`; null takes the default back.
template <class T, class Read>
void read_member(const Overlay& overlay, std::string_view key, T& into, Read read) {
  const Json* member = overlay.given(key, into, T{});
  if (member != nullptr) read(*member, overlay.at(key), into, overlay.report());
}

}  // namespace

void read_members(const Overlay& overlay, Scheme& scheme) {
  overlay.word("family", "family", named(kFamilies), scheme.family, signature::Family::kHmac);
  overlay.word("algorithm", "algorithm", named(kAlgorithms), scheme.algorithm,
               signature::Algorithm::kHmacSha256);
  overlay.flag("allow_legacy", scheme.allow_legacy);
  read_member(overlay, "signature", scheme.signature, read_signature);
  read_member(overlay, "key", scheme.key, read_key);
  read_member(overlay, "time", scheme.time, read_time);
  read_member(overlay, "message", scheme.message,
              [](const Json& json, const std::string& at, auto& message, Report& report) {
                message = read_message(json, at, report);
              });
  read_member(overlay, "body_digest", scheme.body_digest,
              [](const Json& json, const std::string& at, auto& digest, Report& report) {
                if (!digest) digest.emplace();
                read_digest(json, at, *digest, report);
              });
  overlay.flag("body_unsigned", scheme.body_unsigned);
  read_member(overlay, "identity", scheme.identity,
              [&](const Json& json, const std::string& at, auto&, Report& report) {
                read_identity(json, at, scheme, report);
              });
  overlay.text("installation", scheme.installation_header);
  read_member(overlay, "parameters", scheme.parameters,
              [&](const Json& json, const std::string& at, auto&, Report& report) {
                read_parameters(json, at, scheme, report);
              });
  read_member(overlay, "jwt", scheme.jwt, read_jwt);
  read_member(overlay, "fetched", scheme.fetched, read_fetched);
  read_member(overlay, "algorithm_by", scheme.algorithm_by,
              [](const Json& json, const std::string& at, auto& by, Report& report) {
                if (!by) by.emplace();
                read_algorithm_by(json, at, *by, report);
              });
  read_member(overlay, "message_signature", scheme.message_signature, read_components);
  read_member(overlay, "handshake", scheme.handshakes,
              [](const Json& json, const std::string& at, auto& rules, Report& report) {
                rules = read_handshakes(json, at, report);
              });
}

}  // namespace sluice::manifest
