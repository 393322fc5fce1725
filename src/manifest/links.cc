#include <utility>

#include "manifest/sections.h"

namespace sluice::manifest {
namespace {

constexpr Range kEveryMs{1000, days(31).ms};
constexpr Range kTimeoutMs{100, 120'000};

void read_peer(Link& link, const Object& parent, const Context& context) {
  const codec::Json* from = parent.member("from", Presence::kRequired);
  if (from == nullptr) return;
  const Object object(*from, parent.at("from"), {"url", "installation", "token"}, context.report);
  if (auto url = read_url(object, context)) {
    if (url->path != "/" || url->has_query) {
      context.report.error(object.at("url"), "url_malformed",
                           "Expected the peer's origin, such as \"https://peer.example\", without "
                           "a path or a query.");
    } else {
      url->text.pop_back();  // The path is one slash.
      link.url = std::move(url->text);
      link.private_allowed = url->private_allowed;
    }
  }
  link.peer_installation = object.string("installation", Presence::kOptional).value_or("main");
  (void)check_name(link.peer_installation, object.at("installation"), context.report);
  const codec::Json* token = object.member("token", Presence::kRequired);
  if (token == nullptr) return;
  if (auto text = read_token(*token, object.at("token"), context)) link.token = *std::move(text);
}

Link read_link(const std::string& name, const Object& object, const Context& context) {
  Link link;
  link.name = name;
  link.installation = object.string("installation", Presence::kOptional).value_or("main");
  (void)check_known(link.installation, object.at("installation"), context.installations,
                    "installation", context.report);
  read_peer(link, object, context);
  link.stream = object.string("stream", Presence::kOptional).value_or("events");
  (void)check_name(link.stream, object.at("stream"), context.report);
  if (const auto every = object.duration("every_ms", kEveryMs)) link.every = *every;
  if (const auto timeout = object.duration("timeout_ms", kTimeoutMs)) link.timeout = *timeout;
  return link;
}

}  // namespace

std::vector<Link> read_links(const Object& root, const Context& context) {
  std::vector<Link> links;
  for (const auto& member : root.members("links", kTimersMax)) {
    const std::string at = below(root.at("links"), member.key);
    (void)check_name(member.key, at, context.report);
    if (member.key == "events") {
      context.report.error(at, "name_malformed",
                           "\"events\" is the stream of accepted events; a link appends to the "
                           "stream of its own name. Choose another one.");
    }
    const Object object(member.value, at,
                        {"installation", "from", "stream", "every_ms", "timeout_ms"},
                        context.report);
    links.push_back(read_link(member.key, object, context));
  }
  return links;
}

}  // namespace sluice::manifest
