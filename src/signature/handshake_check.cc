// What a handshake has to be, so that it answers its provider and nobody else gains by it.
#include <algorithm>
#include <array>

#include "codec/json.h"
#include "signature/certificate_key.h"
#include "signature/handshake.h"

namespace sluice::signature {
namespace {

constexpr std::size_t kTextMax = 256;

Error wrong(std::string_view what) { return {Errc::kBadArgument, what}; }

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool is_readable(const Site& site) {
  return (site.place == Place::kHeader || site.place == Place::kQuery ||
          site.place == Place::kJson) &&
         is_well_named(site);
}

Result<void> check_place(const HandshakeRule& rule, const Site& site) {
  if (!is_readable(site)) {
    return wrong("a handshake reads a header, a query parameter, or a scalar of the JSON body");
  }
  if (site.place == Place::kJson && rule.method != "POST") {
    return wrong("only a POST has a body that a handshake could read");
  }
  return {};
}

Result<void> check_conditions(const HandshakeRule& rule) {
  if (rule.when.size() > kHandshakePartsMax) return wrong("a handshake has too many conditions");
  if (rule.method == "POST" && rule.when.empty()) {
    return wrong("a POST handshake without conditions would answer every delivery, and store none");
  }
  for (const auto& condition : rule.when) {
    SLUICE_TRY(check_place(rule, condition.site));
    const bool needs_text =
        condition.expects == Expectation::kText || condition.expects == Expectation::kParameter;
    if (needs_text && (condition.text.empty() || condition.text.size() > kTextMax)) {
      return wrong("a handshake's condition has an empty text, or one that is too long");
    }
  }
  return {};
}

// Names of the answer that would change what it is, or how it is read.
bool is_reserved(std::string_view header) {
  constexpr std::array<std::string_view, 9> kReserved{
      "content-type", "content-length", "content-encoding", "transfer-encoding",     "connection",
      "set-cookie",   "location",       "cache-control",    "x-content-type-options"};
  return std::find(kReserved.begin(), kReserved.end(), header) != kReserved.end();
}

Result<void> check_part(const Scheme& scheme, const HandshakeRule& rule, const ReplyPart& part) {
  if (part.target == ReplyTarget::kHeader &&
      (!is_header_name(part.name) || is_reserved(part.name))) {
    return wrong("a handshake answers in a header that is no name, or that is not its own");
  }
  if (part.target == ReplyTarget::kJsonMember &&
      (part.name.empty() || part.name.size() > kTextMax || !is_printable(part.name))) {
    return wrong("a handshake's JSON member has no printable name");
  }
  if (part.text.size() > kTextMax || part.prefix.size() > kTextMax || !is_printable(part.text) ||
      !is_printable(part.prefix)) {
    return wrong("a handshake's literal is too long, or not printable ASCII");
  }
  if (part.source == ReplySource::kLiteral) {
    if (part.target == ReplyTarget::kJsonMember && !codec::parse_json(part.text).has_value()) {
      return wrong("the literal of a JSON member is no JSON value");
    }
    return {};
  }
  SLUICE_TRY(check_place(rule, part.from));
  if (part.source == ReplySource::kHmac) {
    if (scheme.family != Family::kHmac) {
      return wrong("a handshake that answers with an HMAC needs a scheme with a secret for it");
    }
    if (rule.method == "POST" && !rule.verify_first) {
      return wrong("a POST handshake that answers with an HMAC has to be verified first");
    }
  }
  return {};
}

Result<void> check_reply(const Scheme& scheme, const HandshakeRule& rule) {
  if (rule.status < 200 || rule.status > 299) return wrong("a handshake is answered with 2xx");
  if (rule.reply.size() > kHandshakePartsMax)
    return wrong("a handshake's reply has too many parts");
  bool text = false;
  bool json = false;
  for (const auto& part : rule.reply) {
    SLUICE_TRY(check_part(scheme, rule, part));
    text = text || part.target == ReplyTarget::kText;
    json = json || part.target == ReplyTarget::kJsonMember;
  }
  if (text && json) return wrong("a handshake answers in text or in JSON, not in both");
  return {};
}

Result<void> check_fetch(const HandshakeRule& rule) {
  if (rule.fetch.place == Place::kNone) return {};
  SLUICE_TRY(check_place(rule, rule.fetch));
  if (!rule.verify_first) {
    return wrong("a URL is fetched for a sender that has been verified, and for nobody else");
  }
  if (rule.fetch_hosts.empty() ||
      !std::all_of(rule.fetch_hosts.begin(), rule.fetch_hosts.end(), &is_host_pattern)) {
    return wrong("a handshake that fetches a URL names the hosts it may be on");
  }
  return {};
}

}  // namespace

Result<void> check_handshakes(const Scheme& scheme) {
  if (scheme.handshakes.size() > kHandshakesMax) return wrong("a scheme has too many handshakes");
  constexpr std::array<std::string_view, 4> kMethods{"POST", "GET", "HEAD", "OPTIONS"};
  for (const auto& rule : scheme.handshakes) {
    if (std::find(kMethods.begin(), kMethods.end(), rule.method) == kMethods.end()) {
      return wrong("a handshake is a POST, GET, HEAD or OPTIONS");
    }
    SLUICE_TRY(check_conditions(rule));
    SLUICE_TRY(check_reply(scheme, rule));
    SLUICE_TRY(check_fetch(rule));
  }
  return {};
}

}  // namespace sluice::signature
