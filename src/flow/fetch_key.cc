#include "flow/fetch_key.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "base/mark.h"
#include "codec/url.h"

namespace sluice::flow {

// One caller's use of an entry, which is kept while anybody uses it.
class KeyFetch {
 public:
  using Entry = KeyDocuments::Entry;

  KeyFetch(KeyDocuments& documents, const std::string& url)
      : documents_(documents), entry_(documents.entry(url)) {
    if (entry_ != nullptr) ++entry_->users;
  }
  KeyFetch(const KeyFetch&) = delete;
  KeyFetch& operator=(const KeyFetch&) = delete;
  ~KeyFetch() {
    if (entry_ != nullptr) --entry_->users;
  }

  [[nodiscard]] bool has_place() const { return entry_ != nullptr; }
  [[nodiscard]] Entry& entry() { return *entry_; }

  [[nodiscard]] std::optional<KeyDocument> fresh(Duration age_max, Instant now) const {
    if (!entry_->has_document) return std::nullopt;
    // A clock that stepped back makes a document no younger than new.
    const Duration age = std::max(now - entry_->fetched_at, Duration{0});
    if (age >= age_max) return std::nullopt;
    return KeyDocument{.bytes = entry_->document, .age = age};
  }

  [[nodiscard]] bool rests(Instant now) const {
    return entry_->has_failed && entry_->failed_at <= now &&
           now - entry_->failed_at < kKeyFetchRest;
  }

  // Counts one request; false when the minute has had its share.
  [[nodiscard]] bool take_share(Instant now) {
    auto& fetches = documents_.fetches_;
    const auto is_past = [&](Instant at) { return at > now || now - at >= minutes(1); };
    while (!fetches.empty() && is_past(fetches.front())) fetches.pop_front();
    if (fetches.size() >= kKeyFetchesMax) return false;
    fetches.push_back(now);
    return true;
  }

 private:
  KeyDocuments& documents_;
  Entry* entry_;
};

namespace {

Result<HttpRequest> request_of(const signature::KeyWanted& wanted,
                               std::vector<std::string> private_hosts) {
  SLUICE_TRY(const auto url, codec::parse_url(wanted.url));
  SLUICE_TRY(codec::check_public(url, {.private_hosts = std::move(private_hosts)}));
  HttpRequest request;
  request.method = "GET";
  request.url = codec::canonical(url);
  const bool is_set = wanted.kind == signature::DocumentKind::kKeySet;
  request.headers = {
      {.name = "accept", .value = is_set ? "application/jwk-set+json, application/json" : "*/*"}};
  request.timeout = kKeyFetchDeadline;
  request.response_max = static_cast<std::uint32_t>(signature::kDocumentBytesMax);
  request.private_allowed = !codec::check_public(url, codec::UrlPolicy{}).has_value();
  return request;
}

// Kept is only what can be read, or a page of an error would be believed for minutes.
Result<Bytes> document_of(HttpOutcome outcome, const signature::KeyWanted& wanted) {
  auto* response = std::get_if<HttpResponse>(&outcome);
  if (response == nullptr) return Error{Errc::kIo, "the key's provider could not be reached"};
  if (response->status != 200) return Error{Errc::kIo, "the key's provider answers otherwise"};
  if (response->truncated) return Error{Errc::kTooBig, "a published key of more than 64 KiB"};
  signature::FetchedKeys probe;
  SLUICE_TRY(probe.put(wanted, response->body, Instant{0}));
  return std::move(response->body);
}

}  // namespace

KeyDocuments::Entry* KeyDocuments::entry(const std::string& url) {
  const auto found = entries_.find(url);
  if (found != entries_.end()) return found->second.get();
  if (entries_.size() == signature::kDocumentsMax) {
    auto oldest = entries_.end();
    for (auto each = entries_.begin(); each != entries_.end(); ++each) {
      if (each->second->users > 0) continue;
      const bool older =
          oldest == entries_.end() || each->second->fetched_at < oldest->second->fetched_at;
      if (older) oldest = each;
    }
    if (oldest == entries_.end()) return nullptr;
    entries_.erase(oldest);
  }
  auto& slot = entries_[url];
  slot = std::make_unique<Entry>(scheduler_);
  return slot.get();
}

Task<Result<KeyDocument>> fetch_key(Host& host, KeyDocuments& documents,
                                    signature::KeyWanted wanted,
                                    std::vector<std::string> private_hosts) {
  SLUICE_CO_TRY(auto request, request_of(wanted, std::move(private_hosts)));
  KeyFetch use(documents, wanted.url);
  if (!use.has_place()) co_return Error{Errc::kOverloaded, "too many keys are being fetched"};
  if (auto known = use.fresh(wanted.age_max, host.clock().now())) co_return *std::move(known);

  const Lock::Hold turn = co_await use.entry().turn.acquire();
  const Instant now = host.clock().now();
  if (auto known = use.fresh(wanted.age_max, now)) {
    SLUICE_MARK("key: whoever waited shares the document");
    co_return *std::move(known);
  }
  if (use.rests(now)) {
    SLUICE_MARK("key: a failed fetch rests");
    co_return Error{Errc::kIo, "the key could not be fetched a moment ago"};
  }
  // A key set's URL is the manifest's; a certificate's comes from whoever sent the request.
  const bool is_strangers = wanted.kind == signature::DocumentKind::kCertificate;
  if (is_strangers && !use.take_share(now)) {
    SLUICE_MARK("key: the minute's share is used up");
    co_return Error{Errc::kOverloaded, "too many keys were fetched"};
  }
  auto fetched = co_await host.http().fetch(std::move(request));
  const Instant then = host.clock().now();
  Result<Bytes> document = Error{Errc::kIo, "the key was not fetched"};
  if (fetched.has_value()) {
    document = document_of(*std::move(fetched), wanted);
  } else {
    document = fetched.error();
  }
  auto& entry = use.entry();
  entry.has_failed = !document.has_value();
  if (entry.has_failed) {
    entry.failed_at = then;
    co_return document.error();
  }
  entry.has_document = true;
  entry.document = *std::move(document);
  entry.fetched_at = then;
  co_return KeyDocument{.bytes = entry.document, .age = Duration{0}};
}

}  // namespace sluice::flow
