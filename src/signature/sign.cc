#include "signature/sign.h"

#include "codec/base64.h"
#include "codec/hex.h"
#include "signature/jwt.h"
#include "signature/message_signature.h"
#include "signature/reading.h"

namespace sluice::signature {
namespace {

// The value of a header that the caller gave; an error when it gave two.
Result<std::string> given(const Headers& headers, std::string_view name, std::string otherwise) {
  if (count(headers, name) > 1) return Error{Errc::kBadArgument, "a signed header is given twice"};
  const auto value = find(headers, name);
  return value ? std::string(*value) : std::move(otherwise);
}

Result<std::string> timestamp_of(const Scheme& scheme, const SignInput& input) {
  if (scheme.time.from.place == Place::kNone) return std::string();
  const std::int64_t unit = scheme.time.format == TimeFormat::kSeconds ? 1000 : 1;
  if (input.now.ms < 0) return Error{Errc::kBadArgument, "the time lies before 1970"};
  std::string text = std::to_string(input.now.ms / unit);
  if (scheme.time.from.place == Place::kHeader) {
    SLUICE_TRY(text, given(input.headers, scheme.time.from.name, std::move(text)));
  }
  const bool digits = text.find_first_not_of("0123456789") == std::string::npos;
  if (text.empty() || !digits) return Error{Errc::kBadArgument, "the timestamp is not a number"};
  return text;
}

// The header that names the delivery, when the scheme has one.
std::string_view identity_header(const Scheme& scheme) {
  for (const auto& rule : scheme.identity) {
    if (rule.site.place == Place::kHeader) return rule.site.name;
  }
  return {};
}

Result<Headers> message_headers(const Scheme& scheme, const SignInput& input) {
  Headers headers;
  const std::string_view identity = identity_header(scheme);
  for (std::size_t i = 0; i < scheme.message.size(); ++i) {
    const MessagePart& part = scheme.message[i];
    if (part.kind != PartKind::kHeader) continue;
    SLUICE_TRY(auto value,
               given(input.headers, part.text, part.text == identity ? input.id : std::string()));
    if (!fits_part(scheme, i, value)) {
      return Error{Errc::kBadArgument, "a signed header is missing or cannot be signed safely"};
    }
    headers.push_back({part.text, std::move(value)});
  }
  if (!identity.empty() && count(headers, identity) == 0) {
    SLUICE_TRY(auto value, given(input.headers, identity, input.id));
    if (!value.empty()) headers.push_back({std::string(identity), std::move(value)});
  }
  return headers;
}

std::string signature_item(const Scheme& scheme, const crypto::HmacKey& key,
                           const Message& message) {
  const SignatureSite& site = scheme.signature;
  crypto::Hmac mac(key);
  for (std::size_t i = 0; i < message.count; ++i) mac.update(message.parts[i]);
  const crypto::Digest digest = mac.finish();
  std::string item = site.field;
  if (site.field_separator != '\0') item += site.field_separator;
  item += site.prefix;
  item += site.encoding == Encoding::kHexLower ? codec::encode_hex(digest.view())
                                               : codec::encode_base64(digest.view());
  return item;
}

}  // namespace

Result<Signed> sign(const Scheme& scheme, const std::vector<Secret>& secrets,
                    const SignInput& input) {
  return sign(scheme, prepare(scheme, secrets), input);
}

Result<Signed> sign(const Scheme& scheme, const Keys& keys, const SignInput& input) {
  if (scheme.family == Family::kJwt) return sign_jwt(scheme, keys, input);
  if (scheme.family == Family::kMessageSignature) return sign_message(scheme, keys, input);
  SLUICE_TRY(const auto timestamp, timestamp_of(scheme, input));
  SLUICE_TRY(auto headers, message_headers(scheme, input));
  const Message message = message_of(scheme, timestamp, headers, input.body);

  const SignatureSite& site = scheme.signature;
  std::string text;
  if (scheme.time.from.place == Place::kField) {
    text = scheme.time.from.name + site.field_separator + timestamp;
  }
  std::size_t signatures = 0;
  const std::size_t signatures_max = site.item_separator == '\0' ? 1 : site.candidates_max;
  for (const Key& key : keys.usable) {
    if (!is_valid_at(key, input.now) || signatures == signatures_max) continue;
    if (!text.empty()) text += site.item_separator;
    text += signature_item(scheme, *key.hmac, message);
    ++signatures;
  }
  if (signatures == 0) return Error{Errc::kBadArgument, "no secret of this scheme is valid now"};

  if (scheme.time.from.place == Place::kHeader)
    headers.push_back({scheme.time.from.name, timestamp});
  headers.push_back({site.from.name, std::move(text)});
  return Signed{.headers = std::move(headers)};
}

}  // namespace sluice::signature
