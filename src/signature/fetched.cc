#include "signature/fetched.h"

#include <algorithm>
#include <utility>

namespace sluice::signature {
namespace {

// Providers send the certificate that signs first, and those that issued it behind.
Result<crypto::Certificate> parse_leaf(ByteView text) {
  SLUICE_TRY(auto certificates, crypto::parse_certificates(text));
  if (certificates.empty()) return Error{Errc::kMalformed, "no certificate is in the document"};
  return std::move(certificates.front());
}

// A clock that stepped back makes nothing recent.
bool is_recent(Instant fetched_at, Instant now) {
  return fetched_at <= now && now - fetched_at < kFetchedAgainAfter;
}

}  // namespace

const FetchedKeys::Document* FetchedKeys::find(std::string_view url, Duration age_max,
                                               Instant now) const {
  const auto found = documents_.find(url);
  if (found == documents_.end() || now - found->second.fetched_at > age_max) return nullptr;
  return &found->second;
}

FetchedKeys::SetKeys FetchedKeys::set_keys(std::string_view url, std::string_view id,
                                           Algorithm algorithm, Instant now) const {
  KeyWanted wanted{
      .kind = DocumentKind::kKeySet, .url = std::string(url), .age_max = kKeySetAgeMax};
  const Document* document = find(url, kKeySetAgeMax, now);
  const auto* set = document == nullptr ? nullptr : std::get_if<KeySet>(&document->content);
  if (set == nullptr) return wanted;
  auto keys = keys_for(*set, id, algorithm);
  if (!keys.empty()) return keys;
  if (is_recent(document->fetched_at, now)) return KeyUnknown{};
  wanted.age_max = kFetchedAgainAfter;
  return wanted;
}

FetchedKeys::CertificateKey FetchedKeys::certificate(std::string_view url, Instant now) const {
  KeyWanted wanted{
      .kind = DocumentKind::kCertificate, .url = std::string(url), .age_max = kCertificateAgeMax};
  const Document* document = find(url, kCertificateAgeMax, now);
  const auto* found =
      document == nullptr ? nullptr : std::get_if<crypto::Certificate>(&document->content);
  if (found == nullptr) return wanted;
  const bool expired = found->key.not_after && *found->key.not_after < now;
  if (expired && !is_recent(document->fetched_at, now)) {
    wanted.age_max = kFetchedAgainAfter;  // It may have been renewed under the same URL.
    return wanted;
  }
  return found;
}

Result<void> FetchedKeys::put(const KeyWanted& wanted, ByteView document, Instant fetched_at) {
  if (document.size() > kDocumentBytesMax) {
    return Error{Errc::kTooBig, "a published key of more than 64 KiB"};
  }
  Document entry{.content = KeySet(), .fetched_at = fetched_at};
  if (wanted.kind == DocumentKind::kKeySet) {
    SLUICE_TRY(entry.content, parse_key_set(document));
  } else {
    SLUICE_TRY(entry.content, parse_leaf(document));
  }
  if (!documents_.contains(wanted.url) && documents_.size() == kDocumentsMax) {
    documents_.erase(std::min_element(
        documents_.begin(), documents_.end(),
        [](const auto& a, const auto& b) { return a.second.fetched_at < b.second.fetched_at; }));
  }
  documents_.insert_or_assign(wanted.url, std::move(entry));
  return {};
}

}  // namespace sluice::signature
