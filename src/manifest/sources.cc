#include <algorithm>

#include "codec/url.h"
#include "manifest/scheme.h"
#include "manifest/sections.h"

namespace sluice::manifest {
namespace {

constexpr Range kDedupeMs{60'000, days(8).ms};
constexpr Range kToleranceMs{1000, days(7).ms};
constexpr Range kBodyMax{1, 16 * 1024 * 1024};
constexpr std::size_t kTokenMin = 8;
constexpr Duration kRounding = seconds(1);  // Limits of time are compared in whole seconds.

// The references that the secrets were read from; as many as there are secrets, or there are
// errors.
std::vector<std::string> secret_names(const Object& object) {
  std::vector<std::string> names;
  const codec::Json* list = object.member("secrets", Presence::kOptional);
  if (list == nullptr) return names;
  for (const auto& item : list->items()) {
    const codec::Json* secret = item.is_object() ? item.member("secret") : &item;
    const auto text = secret == nullptr ? std::nullopt : secret->as_string();
    names.emplace_back(text.value_or(std::string_view()));
  }
  return names;
}

void read_verify_token(Source& source, const Object& object, const Context& context) {
  const codec::Json* member = object.member("verify_token", Presence::kOptional);
  if (member == nullptr) return;
  const std::string at = object.at("verify_token");
  auto token = read_token(*member, at, context);
  if (!token) return;
  if (token->size() < kTokenMin) {
    context.report.warn(at, "token_short",
                        "The verify token is shorter than 8 bytes, and may be guessed.");
  }
  source.verify_token = *std::move(token);
}

// Kept as it is written: a provider signs the very text that it was given.
void read_public_url(Source& source, const Object& object, const Context& context) {
  auto text = object.string("public_url", Presence::kOptional);
  if (!text) return;
  const auto url = codec::parse_url(*text);
  if (!url.has_value() || url->query || url->has_userinfo || text->find('#') != std::string::npos) {
    context.report.error(object.at("public_url"), "url_malformed",
                         "Expected the URL that the provider was given, without a query, such as "
                         "\"https://hooks.example/in/square\"; with a slash at its end the path of "
                         "the request follows it.");
    return;
  }
  source.public_url = *std::move(text);
}

// A signature that is fresh for longer than its delivery is recognised could be sent again.
void check_freshness(const Source& source, const Object& object, const Context& context) {
  if (recognised_for(source) <= days(8)) return;
  context.report.error(object.at(object.has("past_ms") ? "past_ms" : "future_ms"), "out_of_range",
                       "\"past_ms\" and \"future_ms\" together are at most 8 days less a second: a "
                       "delivery is recognised for 8 days, and could be replayed after that.");
}

Source read_source(const std::string& name, const Object& object, const Context& context) {
  Source source;
  source.name = name;
  auto scheme = read_scheme(object, Presence::kRequired, &context.schemes);
  source.secrets = read_secrets(object, scheme ? &*scheme : nullptr, context);
  source.secret_names = secret_names(object);
  source.secret_names.resize(source.secrets.size());
  if (scheme) source.scheme = *std::move(scheme);
  if (const auto past = object.duration("past_ms", kToleranceMs)) source.scheme.time.past = *past;
  if (const auto future = object.duration("future_ms", kToleranceMs)) {
    source.scheme.time.future = *future;
  }
  if (const auto dedupe = object.duration("dedupe_ms", kDedupeMs)) source.dedupe = *dedupe;
  source.body_max = context.body_max;
  if (const auto body_max = object.integer("body_max", kBodyMax)) {
    source.body_max = static_cast<std::uint32_t>(*body_max);
  }
  read_verify_token(source, object, context);
  read_public_url(source, object, context);
  check_freshness(source, object, context);
  return source;
}

}  // namespace

std::string public_url(const Source& source, std::string_view origin, std::string_view target) {
  if (source.public_url.empty()) return std::string(origin).append(target);
  const std::size_t authority = source.public_url.find("://") + 3;
  const std::size_t path = source.public_url.find('/', authority);
  if (path == std::string::npos) return source.public_url + std::string(target);
  const bool prefix = source.public_url.back() == '/';
  const std::size_t begin =
      prefix ? std::min<std::size_t>(target.size(), 1) : std::min(target.find('?'), target.size());
  return source.public_url + std::string(target.substr(begin));
}

Duration recognised_for(const Source& source) {
  const auto& time = source.scheme.time;
  if (time.from.place == signature::Place::kNone) return source.dedupe;
  return std::max(source.dedupe, time.past + time.future + kRounding);
}

std::vector<Source> read_sources(const Object& root, const Context& context) {
  std::vector<Source> sources;
  for (const auto& member : root.members("sources", kSectionMax)) {
    const std::string at = below(root.at("sources"), member.key);
    (void)check_name(member.key, at, context.report);
    const Object object(member.value, at,
                        {"scheme", "secrets", "past_ms", "future_ms", "dedupe_ms", "body_max",
                         "verify_token", "public_url"},
                        context.report);
    sources.push_back(read_source(member.key, object, context));
  }
  return sources;
}

}  // namespace sluice::manifest
