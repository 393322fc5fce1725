#include "signature/keys.h"

#include "codec/base64.h"
#include "crypto/equal.h"

namespace sluice::signature {
namespace {

bool is_within(const std::optional<Instant>& not_before, const std::optional<Instant>& not_after,
               Instant now) {
  return (!not_before || *not_before <= now) && (!not_after || now <= *not_after);
}

// The bytes the secret's text stands for; empty when it does not have the form.
Bytes derive(const KeyRule& rule, ByteView secret) {
  if (!rule.prefix.empty() && secret.substr(0, rule.prefix.size()) == rule.prefix) {
    secret.remove_prefix(rule.prefix.size());
  }
  switch (rule.form) {
    case KeyForm::kUtf8: return Bytes(secret);
    case KeyForm::kBase64: {
      // People copy secrets without their padding; what a key means is not in doubt.
      const bool padded = secret.size() % 4 == 0;
      auto decoded = codec::decode_base64(
          secret,
          {.alphabet = codec::Base64Alphabet::kStandard,
           .padding = padded ? codec::Base64Padding::kRequired : codec::Base64Padding::kNone});
      return decoded ? std::move(*decoded) : Bytes();
    }
    default: return {};
  }
  return {};
}

}  // namespace

crypto::HashKind hash_of(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kHmacSha1: return crypto::HashKind::kSha1;
    case Algorithm::kHmacSha512: return crypto::HashKind::kSha512;
    default: return crypto::HashKind::kSha256;
  }
}

bool is_valid_at(const Secret& secret, Instant now) {
  return is_within(secret.not_before, secret.not_after, now);
}

bool is_valid_at(const Key& key, Instant now) {
  return is_within(key.not_before, key.not_after, now);
}

Keys prepare(const Scheme& scheme, const std::vector<Secret>& secrets) {
  Keys keys;
  keys.usable.reserve(secrets.size());
  for (std::size_t i = 0; i < secrets.size(); ++i) {
    const Secret& secret = secrets[i];
    Bytes bytes = derive(scheme.key, secret.value);
    if (bytes.empty()) {
      ++keys.unusable;
      continue;
    }
    keys.usable.push_back({.secret = i,
                           .not_before = secret.not_before,
                           .not_after = secret.not_after,
                           .hmac = crypto::HmacKey(hash_of(scheme.algorithm), bytes)});
    crypto::wipe(bytes);
  }
  return keys;
}

}  // namespace sluice::signature
