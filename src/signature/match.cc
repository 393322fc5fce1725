#include "signature/match.h"

#include <algorithm>

#include "crypto/equal.h"
#include "signature/signature_text.h"

namespace sluice::signature {
namespace {

constexpr std::size_t kPublicSignatureMax = 1024;

// Where items are pairs, a secret that knows its own name is for that one alone.
bool may_match(const Key& key, const DecodedCandidate& candidate) {
  return key.id.empty() || candidate.key_id.empty() || key.id == candidate.key_id;
}

// The bytes that a candidate has to be.
crypto::Digest expected(const Key& key, const Message& message) {
  if (key.hmac) {
    crypto::Hmac mac(*key.hmac);
    for (const ByteView piece : message.view()) mac.update(piece);
    return mac.finish();
  }
  crypto::Hash hash(crypto::HashKind::kSha256);
  hash.update(key.shared->bytes);
  for (const ByteView piece : message.view()) hash.update(piece);
  return hash.finish();
}

// Tokens have any length: equal hashes take the same time for all of them.
bool matches_token(const Key& key, const Candidates& candidates) {
  const crypto::Digest256 own = crypto::sha256(key.shared->bytes);
  bool equal = false;
  for (const DecodedCandidate& candidate : candidates) {
    const crypto::Digest256 sent = crypto::sha256(candidate.bytes);
    equal = crypto::equal(crypto::view(own), crypto::view(sent)) || equal;
  }
  return equal;
}

bool matches_shared(const Key& key, const Message& message, const Candidates& candidates) {
  const crypto::Digest digest = expected(key, message);
  bool equal = false;
  for (const DecodedCandidate& candidate : candidates) {
    equal = (crypto::equal(digest.view(), candidate.bytes) && may_match(key, candidate)) || equal;
  }
  return equal;
}

bool matches_public(const Scheme& scheme, Algorithm algorithm, const Key& key,
                    const Message& message, const Candidates& candidates) {
  const auto form =
      scheme.signature.ecdsa == EcdsaForm::kDer ? crypto::EcdsaForm::kDer : crypto::EcdsaForm::kRaw;
  for (const DecodedCandidate& candidate : candidates) {
    if (may_match(key, candidate) &&
        crypto::verify(public_algorithm_of(algorithm), form, *key.public_key, message.view(),
                       candidate.bytes)) {
      return true;
    }
  }
  return false;
}

bool has_form(const Scheme& scheme, Algorithm algorithm, ByteView bytes) {
  if (scheme.family == Family::kToken) return !bytes.empty();
  if (!is_symmetric(algorithm)) return !bytes.empty() && bytes.size() <= kPublicSignatureMax;
  return bytes.size() == crypto::digest_size(hash_of(algorithm));
}

}  // namespace

Candidates decode(const Scheme& scheme, Algorithm algorithm, const Reading& reading) {
  Candidates candidates;
  for (const Candidate& candidate : reading.candidates) {
    auto bytes = decode_signature(scheme.signature.encoding, candidate.text);
    if (!bytes || !has_form(scheme, algorithm, *bytes)) continue;
    candidates.push_back({*std::move(bytes), candidate.key_id});
  }
  return candidates;
}

Match match(const Scheme& scheme, Algorithm algorithm, const Keys& keys, const Message& message,
            const Candidates& candidates, Instant now) {
  Match found;
  const bool token = scheme.family == Family::kToken;
  if (!token && !is_symmetric(algorithm)) {
    for (const bool valid : {true, false}) {
      for (const Key& key : keys.usable) {
        if (is_valid_at(key, now) != valid) continue;
        if (!matches_public(scheme, algorithm, key, message, candidates)) continue;
        if (valid) {
          found.valid = key.secret;
        } else {
          found.expired = true;
        }
        return found;
      }
    }
    return found;
  }
  for (const Key& key : keys.usable) {
    const bool equal =
        token ? matches_token(key, candidates) : matches_shared(key, message, candidates);
    if (!equal) continue;
    if (!is_valid_at(key, now)) {
      found.expired = true;
    } else if (!found.valid) {
      found.valid = key.secret;
    }
  }
  return found;
}

}  // namespace sluice::signature
