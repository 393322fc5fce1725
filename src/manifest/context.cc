#include "manifest/context.h"

#include <algorithm>
#include <utility>

#include "codec/url.h"

namespace sluice::manifest {
namespace {

using codec::Json;

constexpr std::size_t kHeadersMax = 32;
constexpr std::size_t kNamesMax = 64;
constexpr std::string_view kStandInUrl = "https://stand-in.example/";

constexpr std::string_view kReserved[] = {
    "host",       "content-length", "transfer-encoding", "connection",       "keep-alive",
    "te",         "trailer",        "upgrade",           "expect",           "proxy-connection",
    "webhook-id", "content-type",   "webhook-timestamp", "webhook-signature"};
constexpr std::string_view kCredentials[] = {
    "authorization", "proxy-authorization", "cookie",        "x-api-key",
    "api-key",       "x-auth-token",        "x-access-token"};

template <std::size_t N>
bool contains(const std::string_view (&list)[N], std::string_view word) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

bool is_header_name(std::string_view name) {
  if (name.empty() || name.size() > 128) return false;
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (!letter && std::string_view("!#$%&'*+-.^_`|~").find(c) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

bool is_header_value(std::string_view value) {
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\t') || byte == 0x7f) return false;
  }
  return !value.empty() && value.front() != ' ' && value.back() != ' ';
}

std::optional<std::string> read_value(const codec::JsonMember& member, const std::string& name,
                                      const std::string& at, const Context& context) {
  auto text = text_of(member.value, at, context.report);
  if (!text) return std::nullopt;
  if (is_reference(*text)) {
    text = resolve(*text, at, context, "stand-in");
    if (!text) return std::nullopt;
  } else if (contains(kCredentials, name)) {
    context.report.error(at, "secret_in_clear",
                         "The header \"" + name +
                             "\" carries a credential, which must not stand in the manifest. "
                             "Write \"env:NAME\" and set the environment variable NAME.");
    return std::nullopt;
  }
  if (!is_header_value(*text)) {
    context.report.error(at, "header_malformed",
                         "The value is empty, has blanks at an end, or holds control bytes.");
    return std::nullopt;
  }
  return text;
}

}  // namespace

std::optional<CheckedUrl> read_url(const Object& object, const Context& context) {
  auto text = object.string("url", Presence::kRequired);
  if (!text) return std::nullopt;
  const std::string at = object.at("url");
  if (is_reference(*text)) {
    text = resolve(*text, at, context, kStandInUrl);
    if (!text) return std::nullopt;
  }
  const auto url = codec::parse_url(*text);
  if (!url) {
    context.report.error(at, "url_malformed",
                         "Expected a URL such as \"https://crm.example/hooks\": " +
                             std::string(url.error().context) + ".");
    return std::nullopt;
  }
  codec::UrlPolicy policy;
  policy.private_hosts = context.private_hosts;
  const auto allowed = codec::check_public(*url, policy);
  if (!allowed) {
    context.report.error(
        at, "url_blocked",
        "Requests to this URL are refused: " + std::string(allowed.error().context) +
            ". Expected https to a public host; for development, list the host "
            "in /development/private_hosts.");
    return std::nullopt;
  }
  CheckedUrl checked;
  checked.text = codec::canonical(*url);
  checked.path = url->path;
  checked.has_query = url->query.has_value();
  checked.private_allowed = !codec::check_public(*url, codec::UrlPolicy{}).has_value();
  return checked;
}

Headers read_headers(const Object& object, const Context& context) {
  Headers headers;
  for (const auto& member : object.members("headers", kHeadersMax)) {
    const std::string at = below(object.at("headers"), member.key);
    const std::string name = lower_case(member.key);
    if (!is_header_name(name)) {
      context.report.error(at, "header_malformed",
                           "\"" + shown(member.key) + "\" is no header name.");
      continue;
    }
    if (contains(kReserved, name)) {
      context.report.error(at, "header_reserved",
                           "The header \"" + name + "\" is set by the engine or by HTTP itself.");
      continue;
    }
    if (count(headers, name) > 0) {
      context.report.error(at, "duplicate", "The header \"" + name + "\" is there already.");
      continue;
    }
    auto value = read_value(member, name, at, context);
    if (value) headers.push_back({name, *std::move(value)});
  }
  return headers;
}

std::vector<std::string> read_names(const Object& object, std::string_view key,
                                    const std::vector<std::string>& known, std::string_view kind) {
  std::vector<std::string> names;
  const auto& items = object.items(key, Presence::kRequired, kNamesMax);
  const Json* list = object.member(key, Presence::kOptional);
  if (list != nullptr && list->is_array() && list->items().empty()) {
    object.report().error(object.at(key), "out_of_range",
                          "At least one " + std::string(kind) + " is required.");
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string at = below(object.at(key), i);
    const auto name = text_of(items[i], at, object.report());
    if (!name || !check_known(*name, at, known, kind, object.report())) continue;
    if (std::find(names.begin(), names.end(), *name) != names.end()) {
      object.report().error(at, "duplicate", "\"" + *name + "\" is in the list already.");
      continue;
    }
    names.push_back(*name);
  }
  return names;
}

bool check_known(std::string_view name, const std::string& at,
                 const std::vector<std::string>& known, std::string_view kind, Report& report) {
  if (std::find(known.begin(), known.end(), name) != known.end()) return true;
  report.error(at, "unknown_reference",
               "There is no " + std::string(kind) + " \"" + shown(name) + "\"." +
                   suggestion(name, words_of(known)));
  return false;
}

}  // namespace sluice::manifest
