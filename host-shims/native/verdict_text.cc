#include "native/verdict_text.h"

#include <utility>

#include "codec/hex.h"
#include "codec/json_writer.h"

namespace sluice::native {

namespace {

// What named the delivery: "header:webhook-id", or "digest".
std::string named_by(const signature::Scheme& scheme, const signature::Accepted& accepted) {
  if (!accepted.identity_rule.has_value()) return "digest";
  return format(scheme.identity[*accepted.identity_rule].site);
}

}  // namespace

std::string json_of(const signature::Scheme& scheme, const signature::Accepted& accepted) {
  codec::JsonWriter json;
  json.begin_object().field("ok", true).field("secret", accepted.secret);
  json.key("identity").begin_object().field("from", named_by(scheme, accepted));
  json.field("value", accepted.identity).field("signed", accepted.identity_signed).end_object();
  if (accepted.digest.has_value()) {
    json.field("digest", codec::encode_hex(crypto::view(*accepted.digest)));
  }
  if (accepted.signed_at.has_value()) json.field("signed_at", accepted.signed_at->ms);
  json.end_object();
  return std::move(json).take();
}

std::string json_of(const signature::Refusal& refusal, const std::vector<signature::Hint>& hints) {
  codec::JsonWriter json;
  json.begin_object().field("ok", false).field("reason", name(refusal.reason));
  json.field("detail", refusal.detail).key("hints").begin_array();
  for (const auto& hint : hints) {
    json.begin_object().field("kind", name(hint.kind)).field("text", hint.text).end_object();
  }
  json.end_array().end_object();
  return std::move(json).take();
}

std::string json_of(const signature::KeyWanted& wanted) {
  codec::JsonWriter json;
  json.begin_object().field("ok", false).field("reason", "key_wanted");
  json.field("url", wanted.url).end_object();
  return std::move(json).take();
}

std::string line_of(const signature::Scheme& scheme, const signature::Accepted& accepted) {
  return "good: signed with secret " + std::to_string(accepted.secret) + ", known again by its " +
         named_by(scheme, accepted);
}

std::string line_of(const signature::Refusal& refusal, const std::vector<signature::Hint>& hints) {
  std::string lines = "refused: " + std::string(name(refusal.reason)) +
                      (refusal.detail.empty() ? "" : ", " + refusal.detail);
  for (const auto& hint : hints) lines += "\n  " + hint.text;
  return lines;
}

std::string line_of(const signature::KeyWanted& wanted) {
  const bool set = wanted.kind == signature::DocumentKind::kKeySet;
  return "no verdict yet: the provider's " + std::string(set ? "key set" : "certificate") +
         " is needed. Fetch " + wanted.url + " and say --document '" + wanted.url + "=FILE'";
}

}  // namespace sluice::native
