#include "signature/delivery_identity.h"

#include <utility>

#include "codec/hex.h"
#include "codec/json_pointer.h"

namespace sluice::signature {

Bytes request_text(const Site& site, const Request& request) {
  if (site.place == Place::kHeader) {
    if (count(request.headers, site.name) != 1) return {};
    return Bytes(*find(request.headers, site.name));
  }
  if (site.place != Place::kJson) return {};
  const auto value = codec::find_raw(request.body, site.name);
  if (!value || value->kind == codec::JsonKind::kBool) return {};
  return codec::scalar_text(*value).value_or(Bytes());
}

void identify(const Scheme& scheme, const Request& request,
              const std::function<SitedText(const Site&)>& text_at,
              const std::function<crypto::Digest256()>& digest, Accepted& accepted) {
  for (std::size_t i = 0; i < scheme.identity.size(); ++i) {
    SitedText found = text_at(scheme.identity[i].site);
    if (found.text.empty() || found.text.size() > kIdentityTextMax) continue;
    accepted.identity_rule = i;
    accepted.identity = std::move(found.text);
    accepted.identity_signed = found.is_signed;
    if (!found.is_signed && request.wants_digest) accepted.digest = digest();
    return;
  }
  accepted.digest = digest();
  accepted.identity = codec::encode_hex(crypto::view(*accepted.digest));
}

}  // namespace sluice::signature
