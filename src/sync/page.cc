#include "sync/page.h"

#include <utility>

#include "codec/hex.h"
#include "codec/json.h"
#include "codec/rfc3339.h"
#include "crypto/hash.h"

namespace sluice::sync {
namespace {

using codec::Json;

constexpr std::size_t kIdBytesMax = 512;
constexpr std::size_t kDigestBytes = 16;

bool looks_like_html(ByteView body) {
  const std::size_t at = body.find_first_not_of(" \t\r\n");
  return at != ByteView::npos && body[at] == '<';
}

Record read_record(const Json& json, ByteView body, const PageShape& shape) {
  Record record;
  record.raw = json.slice(body);
  const Json* id = json.find(shape.id);
  const auto id_text = id == nullptr ? std::nullopt : id->as_scalar_text();
  if (!id_text || id_text->empty() || id_text->size() > kIdBytesMax) {
    record.rejection = Rejection::kIdMissing;
    return record;
  }
  record.id = std::string(*id_text);

  const Json* time = json.find(shape.time);
  const auto time_text = time == nullptr ? std::nullopt : time->as_string();
  if (!time_text) {
    record.rejection = Rejection::kTimeMissing;
    return record;
  }
  const auto parsed = codec::parse_rfc3339(*time_text);
  if (!parsed) {
    record.rejection = Rejection::kTimeMalformed;
    return record;
  }
  record.time = *parsed;
  if (record.raw.size() > kItemBytesMax) record.rejection = Rejection::kTooLarge;
  return record;
}

std::string short_hex(const crypto::Digest256& digest) {
  return codec::encode_hex(crypto::view(digest).substr(0, kDigestBytes));
}

// Length-prefixed, so that no two lists of parts hash alike.
void update(crypto::Sha256& hash, ByteView part) {
  hash.update(std::to_string(part.size()));
  hash.update(":");
  hash.update(part);
}

}  // namespace

std::string_view name(Rejection rejection) {
  switch (rejection) {
    case Rejection::kNone: return "none";
    case Rejection::kIdMissing: return "id_missing";
    case Rejection::kTimeMissing: return "time_missing";
    case Rejection::kTimeMalformed: return "time_malformed";
    case Rejection::kTooLarge: return "item_too_large";
  }
  return "none";
}

std::string_view name(PageFault fault) {
  switch (fault) {
    case PageFault::kHtml: return "page_is_html";
    case PageFault::kNotJson: return "page_is_not_json";
    case PageFault::kItemsMissing: return "items_missing";
    case PageFault::kItemsNotArray: return "items_not_an_array";
    case PageFault::kNextMalformed: return "next_malformed";
    case PageFault::kTooManyItems: return "too_many_items";
  }
  return "page_is_not_json";
}

std::variant<Page, PageFault> read_page(ByteView body, const PageShape& shape) {
  codec::JsonLimits limits;
  limits.duplicate_keys = codec::DuplicateKeys::kAllow;  // A repeated id or time is a missing one.
  const auto json = codec::parse_json(body, limits);
  if (!json) return looks_like_html(body) ? PageFault::kHtml : PageFault::kNotJson;

  const Json* items = json->find(shape.items);
  if (items == nullptr) return PageFault::kItemsMissing;
  if (!items->is_array()) return PageFault::kItemsNotArray;
  if (items->items().size() > kPageItemsMax) return PageFault::kTooManyItems;

  Page page;
  page.records.reserve(items->items().size());
  for (const Json& item : items->items()) page.records.push_back(read_record(item, body, shape));

  const Json* next = shape.has_next ? json->find(shape.next) : nullptr;
  if (next != nullptr && !next->is_null()) {
    const auto url = next->as_string();
    if (!url) return PageFault::kNextMalformed;
    page.next = std::string(*url);
  }
  return page;
}

std::string identity(std::string_view step, const Record& record) {
  crypto::Sha256 hash;
  update(hash, step);
  update(hash, record.id);
  update(hash, record.raw);
  return short_hex(hash.finish());
}

std::string digest(ByteView body) { return short_hex(crypto::sha256(body)); }

}  // namespace sluice::sync
