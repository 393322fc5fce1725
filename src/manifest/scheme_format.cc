#include <utility>

#include "codec/json_writer.h"
#include "manifest/scheme.h"
#include "manifest/scheme_handshake.h"
#include "manifest/scheme_words.h"

namespace sluice::manifest {
namespace {

using codec::JsonWriter;
using signature::MessagePart;
using signature::PartKind;
using signature::Scheme;

void text(JsonWriter& json, std::string_view key, std::string_view value) {
  if (!value.empty()) json.field(key, value);
}

void letter(JsonWriter& json, std::string_view key, char value) {
  if (value != '\0') json.field(key, std::string_view(&value, 1));
}

void flag(JsonWriter& json, std::string_view key, bool value) {
  if (value) json.field(key, true);
}

void site(JsonWriter& json, std::string_view key, const signature::Site& value) {
  if (value.place != signature::Place::kNone) json.field(key, format(value));
}

void write_signature(JsonWriter& json, const signature::SignatureSite& value) {
  json.key("signature").begin_object();
  site(json, "from", value.from);
  text(json, "prefix", value.prefix);
  letter(json, "items", value.item_separator);
  letter(json, "separator", value.field_separator);
  text(json, "field", value.field);
  if (value.position >= 0) json.field("position", static_cast<std::int32_t>(value.position));
  text(json, "item_prefix", value.item_prefix);
  flag(json, "field_is_key_id", value.field_is_key_id);
  json.field("encoding", word_of(kEncodings, value.encoding));
  if (value.ecdsa != signature::EcdsaForm::kDer) {
    json.field("ecdsa", word_of(kEcdsaForms, value.ecdsa));
  }
  if (value.candidates_max != usual_candidates(value)) json.field("max", value.candidates_max);
  json.end_object();
}

bool is_plain(const MessagePart& part) {
  return part.before.empty() && part.after.empty() && !part.optional && !part.lower &&
         !(part.kind == PartKind::kLiteral && part.text.find_first_of("{}") != std::string::npos);
}

// Whether one template says it all, and reads as the same parts.
bool is_template(const std::vector<MessagePart>& message) {
  for (std::size_t i = 0; i < message.size(); ++i) {
    if (!is_plain(message[i])) return false;
    const bool literal = message[i].kind == PartKind::kLiteral;
    if (literal && i > 0 && message[i - 1].kind == PartKind::kLiteral) return false;
  }
  return true;
}

void write_part(JsonWriter& json, const MessagePart& part) {
  if (is_plain(part)) {
    json.string(signature::format_message({part}));
    return;
  }
  json.begin_object();
  if (part.kind == PartKind::kLiteral) {
    json.field("literal", part.text).end_object();
    return;
  }
  const std::string braced = signature::format_message({MessagePart{part.kind, part.text}});
  json.field("part", std::string_view(braced).substr(1, braced.size() - 2));
  text(json, "before", part.before);
  text(json, "after", part.after);
  flag(json, "lower", part.lower);
  flag(json, "optional", part.optional);
  json.end_object();
}

void write_message(JsonWriter& json, const std::vector<MessagePart>& message) {
  if (message.empty()) return;
  json.key("message");
  if (is_template(message)) {
    json.string(signature::format_message(message));
    return;
  }
  json.begin_array();
  for (const MessagePart& part : message) write_part(json, part);
  json.end_array();
}

void write_time(JsonWriter& json, const signature::TimeSite& time) {
  if (time == signature::TimeSite{}) return;
  json.key("time").begin_object();
  site(json, "from", time.from);
  json.field("format", word_of(kTimeFormats, time.format));
  json.field("past_ms", time.past.ms).field("future_ms", time.future.ms);
  flag(json, "future_within_past", time.future_limit == signature::FutureLimit::kAtMostPast);
  flag(json, "unsigned", !time.is_signed);
  json.end_object();
}

void write_digest(JsonWriter& json, const signature::BodyDigest& digest) {
  json.key("body_digest").begin_object();
  site(json, "from", digest.from);
  text(json, "prefix", digest.prefix);
  json.field("hash", word_of(kHashes, digest.hash));
  json.field("encoding", word_of(kEncodings, digest.encoding));
  flag(json, "unless_form", digest.unless_form);
  flag(json, "optional", digest.optional);
  json.end_object();
}

void write_jwt(JsonWriter& json, const signature::JwtRule& jwt) {
  if (jwt == signature::JwtRule{}) return;
  json.key("jwt").begin_object();
  if (!jwt.algorithms.empty()) {
    json.key("algorithms").begin_array();
    for (const auto algorithm : jwt.algorithms) json.string(word_of(kJwtAlgorithms, algorithm));
    json.end_array();
  }
  text(json, "issuer", jwt.issuer);
  text(json, "audience", jwt.audience);
  json.end_object();
}

void write_fetched(JsonWriter& json, const signature::FetchedKey& fetched) {
  if (fetched == signature::FetchedKey{}) return;
  json.key("fetched").begin_object();
  text(json, "url", fetched.url);
  site(json, "url_from", fetched.url_from);
  if (!fetched.hosts.empty()) {
    json.key("hosts").begin_array();
    for (const std::string& host : fetched.hosts) json.string(host);
    json.end_array();
  }
  text(json, "path_suffix", fetched.path_suffix);
  text(json, "subject", fetched.subject);
  json.end_object();
}

void write_algorithm_by(JsonWriter& json, const signature::AlgorithmBy& by) {
  json.key("algorithm_by").begin_object();
  site(json, "from", by.from);
  json.key("choices").begin_object();
  for (const auto& choice : by.choices) json.field(choice.value, name(choice.algorithm));
  json.end_object().end_object();
}

void write_components(JsonWriter& json, const signature::MessageSignatureRule& rule) {
  if (rule == signature::MessageSignatureRule{}) return;
  json.key("message_signature").begin_object();
  if (!rule.components.empty()) {
    json.key("components").begin_array();
    for (const std::string& component : rule.components) json.string(component);
    json.end_array();
  }
  text(json, "tag", rule.tag);
  json.end_object();
}

void write_lists(JsonWriter& json, const Scheme& scheme) {
  if (!scheme.identity.empty()) {
    json.key("identity").begin_array();
    for (const auto& rule : scheme.identity) json.string(format(rule.site));
    json.end_array();
  }
  text(json, "installation", scheme.installation_header);
  if (scheme.parameters.empty()) return;
  json.key("parameters").begin_object();
  for (const auto& parameter : scheme.parameters) json.field(parameter.name, parameter.value);
  json.end_object();
}

}  // namespace

std::string format_scheme(const Scheme& scheme) {
  JsonWriter json;
  json.begin_object();
  text(json, "name", scheme.name);
  json.field("family", name(scheme.family)).field("algorithm", name(scheme.algorithm));
  flag(json, "allow_legacy", scheme.allow_legacy);
  write_signature(json, scheme.signature);
  json.key("key").begin_object().field("form", word_of(kKeyForms, scheme.key.form));
  text(json, "prefix", scheme.key.prefix);
  json.end_object();
  write_message(json, scheme.message);
  write_time(json, scheme.time);
  if (scheme.body_digest) write_digest(json, *scheme.body_digest);
  flag(json, "body_unsigned", scheme.body_unsigned);
  write_lists(json, scheme);
  write_jwt(json, scheme.jwt);
  write_fetched(json, scheme.fetched);
  if (scheme.algorithm_by) write_algorithm_by(json, *scheme.algorithm_by);
  write_components(json, scheme.message_signature);
  if (!scheme.handshakes.empty()) {
    json.key("handshake");
    write_handshakes(json, scheme.handshakes);
  }
  json.end_object();
  return std::move(json).take();
}

}  // namespace sluice::manifest
