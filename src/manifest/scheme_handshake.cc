#include "manifest/scheme_handshake.h"

#include <array>
#include <utility>

#include "codec/json_pointer.h"
#include "manifest/overlay.h"

namespace sluice::manifest {
namespace {

using codec::Json;
using codec::JsonWriter;
using signature::Expectation;
using signature::Handshake;
using signature::HandshakeCondition;
using signature::HandshakeRule;
using signature::ReplyPart;
using signature::ReplySource;
using signature::ReplyTarget;

constexpr std::size_t kHostsMax = 8;

constexpr std::array<Word<ReplySource>, 4> kSources{{
    {"echo", ReplySource::kEcho},
    {"hmac", ReplySource::kHmac},
    {"sha256", ReplySource::kSha256},
    {"literal", ReplySource::kLiteral},
}};

constexpr std::array<Word<signature::ReplyEncoding>, 2> kReplyEncodings{{
    {"hex", signature::ReplyEncoding::kHex},
    {"base64", signature::ReplyEncoding::kBase64},
}};

void wrong_type(const std::string& at, std::string_view expected, const Json& json,
                Report& report) {
  report.error(
      at, "wrong_type",
      "Expected " + std::string(expected) + ", found " + std::string(described(json)) + ".");
}

// Handshakes that have a name.
std::vector<Word<Handshake>> known_handshakes() {
  std::vector<Word<Handshake>> known;
  for (int number = 1; number < 64; ++number) {
    const auto handshake = static_cast<Handshake>(number);
    const std::string_view text = name(handshake);
    if (!text.empty()) known.push_back({text, handshake});
  }
  return known;
}

void read_condition(const codec::JsonMember& member, const std::string& at, HandshakeRule& rule,
                    Report& report) {
  HandshakeCondition condition;
  auto site = signature::parse_site(member.key);
  if (!site) {
    report.error(at, "site_malformed",
                 "\"" + shown(member.key) +
                     "\" is no place in a request. Expected one such as \"json:/type\".");
    return;
  }
  condition.site = *std::move(site);
  const Json& value = member.value;
  if (const auto text = value.as_string()) {
    condition.expects = Expectation::kText;
    condition.text = *text;
  } else if (const auto present = value.as_bool()) {
    condition.expects = *present ? Expectation::kPresent : Expectation::kAbsent;
  } else if (value.is_object()) {
    const Overlay overlay(value, at, {"parameter", "verify_token"}, report);
    bool token = false;
    overlay.flag("verify_token", token);
    overlay.text("parameter", condition.text);
    if (token == !condition.text.empty()) {
      report.error(at, "missing",
                   "Expected {\"verify_token\": true} or {\"parameter\": \"NAME\"} here.");
      return;
    }
    condition.expects = token ? Expectation::kVerifyToken : Expectation::kParameter;
  } else {
    wrong_type(at, "a text, true, false, or an object", value, report);
    return;
  }
  rule.when.push_back(std::move(condition));
}

// "text", "json:/member", "header:name".
bool read_target(const std::string& text, const std::string& at, ReplyPart& part, Report& report) {
  if (text == "text") return true;
  const auto site = signature::parse_site(text);
  if (site && site->place == signature::Place::kHeader) {
    part.target = ReplyTarget::kHeader;
    part.name = site->name;
    return true;
  }
  if (site && site->place == signature::Place::kJson) {
    const auto steps = codec::parse_pointer(site->name);
    if (steps && steps->size() == 1) {
      part.target = ReplyTarget::kJsonMember;
      part.name = steps->front();
      return true;
    }
  }
  report.error(at, "unknown_value",
               "There is no such answer as \"" + shown(text) +
                   "\". Valid: \"text\", \"json:/MEMBER\", \"header:NAME\".");
  return false;
}

void read_reply(const Json& json, const std::string& at, HandshakeRule& rule, Report& report) {
  const Overlay overlay(json, at, {"echo", "hmac", "sha256", "literal", "as", "prefix", "encoding"},
                        report);
  if (!json.is_object()) return;
  ReplyPart part;
  int sources = 0;
  for (const auto& source : kSources) {
    if (json.member(source.text) == nullptr) continue;
    ++sources;
    part.source = source.value;
    if (source.value == ReplySource::kLiteral) {
      overlay.text(source.text, part.text);
    } else {
      overlay.site(source.text, part.from);
    }
  }
  if (sources != 1) {
    report.error(at, "missing",
                 "An answer has one of \"echo\", \"hmac\", \"sha256\" and \"literal\".");
    return;
  }
  overlay.text("prefix", part.prefix);
  overlay.word("encoding", "encoding", kReplyEncodings, part.encoding,
               signature::ReplyEncoding::kHex);
  std::string target = "text";
  overlay.text("as", target);
  if (!read_target(target, below(at, "as"), part, report)) return;
  rule.reply.push_back(std::move(part));
}

void read_hosts(const Json& json, const std::string& at, HandshakeRule& rule, Report& report) {
  if (!json.is_array() || json.items().size() > kHostsMax) {
    wrong_type(at, "a list of at most 8 hosts", json, report);
    return;
  }
  for (std::size_t i = 0; i < json.items().size(); ++i) {
    auto host = text_of(json.items()[i], below(at, i), report);
    if (host) rule.fetch_hosts.push_back(*std::move(host));
  }
}

void read_respond(const Json& json, const std::string& at, HandshakeRule& rule, Report& report) {
  if (json.is_object()) {
    read_reply(json, at, rule, report);
    return;
  }
  if (!json.is_array() || json.items().size() > signature::kHandshakePartsMax) {
    wrong_type(at, "an object, or a list of at most 8", json, report);
    return;
  }
  for (std::size_t i = 0; i < json.items().size(); ++i) {
    read_reply(json.items()[i], below(at, i), rule, report);
  }
}

void read_rule(const Json& json, const std::string& at, std::vector<HandshakeRule>& rules,
               Report& report) {
  const Overlay overlay(
      json, at, {"method", "when", "respond", "status", "verify_first", "fetch", "fetch_hosts"},
      report);
  if (!json.is_object()) return;
  HandshakeRule rule;
  overlay.text("method", rule.method);
  overlay.flag("verify_first", rule.verify_first);
  overlay.site("fetch", rule.fetch);
  if (const auto status = overlay.integer("status", {200, 299})) {
    rule.status = static_cast<std::uint16_t>(*status);
  }
  if (const Json* when = json.member("when")) {
    if (!when->is_object() || when->members().size() > signature::kHandshakePartsMax) {
      wrong_type(below(at, "when"), "an object with at most 8 conditions", *when, report);
    } else {
      for (const auto& member : when->members()) {
        read_condition(member, below(below(at, "when"), member.key), rule, report);
      }
    }
  }
  if (const Json* reply = json.member("respond")) {
    read_respond(*reply, below(at, "respond"), rule, report);
  }
  if (const Json* hosts = json.member("fetch_hosts")) {
    read_hosts(*hosts, below(at, "fetch_hosts"), rule, report);
  }
  rules.push_back(std::move(rule));
}

void read_named(std::string_view text, const std::string& at, std::vector<HandshakeRule>& rules,
                Report& report) {
  const auto known = known_handshakes();
  for (const auto& word : known) {
    if (word.text != text) continue;
    for (HandshakeRule& rule : handshake_rules(word.value)) rules.push_back(std::move(rule));
    return;
  }
  report.error(
      at, "unknown_value",
      "There is no handshake \"" + shown(text) + "\"." + suggestion(text, texts_of(known)));
}

void write_condition(JsonWriter& json, const HandshakeCondition& condition) {
  json.key(format(condition.site));
  switch (condition.expects) {
    case Expectation::kPresent: json.boolean(true); return;
    case Expectation::kAbsent: json.boolean(false); return;
    case Expectation::kText: json.string(condition.text); return;
    case Expectation::kVerifyToken:
      json.begin_object().field("verify_token", true).end_object();
      return;
    case Expectation::kParameter:
      json.begin_object().field("parameter", condition.text).end_object();
      return;
  }
}

void write_reply(JsonWriter& json, const ReplyPart& part) {
  const std::string_view source = word_of(kSources, part.source);
  json.begin_object();
  json.field(source, part.source == ReplySource::kLiteral ? part.text : format(part.from));
  if (part.target == ReplyTarget::kHeader) json.field("as", "header:" + part.name);
  if (part.target == ReplyTarget::kJsonMember) {
    json.field("as", "json:" + codec::pointer_step(part.name));
  }
  if (!part.prefix.empty()) json.field("prefix", part.prefix);
  if (part.encoding != signature::ReplyEncoding::kHex) {
    json.field("encoding", word_of(kReplyEncodings, part.encoding));
  }
  json.end_object();
}

}  // namespace

std::vector<HandshakeRule> read_handshakes(const Json& json, const std::string& at,
                                           Report& report) {
  std::vector<HandshakeRule> rules;
  if (const auto text = json.as_string()) {
    read_named(*text, at, rules, report);
    return rules;
  }
  if (!json.is_array() || json.items().size() > signature::kHandshakesMax) {
    wrong_type(at, "the name of a known handshake, or a list of at most 8", json, report);
    return rules;
  }
  for (std::size_t i = 0; i < json.items().size(); ++i) {
    const Json& item = json.items()[i];
    if (const auto text = item.as_string()) {
      read_named(*text, below(at, i), rules, report);
    } else {
      read_rule(item, below(at, i), rules, report);
    }
  }
  return rules;
}

void write_handshakes(JsonWriter& json, const std::vector<HandshakeRule>& rules) {
  json.begin_array();
  for (const HandshakeRule& rule : rules) {
    json.begin_object().field("method", rule.method);
    if (!rule.when.empty()) {
      json.key("when").begin_object();
      for (const auto& condition : rule.when) write_condition(json, condition);
      json.end_object();
    }
    if (!rule.reply.empty()) {
      json.key("respond").begin_array();
      for (const auto& part : rule.reply) write_reply(json, part);
      json.end_array();
    }
    if (rule.status != 200) json.field("status", rule.status);
    if (rule.verify_first) json.field("verify_first", true);
    if (rule.fetch.place != signature::Place::kNone) json.field("fetch", format(rule.fetch));
    if (!rule.fetch_hosts.empty()) {
      json.key("fetch_hosts").begin_array();
      for (const std::string& host : rule.fetch_hosts) json.string(host);
      json.end_array();
    }
    json.end_object();
  }
  json.end_array();
}

}  // namespace sluice::manifest
