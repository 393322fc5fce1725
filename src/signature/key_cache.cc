#include "signature/key_cache.h"

#include <algorithm>
#include <utility>

namespace sluice::signature {

Result<std::shared_ptr<const crypto::PublicKey>> KeyCache::public_key(ByteView text) {
  const crypto::Digest256 name = crypto::sha256(text);
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& entry) { return entry.text == name; });
  if (found != entries_.end()) {
    entries_.splice(entries_.begin(), entries_, found);
    return entries_.front().key;
  }
  SLUICE_TRY(auto parsed, crypto::parse_public_key(text));
  entries_.push_front({name, std::make_shared<const crypto::PublicKey>(std::move(parsed))});
  if (entries_.size() > kCachedKeysMax) entries_.pop_back();
  return entries_.front().key;
}

void KeyCache::keep_only(const std::vector<ByteView>& texts) {
  std::vector<crypto::Digest256> names;
  for (const ByteView text : texts) names.push_back(crypto::sha256(text));
  entries_.remove_if([&](const Entry& entry) {
    return std::find(names.begin(), names.end(), entry.text) == names.end();
  });
}

}  // namespace sluice::signature
