#include "signature/handshake.h"

#include <algorithm>
#include <utility>

#include "codec/base64.h"
#include "codec/form.h"
#include "codec/hex.h"
#include "codec/json_pointer.h"
#include "codec/json_writer.h"
#include "codec/url.h"
#include "crypto/equal.h"
#include "crypto/hash.h"
#include "crypto/hmac.h"
#include "signature/certificate_key.h"

namespace sluice::signature {
namespace {

constexpr std::size_t kFetchMax = 2048;

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

// Base64 in either alphabet, hex, a UUID; so never JSON with members, and never a form.
bool is_token(std::string_view text) {
  std::size_t size = text.size();
  for (int padding = 0; padding < 2 && size > 0 && text[size - 1] == '='; ++padding) --size;
  if (size == 0 || text.size() > kTokenMax) return false;
  return std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
           c == '_' || c == '+' || c == '/';
  });
}

// A body is walked only where the bytes of the name are in it: every delivery passes here.
std::optional<std::string> json_text(ByteView body, std::string_view pointer) {
  const std::string_view name = pointer.substr(pointer.rfind('/') + 1);
  if (body.find(name) == ByteView::npos) return std::nullopt;
  const auto value = codec::find_raw(body, pointer);
  if (!value) return std::nullopt;
  return codec::scalar_text(*value);
}

std::optional<std::string> query_text(std::string_view url, std::string_view name) {
  const std::size_t question = url.find('?');
  if (question == std::string_view::npos) return std::nullopt;
  std::string value;
  const auto found = codec::find_field(url.substr(question + 1), name, value);
  if (found != codec::FormFind::kFound) return std::nullopt;
  return value;
}

// The one text at `site`; none when it is absent, or there twice.
std::optional<std::string> text_at(const Site& site, const Request& request) {
  switch (site.place) {
    case Place::kHeader:
      if (count(request.headers, site.name) != 1) return std::nullopt;
      return std::string(*find(request.headers, site.name));
    case Place::kQuery: return query_text(request.url, site.name);
    case Place::kJson: return json_text(request.body, site.name);
    default: return std::nullopt;
  }
}

// A URL out of a request may name the provider's own hosts, and nothing else.
bool is_pinned(std::string_view text, const std::vector<std::string>& hosts) {
  const auto url = codec::parse_url(text);
  if (!url.has_value() || url->has_userinfo) return false;
  return std::any_of(hosts.begin(), hosts.end(),
                     [&](const auto& pattern) { return fits_host(pattern, url->host); });
}

bool equal_secrets(ByteView a, ByteView b) {
  const auto digest_a = crypto::sha256(a);
  const auto digest_b = crypto::sha256(b);
  return crypto::equal(crypto::view(digest_a), crypto::view(digest_b));
}

const Parameter* parameter_of(const Scheme& scheme, std::string_view name) {
  for (const auto& parameter : scheme.parameters) {
    if (parameter.name == name && !parameter.value.empty()) return &parameter;
  }
  return nullptr;
}

bool is_meant(const HandshakeRule& rule, const Request& request) {
  if (rule.method != request.method) return false;
  for (const auto& condition : rule.when) {
    const bool text = condition.expects == Expectation::kText;
    // Cheaper than reading the body, and right: what the provider sends has no escapes.
    if (text && condition.site.place == Place::kJson &&
        request.body.find(condition.text) == ByteView::npos) {
      return false;
    }
    const auto found = text_at(condition.site, request);
    if (found.has_value() == (condition.expects == Expectation::kAbsent)) return false;
    if (text && *found != condition.text) return false;
  }
  return true;
}

class Answering {
 public:
  Answering(const HandshakeContext& context, const HandshakeRule& rule, const Request& request)
      : context_(context), rule_(rule), request_(request) {}

  HandshakeAnswer run() {
    if (auto refusal = check_conditions()) return *std::move(refusal);
    reply_.status = rule_.status;
    for (const ReplyPart& part : rule_.reply) {
      if (auto refusal = add(part)) return *std::move(refusal);
    }
    finish();
    if (rule_.fetch.place == Place::kNone) return std::move(reply_);
    auto url = text_at(rule_.fetch, request_);
    if (!url || url->size() > kFetchMax) return malformed(rule_.fetch, " holds no usable URL");
    if (!is_pinned(*url, rule_.fetch_hosts)) {
      return malformed(rule_.fetch, " does not point to the provider");
    }
    return HandshakeFetch{.url = *std::move(url), .reply = std::move(reply_)};
  }

 private:
  static Refusal malformed(const Site& site, std::string_view what) {
    return {Reason::kHeaderMalformed, format(site) + std::string(what)};
  }

  std::optional<Refusal> check_conditions() const {
    for (const auto& condition : rule_.when) {
      if (condition.expects == Expectation::kVerifyToken) {
        const auto found = text_at(condition.site, request_);
        if (context_.verify_token.empty()) {
          return Refusal{Reason::kNoSecret, "the source has no verify_token"};
        }
        if (!equal_secrets(found.value_or(std::string()), context_.verify_token)) {
          return Refusal{Reason::kSignatureMismatch,
                         format(condition.site) + " is not the verify_token"};
        }
      } else if (condition.expects == Expectation::kParameter) {
        const Parameter* parameter = parameter_of(context_.scheme, condition.text);
        if (parameter == nullptr) continue;
        if (text_at(condition.site, request_) != parameter->value) {
          return Refusal{Reason::kSignatureMismatch,
                         format(condition.site) + " is not the source's " + condition.text};
        }
      }
    }
    return std::nullopt;
  }

  std::optional<Refusal> add(const ReplyPart& part) {
    std::string value = part.text;
    if (part.source != ReplySource::kLiteral) {
      auto text = text_at(part.from, request_);
      const bool hashed = part.source != ReplySource::kEcho;
      const std::size_t max = part.target == ReplyTarget::kHeader ? kTokenMax : kEchoMax;
      if (!text || text->empty()) return malformed(part.from, " is missing or empty");
      if (text->size() > max || !is_printable(*text) || (hashed && !is_token(*text))) {
        return malformed(part.from, " is too long, or holds bytes that are not answered");
      }
      if (part.source == ReplySource::kSha256 && context_.verify_token.empty()) {
        return Refusal{Reason::kNoSecret, "the source has no verify_token"};
      }
      const bool keyed = part.source == ReplySource::kHmac;
      const crypto::HmacKey* key = keyed ? key_now() : nullptr;
      if (keyed && key == nullptr) return Refusal{Reason::kNoSecret, "no secret is valid now"};
      value = hashed ? part.prefix + digest_text(part, *text, key) : *std::move(text);
    }
    put(part, std::move(value));
    return std::nullopt;
  }

  // The first secret that is valid, as the provider knows one at a time.
  [[nodiscard]] const crypto::HmacKey* key_now() const {
    for (const Key& key : context_.keys.usable) {
      if (is_valid_at(key, context_.now) && key.hmac) return &*key.hmac;
    }
    return nullptr;
  }

  [[nodiscard]] std::string digest_text(const ReplyPart& part, const std::string& text,
                                        const crypto::HmacKey* key) const {
    Bytes digest;
    if (key != nullptr) {
      crypto::Hmac mac(*key);
      mac.update(text);
      digest = Bytes(mac.finish().view());
    } else {
      crypto::Sha256 hash;
      hash.update(text);
      hash.update(context_.verify_token);
      hash.update(request_.url.substr(0, request_.url.find('?')));
      digest = Bytes(crypto::view(hash.finish()));
    }
    return part.encoding == ReplyEncoding::kHex ? codec::encode_hex(digest)
                                                : codec::encode_base64(digest);
  }

  void put(const ReplyPart& part, std::string value) {
    switch (part.target) {
      case ReplyTarget::kText: reply_.body += value; break;
      case ReplyTarget::kHeader: reply_.headers.push_back({part.name, std::move(value)}); break;
      case ReplyTarget::kJsonMember:
        if (!has_json_) json_.begin_object();
        has_json_ = true;
        json_.key(part.name);
        if (part.source == ReplySource::kLiteral) {
          json_.raw(value);
        } else {
          json_.string(value);
        }
        break;
    }
  }

  void finish() {
    if (has_json_) {
      json_.end_object();
      reply_.body = std::move(json_).take();
    }
    const std::string_view type = has_json_ ? "application/json" : "text/plain; charset=utf-8";
    reply_.headers.push_back({"content-type", std::string(type)});
    reply_.headers.push_back({"x-content-type-options", "nosniff"});
    reply_.headers.push_back({"cache-control", "no-store"});
  }

  const HandshakeContext& context_;
  const HandshakeRule& rule_;
  const Request& request_;
  HandshakeReply reply_;
  codec::JsonWriter json_;
  bool has_json_ = false;
};

bool is_answered(const HandshakeRule& rule, Sender sender) {
  return rule.verify_first == (sender == Sender::kVerified);
}

}  // namespace

std::optional<HandshakeAnswer> handshake(const HandshakeContext& context, const Request& request,
                                         Sender sender) {
  for (const auto& rule : context.scheme.handshakes) {
    if (!is_answered(rule, sender) || !is_meant(rule, request)) continue;
    return Answering(context, rule, request).run();
  }
  return std::nullopt;
}

bool has_handshake(const Scheme& scheme, std::string_view method, Sender sender) {
  return std::any_of(scheme.handshakes.begin(), scheme.handshakes.end(), [&](const auto& rule) {
    return is_answered(rule, sender) && rule.method == method;
  });
}

std::string allowed_methods(const Scheme& scheme) {
  std::string allowed;
  for (const std::string_view method : {"GET", "HEAD", "OPTIONS"}) {
    if (has_handshake(scheme, method, Sender::kUnverified) ||
        has_handshake(scheme, method, Sender::kVerified)) {
      allowed.append(method).append(", ");
    }
  }
  return allowed + "POST";
}

}  // namespace sluice::signature
