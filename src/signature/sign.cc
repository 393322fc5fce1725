#include "signature/sign.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "signature/jwt.h"
#include "signature/message_signature.h"
#include "signature/placing.h"
#include "signature/reading.h"
#include "signature/signature_text.h"
#include "signature/signing_time.h"

namespace sluice::signature {
namespace {

Error wrong(std::string_view why) { return Error{Errc::kBadArgument, why}; }

bool is_in_signature(const Site& site) {
  return site.place == Place::kField || site.place == Place::kPosition;
}

class Signer {
 public:
  Signer(const Scheme& scheme, const Keys& keys, const SignInput& input)
      : scheme_(scheme), keys_(keys), input_(input) {}

  Result<Signed> run() {
    draft_.headers = input_.headers;
    draft_.url = input_.url;
    draft_.body = input_.body;
    SLUICE_TRY(place_time());
    SLUICE_TRY(place_identity());
    SLUICE_TRY(place_digest());
    SLUICE_TRY(read_parts());
    SLUICE_TRY(place_signatures());

    Signed result{.headers = std::move(draft_.added)};
    if (draft_.url_changed) result.url = std::move(draft_.url);
    if (draft_.body_changed) result.body = std::move(draft_.body);
    return result;
  }

 private:
  // The text that the caller gave for a site; empty when it gave none, an error when it gave two.
  Result<std::string> given(const Site& site) {
    Shelf shelf;
    const Found found = find_at(site, draft_.request(input_.method), shelf);
    if (found.presence == Presence::kRepeated) return wrong("a signed text is given twice");
    if (found.presence == Presence::kMalformed) return wrong("the form or the query is malformed");
    return std::string(found.text);
  }

  // Headers that were given are handed back, so that all that is signed is in one place.
  Result<void> put(const Site& site, std::string_view text, bool is_given) {
    if (is_given && site.place != Place::kHeader) return {};
    return place(draft_, site, text);
  }

  Result<void> place_digest() {
    if (!scheme_.body_digest) return {};
    const BodyDigest& digest = *scheme_.body_digest;
    SLUICE_TRY(const auto other, given(digest.from));
    const bool form = digest.unless_form && is_form(draft_.request(input_.method));
    if (form && other.empty()) return {};
    if (digest.from.place != Place::kHeader && digest.from.place != Place::kQuery) {
      return wrong("a digest of the body cannot be put inside of the body");
    }
    const crypto::Digest hash = crypto::digest(digest.hash, draft_.body);
    return place(draft_, digest.from,
                 digest.prefix + encode_signature(digest.encoding, hash.view()));
  }

  Result<void> place_time() {
    const Site& site = scheme_.time.from;
    if (site.place == Place::kNone) return {};
    if (input_.now.ms < 0) return wrong("the time lies before 1970");
    std::string text;
    if (!is_in_signature(site)) {
      SLUICE_TRY(text, given(site));
    }
    const bool is_given = !text.empty();
    if (!is_given) text = format_time(scheme_.time.format, input_.now);
    if (!parse_time(scheme_.time.format, text)) return wrong("the timestamp is not of its format");
    timestamp_ = text;
    if (is_in_signature(site)) return {};
    return put(site, text, is_given);
  }

  // Headers always carry the id; other places where they are signed on their own.
  Result<void> place_identity() {
    for (const IdentityRule& rule : scheme_.identity) {
      const Site& site = rule.site;
      if (site == scheme_.time.from) continue;
      if (site.place != Place::kHeader && !is_message_part(site)) continue;
      SLUICE_TRY(const auto text, given(site));
      if (!text.empty()) return put(site, text, true);
      if (input_.id.empty()) return {};
      return put(site, input_.id, false);
    }
    return {};
  }

  [[nodiscard]] bool is_message_part(const Site& site) const {
    return std::any_of(
        scheme_.message.begin(), scheme_.message.end(), [&](const MessagePart& part) {
          const bool same_place = (part.kind == PartKind::kJson && site.place == Place::kJson) ||
                                  (part.kind == PartKind::kForm && site.place == Place::kForm) ||
                                  (part.kind == PartKind::kQuery && site.place == Place::kQuery);
          return same_place && part.text == site.name;
        });
  }

  Result<void> read_parts() {
    const Request request = draft_.request(input_.method);
    const auto& message = scheme_.message;
    for (std::size_t i = 0; i < message.size(); ++i) {
      const MessagePart& part = message[i];
      if (part.kind == PartKind::kLiteral) continue;
      const bool sorted = part.kind == PartKind::kFormSorted;
      if (sorted && !scheme_.body_digest && !is_form(request) && !request.body.empty()) {
        return wrong("the body is no form, and the scheme has no digest for another one");
      }
      Found found = find_part(scheme_, part, request, shelf_);
      if (part.kind == PartKind::kTimestamp) found = {Presence::kThere, timestamp_};
      const bool there = found.presence == Presence::kThere;
      if (part.optional && found.text.empty() && (there || found.presence == Presence::kMissing)) {
        parts_.absent[i] = true;
      } else if (!there) {
        return wrong("a signed text is missing, or given twice");
      }
      parts_.values[i] = found.text;
    }
    for (std::size_t i = 0; i < message.size(); ++i) {
      const bool header = message[i].kind == PartKind::kHeader;
      const bool joined = header && parts_.values[i].find(',') != std::string_view::npos;
      if (joined || !fits_part(scheme_, i, parts_)) {
        return wrong("a signed header is missing or cannot be signed safely");
      }
      if (header && !parts_.absent[i] && count(draft_.added, message[i].text) == 0) {
        draft_.added.insert(draft_.added.begin(), {message[i].text, std::string(parts_.values[i])});
      }
    }
    return {};
  }

  Result<Bytes> signature_of(const Key& key, const Message& message) const {
    if (scheme_.family == Family::kToken) return Bytes(key.shared->bytes);
    if (key.hmac) {
      crypto::Hmac mac(*key.hmac);
      for (const ByteView piece : message.view()) mac.update(piece);
      return Bytes(mac.finish().view());
    }
    if (key.shared) {
      crypto::Hash hash(crypto::HashKind::kSha256);
      hash.update(key.shared->bytes);
      for (const ByteView piece : message.view()) hash.update(piece);
      return Bytes(hash.finish().view());
    }
    if (!key.private_key) return wrong("a public key verifies; to sign, give the private key");
    crypto::Hash salt(crypto::HashKind::kSha512);
    for (const ByteView piece : message.view()) salt.update(piece);
    const crypto::Digest random = salt.finish();
    const auto form = scheme_.signature.ecdsa == EcdsaForm::kDer ? crypto::EcdsaForm::kDer
                                                                 : crypto::EcdsaForm::kRaw;
    return crypto::sign(public_algorithm_of(scheme_.algorithm), form, *key.private_key,
                        message.view(), {as_u8(random.view()), random.view().size()});
  }

  Result<std::string> item_of(const Key& key, const Message& message) const {
    const SignatureSite& site = scheme_.signature;
    SLUICE_TRY(const auto bytes, signature_of(key, message));
    std::string item = site.field_is_key_id ? key.id : site.field;
    if (site.field_is_key_id && item.empty()) {
      return wrong("the secret has to name its key: \"id|secret\", with the scheme's separator");
    }
    if (site.field_separator != '\0') item += site.field_separator;
    const std::string text = encode_signature(site.encoding, bytes);
    const bool sendable = std::all_of(text.begin(), text.end(), [&](char c) {
      return c >= ' ' && c <= '~' && c != site.item_separator;
    });
    if (!sendable) return wrong("the token holds bytes that its place cannot carry");
    return item + site.item_prefix + text;
  }

  // What stands in front of the signatures: the time, as a field or as an item.
  Result<std::string> begin_text() const {
    const SignatureSite& site = scheme_.signature;
    const Site& time = scheme_.time.from;
    if (time.place == Place::kField) return time.name + site.field_separator + timestamp_;
    if (site.position <= 0) return std::string();
    if (site.position == 1 && time.place == Place::kPosition) return timestamp_;
    return wrong("items in front of the signature that are not the time cannot be made");
  }

  Result<void> place_signatures() {
    const SignatureSite& site = scheme_.signature;
    const Message message = message_of(scheme_, parts_);
    const bool numbered = site.from.place == Place::kNumberedHeaders;
    const bool one = site.item_separator == '\0' && !numbered;
    const std::size_t signatures_max = one ? 1 : site.candidates_max;
    SLUICE_TRY(std::string text, begin_text());
    std::size_t signatures = 0;
    for (const Key& key : keys_.usable) {
      if (!is_valid_at(key, input_.now) || signatures == signatures_max) continue;
      SLUICE_TRY(const auto item, item_of(key, message));
      ++signatures;
      if (numbered) {
        const Site each{Place::kHeader, site.from.name + std::to_string(signatures)};
        SLUICE_TRY(place(draft_, each, site.prefix + item));
        continue;
      }
      if (!text.empty()) text += site.item_separator;
      text += item;
    }
    if (signatures == 0) return wrong("no secret of this scheme is valid now");
    if (numbered) return {};
    return place(draft_, site.from, site.prefix + text);
  }

  const Scheme& scheme_;
  const Keys& keys_;
  const SignInput& input_;
  Draft draft_;
  std::string timestamp_;
  PartValues parts_;
  Shelf shelf_;
};

}  // namespace

Result<Signed> sign(const Scheme& scheme, const std::vector<Secret>& secrets,
                    const SignInput& input) {
  return sign(scheme, prepare(scheme, secrets), input);
}

Result<Signed> sign(const Scheme& scheme, const Keys& keys, const SignInput& input) {
  if (scheme.family == Family::kJwt) return sign_jwt(scheme, keys, input);
  if (scheme.family == Family::kMessageSignature) return sign_message(scheme, keys, input);
  return Signer(scheme, keys, input).run();
}

}  // namespace sluice::signature
