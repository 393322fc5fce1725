#include "signature/keys.h"

#include <algorithm>
#include <utility>

#include "codec/base64.h"
#include "codec/hex.h"
#include "crypto/equal.h"

namespace sluice::signature {
namespace {

bool is_within(const std::optional<Instant>& not_before, const std::optional<Instant>& not_after,
               Instant now) {
  return (!not_before || *not_before <= now) && (!not_after || now <= *not_after);
}

Bytes decode_base64(ByteView text) {
  // People copy secrets without their padding; what a key means is not in doubt.
  const bool padded = text.size() % 4 == 0;
  auto decoded = codec::decode_base64(
      text, {.alphabet = codec::Base64Alphabet::kStandard,
             .padding = padded ? codec::Base64Padding::kRequired : codec::Base64Padding::kNone});
  return decoded ? std::move(*decoded) : Bytes();
}

// The bytes the secret's text stands for; empty when it does not have the form.
Bytes derive(KeyForm form, ByteView text) {
  if (text.empty()) return {};
  switch (form) {
    case KeyForm::kUtf8: return Bytes(text);
    case KeyForm::kBase64: return decode_base64(text);
    case KeyForm::kHex: return codec::decode_hex(text, codec::HexCase::kAny).value_or(Bytes());
    case KeyForm::kSha1: return Bytes(crypto::digest(crypto::HashKind::kSha1, text).view());
    case KeyForm::kSha256Hex: return codec::encode_hex(crypto::view(crypto::sha256(text)));
    case KeyForm::kPublicKey: break;
  }
  return {};
}

std::string_view fault_of(KeyForm form) {
  switch (form) {
    case KeyForm::kBase64: return "the secret is not base64";
    case KeyForm::kHex: return "the secret is not hex";
    default: return "the secret is empty";
  }
}

// The algorithm that a shared secret is for; none where the keys are public.
std::optional<Algorithm> shared_algorithm(const Scheme& scheme) {
  if (scheme.family == Family::kJwt) {
    for (const Algorithm algorithm : scheme.jwt.algorithms) {
      // Where one of them takes a public key, its text must never become an HMAC's.
      if (!is_symmetric(algorithm)) return std::nullopt;
    }
    if (scheme.jwt.algorithms.empty()) return std::nullopt;
    return scheme.jwt.algorithms.front();
  }
  if (!is_symmetric(scheme.algorithm)) return std::nullopt;
  return scheme.algorithm;
}

void tighten(Key& key, const crypto::PublicKey& certified) {
  if (certified.not_before && (!key.not_before || *key.not_before < *certified.not_before)) {
    key.not_before = certified.not_before;
  }
  if (certified.not_after && (!key.not_after || *certified.not_after < *key.not_after)) {
    key.not_after = certified.not_after;
  }
}

Result<void> read_public(ByteView text, Key& key, KeyCache* cache) {
  if (cache != nullptr) {
    auto known = cache->public_key(text);
    if (known) {
      key.public_key = *known;
      return {};
    }
  }
  auto parsed = crypto::parse_public_key(text);
  if (parsed) {
    key.public_key = std::make_shared<const crypto::PublicKey>(*std::move(parsed));
    return {};
  }
  auto secret = crypto::parse_private_key(text);
  if (!secret) return parsed.error();
  key.public_key = std::make_shared<const crypto::PublicKey>(crypto::public_of(*secret));
  key.private_key = std::make_shared<const crypto::PrivateKey>(*std::move(secret));
  return {};
}

// Fills in what the secret stands for.
Result<void> read_secret(const Scheme& scheme, ByteView text, Key& key, KeyCache* cache) {
  if (scheme.signature.field_is_key_id) {
    const std::size_t end = text.find(scheme.signature.field_separator);
    if (end != ByteView::npos && end > 0) {
      key.id = text.substr(0, end);
      text.remove_prefix(end + 1);
    }
  }
  const std::string& prefix = scheme.key.prefix;
  if (!prefix.empty() && text.substr(0, prefix.size()) == prefix) text.remove_prefix(prefix.size());

  const auto algorithm = shared_algorithm(scheme);
  const bool token = scheme.family == Family::kToken;
  if (!token && !algorithm) {
    SLUICE_TRY(read_public(text, key, cache));
    tighten(key, *key.public_key);
    const bool one_kind = scheme.family == Family::kAsymmetric;
    if (one_kind &&
        key.public_key->kind != crypto::key_kind(public_algorithm_of(scheme.algorithm))) {
      return Error{Errc::kBadArgument, "the key is not of the kind that the algorithm takes"};
    }
    return {};
  }
  Bytes bytes = derive(scheme.key.form, text);
  if (bytes.empty()) return Error{Errc::kMalformed, fault_of(scheme.key.form)};
  if (token || *algorithm == Algorithm::kSha256SecretFirst) {
    key.shared = std::make_shared<const SecretBytes>(std::move(bytes));
    return {};
  }
  key.hmac = crypto::HmacKey(hash_of(*algorithm), bytes);
  crypto::wipe(bytes);
  return {};
}

Keys prepare_with(const Scheme& scheme, const std::vector<Secret>& secrets, KeyCache* cache) {
  Keys keys;
  keys.usable.reserve(secrets.size());
  for (std::size_t i = 0; i < secrets.size(); ++i) {
    const Secret& secret = secrets[i];
    Key key;
    key.secret = i;
    key.not_before = secret.not_before;
    key.not_after = secret.not_after;
    auto read = read_secret(scheme, secret.value, key, cache);
    if (read && key.public_key && keys.usable.size() == kPublicKeysMax) {
      read = Error{Errc::kTooBig, "more than 4 public keys are not tried"};
    }
    if (read) {
      keys.usable.push_back(std::move(key));
    } else {
      ++keys.unusable;
      keys.faults.push_back({i, read.error().context});
    }
  }
  return keys;
}

}  // namespace

SecretBytes::~SecretBytes() { crypto::wipe(bytes); }

crypto::HashKind hash_of(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kHmacMd5: return crypto::HashKind::kMd5;
    case Algorithm::kHmacSha1: return crypto::HashKind::kSha1;
    case Algorithm::kHmacSha384: return crypto::HashKind::kSha384;
    case Algorithm::kHmacSha512: return crypto::HashKind::kSha512;
    default: return crypto::HashKind::kSha256;
  }
}

crypto::PublicAlgorithm public_algorithm_of(Algorithm algorithm) {
  using crypto::PublicAlgorithm;
  switch (algorithm) {
    case Algorithm::kRsaPkcs1Md5: return PublicAlgorithm::kRsaPkcs1Md5;
    case Algorithm::kRsaPkcs1Sha1: return PublicAlgorithm::kRsaPkcs1Sha1;
    case Algorithm::kRsaPkcs1Sha256: return PublicAlgorithm::kRsaPkcs1Sha256;
    case Algorithm::kRsaPkcs1Sha384: return PublicAlgorithm::kRsaPkcs1Sha384;
    case Algorithm::kRsaPkcs1Sha512: return PublicAlgorithm::kRsaPkcs1Sha512;
    case Algorithm::kRsaPssSha256: return PublicAlgorithm::kRsaPssSha256;
    case Algorithm::kRsaPssSha384: return PublicAlgorithm::kRsaPssSha384;
    case Algorithm::kRsaPssSha512: return PublicAlgorithm::kRsaPssSha512;
    case Algorithm::kEcdsaP256Sha256: return PublicAlgorithm::kEcdsaP256Sha256;
    case Algorithm::kEcdsaP384Sha384: return PublicAlgorithm::kEcdsaP384Sha384;
    default: return PublicAlgorithm::kEd25519;
  }
}

bool is_valid_at(const Secret& secret, Instant now) {
  return is_within(secret.not_before, secret.not_after, now);
}

bool is_valid_at(const Key& key, Instant now) {
  return is_within(key.not_before, key.not_after, now);
}

Keys prepare(const Scheme& scheme, const std::vector<Secret>& secrets) {
  return prepare_with(scheme, secrets, nullptr);
}

Keys prepare(const Scheme& scheme, const std::vector<Secret>& secrets, KeyCache& cache) {
  return prepare_with(scheme, secrets, &cache);
}

}  // namespace sluice::signature
