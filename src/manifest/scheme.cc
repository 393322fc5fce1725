#include "manifest/scheme.h"

#include <utility>

#include "manifest/overlay.h"
#include "manifest/scheme_members.h"
#include "signature/presets.h"

namespace sluice::manifest {
namespace {

using codec::Json;
using signature::Scheme;

constexpr std::size_t kSchemesMax = 256;
constexpr std::uint32_t kDepthMax = 16;
constexpr std::uint32_t kSizeMax = 64 * 1024;

// Which member an objection of signature::check is about, by its words; the first that fits.
struct Subject {
  std::string_view word;
  std::string_view member;
};
constexpr Subject kSubjects[] = {
    {"digest of the body", "body_digest"},
    {"{form-sorted}", "body_digest"},
    {"handshake", "handshake"},
    {"names the delivery", "identity"},
    {"identity", "identity"},
    {"installation", "installation"},
    {"timestamp", "time"},
    {"of the time", "time"},
    {"the time ", "time"},
    {"family", "family"},
    {"algorithm", "algorithm"},
    {"public key", "key"},
    {"signature's", "signature"},
    {"signature stands", "signature"},
    {"prefix", "signature"},
    {"candidates", "signature"},
    {"field", "signature"},
    {"separator", "signature"},
    {"message", "message"},
    {"literal", "message"},
    {"body is not signed", "message"},
};

// The member at fault where it is given, and otherwise the whole definition.
std::string place_of(const Json& json, const std::string& at, std::string_view objection) {
  for (const Subject& subject : kSubjects) {
    if (objection.find(subject.word) == std::string_view::npos) continue;
    return json.member(subject.member) == nullptr ? at : below(at, subject.member);
  }
  return at;
}

}  // namespace

std::optional<Scheme> named_scheme(std::string_view name, const std::string& at,
                                   const std::vector<Scheme>* known, Report& report) {
  if (known != nullptr) {
    for (const Scheme& scheme : *known) {
      if (scheme.name == name) return scheme;
    }
  }
  if (auto scheme = signature::preset(name)) return scheme;
  std::vector<std::string_view> names = signature::preset_names();
  if (known != nullptr) {
    for (const Scheme& scheme : *known) names.push_back(scheme.name);
  }
  report.error(at, "unknown_scheme",
               "There is no scheme \"" + shown(name) + "\"." + suggestion(name, names));
  return std::nullopt;
}

std::optional<Scheme> read_scheme(const Json& json, const std::string& at, std::string_view name,
                                  const std::vector<Scheme>* known, Report& report) {
  const std::size_t errors = report.error_count();
  const Overlay overlay(
      json, at,
      {"like", "name", "family", "algorithm", "allow_legacy", "signature", "key", "message", "time",
       "body_digest", "body_unsigned", "identity", "installation", "parameters", "jwt", "fetched",
       "algorithm_by", "message_signature", "handshake"},
      report);
  if (!json.is_object()) return std::nullopt;
  Scheme scheme;
  scheme.name = name;
  scheme.signature.candidates_max = usual_candidates(scheme.signature);
  if (const Json* like = json.member("like")) {
    const auto text = text_of(*like, overlay.at("like"), report);
    if (!text) return std::nullopt;
    auto base = named_scheme(*text, overlay.at("like"), known, report);
    if (!base) return std::nullopt;
    scheme = *std::move(base);
  }
  if (const Json* label = json.member("name")) {
    auto text = text_of(*label, overlay.at("name"), report);
    if (text && check_name(*text, overlay.at("name"), report)) scheme.name = *std::move(text);
  }
  read_members(overlay, scheme);
  if (report.error_count() != errors) return std::nullopt;
  const auto checked = signature::check(scheme);
  if (!checked) {
    report.error(place_of(json, at, checked.error().context), "scheme_unsafe",
                 "This scheme cannot be used: " + std::string(checked.error().context) + ".");
    return std::nullopt;
  }
  return scheme;
}

std::optional<Scheme> read_scheme(const Object& object, Presence presence,
                                  const std::vector<Scheme>* known) {
  const Json* member = object.member("scheme", presence);
  if (member == nullptr) {
    if (presence == Presence::kOptional) return signature::preset("standard");
    return std::nullopt;
  }
  const std::string at = object.at("scheme");
  if (member->is_object()) {
    return read_scheme(*member, at, kUnnamedScheme, known, object.report());
  }
  if (!member->is_string()) {
    object.report().error(at, "wrong_type",
                          "Expected the name of a scheme, or an object that defines one, found " +
                              std::string(described(*member)) + ".");
    return std::nullopt;
  }
  return named_scheme(*member->as_string(), at, known, object.report());
}

std::vector<Scheme> read_schemes(const Object& root, Report& report) {
  std::vector<Scheme> schemes;
  for (const auto& member : root.members("schemes", kSchemesMax)) {
    const std::string at = below(root.at("schemes"), member.key);
    if (!check_name(member.key, at, report)) continue;
    if (signature::preset(member.key)) {
      report.error(at, "duplicate",
                   "\"" + member.key +
                       "\" is a scheme that exists already. Choose another name, and say "
                       "\"like\" to begin with it.");
      continue;
    }
    auto scheme = read_scheme(member.value, at, member.key, &schemes, report);
    if (!scheme) scheme.emplace();
    scheme->name = member.key;
    schemes.push_back(*std::move(scheme));
  }
  return schemes;
}

Result<Scheme> read_scheme(std::string_view text, std::vector<Finding>& findings) {
  Report report;
  const codec::JsonLimits limits{.depth_max = kDepthMax,
                                 .size_max = kSizeMax,
                                 .duplicate_keys = codec::DuplicateKeys::kRefuse};
  codec::JsonFault fault;
  const auto json = codec::parse_json(text, limits, &fault);
  std::optional<Scheme> scheme;
  if (json) {
    scheme = read_scheme(*json, "", kUnnamedScheme, nullptr, report);
  } else {
    report.error("", "json_malformed",
                 "Line " + std::to_string(fault.line) + ", column " + std::to_string(fault.column) +
                     ": " + std::string(fault.what) + ".");
  }
  for (Finding& finding : report.take_errors()) findings.push_back(std::move(finding));
  if (!scheme) return Error{Errc::kMalformed, "the text defines no usable scheme"};
  return *std::move(scheme);
}

}  // namespace sluice::manifest
