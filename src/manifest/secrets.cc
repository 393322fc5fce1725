// Secrets and other values of the environment.
#include <algorithm>
#include <utility>

#include "codec/rfc3339.h"
#include "manifest/context.h"
#include "signature/presets.h"

namespace sluice::manifest {
namespace {

using codec::Json;

constexpr std::size_t kVariableMax = 128;
constexpr std::size_t kSecretsMax = 16;
constexpr std::string_view kHowTo =
    "Write \"env:NAME\" and set the environment variable (or Worker secret) NAME.";

bool is_variable(std::string_view name) {
  if (name.empty() || name.size() > kVariableMax) return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
    const bool digit = c >= '0' && c <= '9';
    if (!letter && !(digit && i > 0)) return false;
  }
  return true;
}

// Serves wherever `sluice check` runs without secrets: base64 of 32 bytes.
constexpr std::string_view kStandIn = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

std::optional<Instant> read_time(const Object& object, std::string_view key) {
  const auto text = object.string(key, Presence::kOptional);
  if (!text) return std::nullopt;
  const auto time = codec::parse_rfc3339(*text);
  if (!time) {
    object.report().error(object.at(key), "time_malformed",
                          "Expected a time such as \"2026-01-02T03:04:05Z\" (RFC 3339), found \"" +
                              shown(*text) + "\".");
  }
  return time;
}

std::optional<signature::Secret> read_secret(const Json& json, const std::string& at,
                                             const Context& context) {
  signature::Secret secret;
  if (!json.is_object()) {
    auto value = read_token(json, at, context);
    if (!value) return std::nullopt;
    secret.value = *std::move(value);
    return secret;
  }
  const Object object(json, at, {"secret", "not_before", "not_after"}, context.report);
  secret.not_before = read_time(object, "not_before");
  secret.not_after = read_time(object, "not_after");
  if (secret.not_before && secret.not_after && *secret.not_after < *secret.not_before) {
    context.report.error(object.at("not_after"), "out_of_range",
                         "\"not_after\" is before \"not_before\": the secret is never valid.");
  }
  const Json* member = object.member("secret", Presence::kRequired);
  if (member == nullptr) return std::nullopt;
  auto value = read_token(*member, object.at("secret"), context);
  if (!value) return std::nullopt;
  secret.value = *std::move(value);
  return secret;
}

}  // namespace

std::optional<std::string> resolve(std::string_view reference, const std::string& at,
                                   const Context& context, std::string_view stand_in) {
  SLUICE_ASSERT(is_reference(reference));
  const std::string_view name = reference.substr(4);
  if (!is_variable(name)) {
    context.report.error(at, "secret_malformed",
                         "\"" + shown(reference) +
                             "\" names no environment variable. Names consist of letters, digits "
                             "and underscores.");
    return std::nullopt;
  }
  for (const auto& [variable, value] : context.environment) {
    if (variable == name && !value.empty()) return value;
  }
  if (context.secrets == Secrets::kUnchecked) return std::string(stand_in);
  context.report.error(at, "secret_missing",
                       "The environment variable " + std::string(name) + " is not set, or empty.");
  return std::nullopt;
}

std::optional<std::string> read_token(const Json& json, const std::string& at,
                                      const Context& context) {
  const auto text = text_of(json, at, context.report);
  if (!text) return std::nullopt;
  if (!is_reference(*text)) {
    context.report.error(at, "secret_in_clear",
                         "A secret must not stand in the manifest. " + std::string(kHowTo));
    return std::nullopt;
  }
  return resolve(*text, at, context, kStandIn);
}

std::vector<signature::Secret> read_secrets(const Object& object, const signature::Scheme* scheme,
                                            const Context& context) {
  std::vector<signature::Secret> secrets;
  // Where the provider publishes its keys there is nothing to configure. Without a scheme, that is
  // what is missing.
  const bool published = scheme == nullptr || !scheme->fetched.url.empty() ||
                         scheme->fetched.url_from.place != signature::Place::kNone;
  const auto& items =
      object.items("secrets", published ? Presence::kOptional : Presence::kRequired, kSecretsMax);
  const Json* list = object.member("secrets", Presence::kOptional);
  if (list != nullptr && list->is_array() && list->items().empty()) {
    context.report.error(object.at("secrets"), "out_of_range",
                         "At least one secret is required. " + std::string(kHowTo));
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string at = below(object.at("secrets"), i);
    auto secret = read_secret(items[i], at, context);
    if (!secret) continue;
    const bool stands_in = context.secrets == Secrets::kUnchecked && secret->value == kStandIn;
    if (scheme == nullptr || stands_in) {
      secrets.push_back(*std::move(secret));
      continue;
    }
    const auto keys = signature::prepare(*scheme, {*secret});
    if (!keys.faults.empty()) {
      context.report.error(at, "secret_malformed",
                           "The scheme \"" + scheme->name + "\" cannot use this secret: " +
                               std::string(keys.faults.front().why) + ".");
      continue;
    }
    secrets.push_back(*std::move(secret));
  }
  return secrets;
}

}  // namespace sluice::manifest
