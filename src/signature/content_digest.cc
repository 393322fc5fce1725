#include "signature/content_digest.h"

#include "codec/base64.h"
#include "crypto/equal.h"
#include "crypto/hash.h"
#include "signature/structured_fields.h"

namespace sluice::signature {

DigestMatch match_content_digest(std::string_view header, ByteView body) {
  const auto digests = parse_dictionary(header);
  if (!digests.has_value()) return DigestMatch::kMalformed;
  bool matched = false;
  for (const auto& member : *digests) {
    const bool is_sha256 = member.name == "sha-256";
    if (!is_sha256 && member.name != "sha-512") continue;
    const auto* item = std::get_if<FieldItem>(&member.value);
    if (item == nullptr || item->value.kind != BareKind::kBytes) return DigestMatch::kMalformed;
    const auto kind = is_sha256 ? crypto::HashKind::kSha256 : crypto::HashKind::kSha512;
    if (!crypto::equal(crypto::digest(kind, body).view(), item->value.text)) {
      return DigestMatch::kDiffers;
    }
    matched = true;
  }
  return matched ? DigestMatch::kMatches : DigestMatch::kMalformed;
}

std::string content_digest(ByteView body) {
  return "sha-256=:" + codec::encode_base64(crypto::view(crypto::sha256(body))) + ":";
}

}  // namespace sluice::signature
