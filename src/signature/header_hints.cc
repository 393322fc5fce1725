#include "signature/header_hints.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "base/headers.h"
#include "signature/presets.h"

namespace sluice::signature {
namespace {

constexpr std::size_t kNamedMax = 6;  // Presets that share a header.

std::vector<std::string> wanted_headers(const Scheme& scheme) {
  std::vector<std::string> wanted;
  const auto want = [&](const Site& site) {
    if (site.place == Place::kHeader) wanted.push_back(site.name);
  };
  want(scheme.signature.from);
  want(scheme.time.from);
  for (const MessagePart& part : scheme.message) {
    if (part.kind == PartKind::kHeader && !part.optional) wanted.push_back(part.text);
  }
  return wanted;
}

std::string with_dashes(std::string name) {
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

// "stripe", "jira and snyk", "bitbucket, intercom and jira".
std::string listed(const std::vector<std::string_view>& names) {
  const std::size_t shown = std::min(names.size(), kNamedMax);
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) {
    const bool last = i + 1 == shown && shown == names.size();
    if (i > 0) text += last ? " and " : ", ";
    text += names[i];
  }
  if (shown < names.size()) text += " and " + std::to_string(names.size() - shown) + " more";
  return text;
}

}  // namespace

std::vector<std::string> header_hints(const Scheme& scheme, const Request& request) {
  std::vector<std::string> hints;
  for (const std::string& wanted : wanted_headers(scheme)) {
    if (count(request.headers, wanted) > 0) continue;
    const std::string dashes = with_dashes(wanted);
    for (const Header& header : request.headers) {
      const std::string seen = with_dashes(header.name);
      if (header.name == wanted || (seen != dashes && !seen.ends_with("-" + dashes))) continue;
      hints.push_back(wanted + " arrived as " + header.name +
                      ": a proxy or a framework renamed it");
    }
  }
  std::map<std::string, std::vector<std::string_view>> others;
  for (const std::string_view each : preset_names()) {
    const auto other = preset(each);
    if (!other || each == scheme.name || other->signature.from == scheme.signature.from) continue;
    const Site& from = other->signature.from;
    if (from.place != Place::kHeader || from.name == "authorization") continue;
    if (count(request.headers, from.name) > 0) others[from.name].push_back(each);
  }
  for (const auto& [header, names] : others) {
    hints.push_back("the request carries " + header + ", where " +
                    (names.size() == 1 ? "the scheme " : "the schemes ") + listed(names) +
                    (names.size() == 1 ? " has its signature" : " have their signature"));
  }
  return hints;
}

}  // namespace sluice::signature
